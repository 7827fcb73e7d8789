"""How a try is told: printable text without anything that opens doors."""

_LONGEST = 300
_ANSWER = 20_000


def detail(text: str, *private: str | None) -> str:
    """Return a text of the other side as one line of at most 300 printable characters, private parts struck out."""
    return " ".join(_shown(text, private, "").split())[:_LONGEST]


def answer(said: str | bytes, *private: str | None) -> str:
    """Return what the other side said, line by line, as at most 20 kB of UTF-8, private parts struck out."""
    text = said[:_ANSWER].decode("utf-8", "replace") if isinstance(said, bytes) else said
    return _shown(text, private, "\n\t").encode("utf-8", "replace")[:_ANSWER].decode("utf-8", "ignore").strip()


def _shown(text: str, private: tuple[str | None, ...], kept: str) -> str:
    for part in filter(None, private):
        text = text.replace(part, "***")
    return "".join(char if char.isprintable() or char in kept else " " for char in text)
