"""The log, the archive, the views and the outbox on SQLAlchemy Core."""
