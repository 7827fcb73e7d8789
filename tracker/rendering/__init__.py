"""A view as text, Markdown, JSON or mail: pure."""
