"""In which letters a page is written."""

import codecs
import re

_META = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_HEAD = 8_192
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Other codecs of Python are no way in which pages are written, and some can be kept busy for hours.
_KNOWN = re.compile(r"utf-(?:8|16|32)|iso8859|cp\d|koi8|gb|hz|big5|euc_|shift_jis|iso2022|mac-|tis-620|ptcp154|johab")
# What publishers call by the name of the smaller set.
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}


def as_utf8(body: bytes, declared: str | None) -> bytes:
    """Return a page in UTF-8, as far as it says how it is written; else as it is.

    A mark at its beginning goes first, then being UTF-8, then the `declared` charset of its header, then its own.
    """
    marked = next((encoding for mark, encoding in _BOMS if body.startswith(mark)), None)
    own = _META.search(body[:_HEAD])
    for name in filter(None, (marked, "utf-8", declared, own and own[1].decode("ascii", "replace"))):
        text = _decode(body, name)
        if text is not None:
            return text.encode("utf-8", "replace")
    return body


def _decode(body: bytes, name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
        return body.decode(_WIDER.get(known, known)) if known in _WIDER or _KNOWN.match(known) else None
    except (LookupError, UnicodeError, ValueError):
        return None
