"""The `tracker` command: a module per noun."""
