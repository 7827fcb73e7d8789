"""Numbers as addresses and forms hold them: written by anybody, of any length."""

GREATEST = 2**63 - 1
"""The greatest number that a database can count to."""
_DIGITS = len(str(GREATEST))


def whole_number(text: str, least: int = 1, most: int = GREATEST) -> int | None:
    """Return the number that a text is, None for any other text and for a number out of its bounds.

    No text is too long to be answered: Python refuses to read numbers of thousands of digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    return number if least <= (number := int(text)) <= most else None
