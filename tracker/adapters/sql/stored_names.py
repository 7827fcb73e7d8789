"""Partitions and keys of views as the database holds them."""


def as_stored(name: str) -> str:
    """Return a partition or key as it is stored: NUL, which PostgreSQL refuses, escaped, the order kept.

    Halves of characters, which no event can hold, are replaced, so that asking for one finds nothing.
    """
    if name.isascii() and "\x00" not in name and "\x01" not in name:
        return name
    whole = name.encode("utf-8", "replace").decode()
    return whole.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")


def as_named(stored: str) -> str:
    """Return the partition or key that is stored so."""
    return stored.replace("\x01\x01", "\x00").replace("\x01\x02", "\x01")
