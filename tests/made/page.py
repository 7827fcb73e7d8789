"""An HTML page taken apart."""

import re
from html.parser import HTMLParser

_BLOCK = re.compile(r"<(?!/?(?:a|b|i|code|del|ins|mark|span|strong|time)\b)")


class Page(HTMLParser):
    """Tags, links and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


def words(html: str) -> str:
    """Return the words of a page as they are read: what stands in blocks of its own is parted by a blank."""
    return " ".join(Page(_BLOCK.sub(" <", html)).words.split())
