"""How a try is told: one printable line without anything that opens doors."""

_LONGEST = 300


def detail(text: str, *private: str | None) -> str:
    """Return a text of the other side as one line of at most 300 printable characters, private parts struck out."""
    for part in filter(None, private):
        text = text.replace(part, "***")
    line = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(line.split())[:_LONGEST]
