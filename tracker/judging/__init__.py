"""How an entry is judged against a story: pure, given an encoder."""
