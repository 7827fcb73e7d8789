"""Bytes from the web, and entries out of the bytes."""
