"""Lines of plain text, wrapped to a width, coloured only when asked."""

import textwrap

from tracker.rendering.plain import clean

STYLES = {
    "bold": "1", "dim": "2", "new": "32", "update": "33", "confirms": "36", "denies": "31", "review": "35",
    "withdrawn": "31",
}  # fmt: skip
NARROWEST = 30
INNER = " " * 4


class Page:
    """Text being laid out. Everything passes through `clean`, so that no control character of others gets by."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self._width = max(width, NARROWEST)
        self._colour = colour
        self._lines: list[str] = []

    def put(self, text: str, *, lead: str = "", style: str | None = None, lead_style: str | None = None) -> None:
        """Add a paragraph; `lead` stands before its first line and indents the others, or has a line of its own."""
        lead, words = clean(lead), clean(text)
        if len(lead) * 2 > self._width or not words.strip():
            self._lines.append(self._paint(lead.rstrip(), lead_style))
            lead = INNER
        if not words.strip():
            return
        room = self._width - len(lead)
        first, *rest = textwrap.wrap(words, room, break_on_hyphens=False) if len(words) > room else [words]
        self._lines.append(self._paint(lead, lead_style) + self._paint(first, style))
        self._lines += [" " * len(lead) + self._paint(line, style) for line in rest]

    def head(self, title: str, remark: str = "") -> None:
        """Add a heading after an empty line."""
        self._lines.append("")
        self.put(f"({remark})" if remark else "", lead=f"{title.upper()}  ", lead_style="bold", style="dim")

    def text(self) -> str:
        """Return the page, ending in a line break."""
        return "\n".join(self._lines) + "\n"

    def _paint(self, text: str, style: str | None) -> str:
        code = STYLES.get(style or "")
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text.strip() else text
