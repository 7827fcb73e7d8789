"""Every revision in the migration scripts; known here so that a database at the head needs no alembic."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Oldest first."""

HEAD = REVISIONS[-1]
