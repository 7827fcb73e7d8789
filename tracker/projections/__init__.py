"""Views folded from the log: pure."""
