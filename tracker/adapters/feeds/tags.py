"""HTML to its words. What is no tag of HTML is left alone."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml import etree, html

_NAMES = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button"
    " canvas caption center cite code col colgroup command data datalist dd del details dfn dialog dir div dl dt em"
    " embed fieldset figcaption figure font footer form frame frameset h[1-6] head header hgroup hr html i iframe img"
    " input ins isindex kbd keygen label legend li link main map mark marquee math menu menuitem meta meter nav nobr"
    " noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress q rp rt ruby s"
    " samp script search section select slot small source spacer span strike strong style sub summary sup svg table"
    " tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp"
)
# A name with a colon or a hyphen is one of Office's or of somebody's own, and what ends as an element does is one; an
# address in angle brackets is none.
_TAG = re.compile(
    rf"<(?:!--|!doctype\b|/?(?:{'|'.join(_NAMES.split())})(?=[\s/>]|$)|/?[a-z]\w*[:-][a-z][\w.-]*(?=[\s/>])|/[a-z]\w*\s*>)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"<(?=[a-zA-Z/!])")
_WHOLE_TAG = re.compile(r"""</?([a-zA-Z][^\s/<>"']*)[^<>"']*+(?:"[^"]*"[^<>"']*+|'[^']*'[^<>"']*+)*+>""")
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)
_TORN_COMMENT = re.compile(r"<!--[^>]*>?")
_DROPPED = frozenset(("script", "style", "noscript", "template", "head", "svg", "math", "textarea"))
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "td", "th", "tr", "ul",
))  # fmt: skip
# To the fast way these are plain words: names whose content counts, or has to be found by a parser.
_TRICKY = _DROPPED | {"body", "html", "plaintext", "xmp", "title", "iframe", "noembed", "noframes", "select"}


def has_tags(text: str) -> bool:
    """Tell whether there is a tag of HTML, or the beginning of one, in a text."""
    return "<" in text and _TAG.search(text) is not None


def without_tags(text: str, gap: str) -> str:
    """Return the words of HTML, entities decoded, `gap` between its blocks; scripts, styles and drawings go."""
    if "<!--" in text:
        text = _without_comments(text)
    words = _by_cutting(text, gap)
    return _by_parsing(text, gap) if words is None else words


def erase_tags(text: str, gap: str) -> str:
    """Return a text in which has_tags finds nothing, whatever was in it."""
    return _OPENING.sub(gap, text)


def _without_comments(text: str) -> str:
    whole, end, torn = text.rpartition("-->")
    return _COMMENT.sub("", whole + end) + _TORN_COMMENT.sub("", torn)


def _by_cutting(text: str, gap: str) -> str | None:
    """Return the words if every tag is whole and none is tricky: a tenth of a parser's time, and most texts."""
    pieces = _WHOLE_TAG.split(text)
    for place in range(1, len(pieces), 2):
        name = pieces[place].lower()
        if name in _TRICKY:
            return None
        pieces[place] = gap if name in _BLOCKS else ""
    words = "".join(pieces)
    return None if "<" in words else unescape(words)


def _by_parsing(text: str, gap: str) -> str:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return unescape(re.sub(r"<[^<>]*>", gap, text))
    return "".join(_words(root, gap))


def _words(root: Any, gap: str) -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS:
            yield gap
        if event == "end":
            yield element.tail or ""
        elif element.tag in _DROPPED:
            walk.skip_subtree()
        else:
            yield element.text or ""
