"""The pages of `tracker serve`: a module a kind of page, each with its `routes`."""
