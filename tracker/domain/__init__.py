"""What a story, a claim, an entry and an event are: pure values and folds, no I/O."""
