"""Letters and references, mended before a parser sees them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.adapters.feeds.mend import as_utf8, without_odd_references

LATIN = "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>"
WINDOWS = "letters that are not UTF-8, taken for Windows-1252"


@pytest.mark.parametrize(
    ("body", "kind", "text", "complaint"),
    [
        (b"<a>caf\xc3\xa9</a>", "", "<a>café</a>", None),
        (b"<a>caf\xc3\xa9</a>", "text/xml; charset=iso-8859-1", "<a>café</a>", None),
        (b"\xef\xbb\xbf<a/>", "", "<a/>", None),
        (b"<a>caf\xe9 \x80 \xc3\xa9</a>", "", "<a>café € é</a>", WINDOWS),
        (b"<a>caf\xe9</a>", "text/xml; charset=utf-8", "<a>café</a>", WINDOWS),
        (b"<a>\x81</a>", "", "<a>\ufffd</a>", WINDOWS),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", "", "<?xml version='1.0' encoding='utf-16'?><a/>", None),
        (b"<a>caf\xe9</a>", "text/xml; charset=nonsense", "<a>café</a>", WINDOWS),
        (LATIN.encode("iso-8859-1"), "", None, None),
        (b"<a>\xc5</a>", "text/xml; charset=koi8-r", None, None),
        ("<a/>".encode("utf-16"), "", None, None),
        ("<a/>".encode("utf-32-be"), "", None, None),
        ("ニュース".encode("iso-2022-jp"), "text/xml; charset=iso-2022-jp", None, None),
    ],
)
def test_letters(body: bytes, kind: str, text: str | None, complaint: str | None) -> None:
    """What is UTF-8 is read so; single bytes that are not are Windows-1252; other letters are left to their name."""
    assert as_utf8(body, kind) == (text if text is None else text.encode(), complaint)


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        (b"&#38; &#x26; &#39; &#9; &#10; &#233; &amp; &#x1F600; &#56; &#5600;", None),
        (b"a&#0;b&#x1b;c&#55296;d&#xDFFF;e&#65535;f&#xfffe;g", b"abcdefg"),
        (b"&#xD83D;&#xDE00; &#55357;&#56832;", b"&#128512; &#128512;"),
        (b"&#xDE00;&#xD83D;", b""),
        (b"&#x110000;&#9999999;", b"&#xFFFD;&#xFFFD;"),
        (b"&#x" + b"0" * 50 + b"41;", None),
        (b"&#55296 &#xD800<", b" <"),
        (b"&#552960; &#xD8000;", None),
    ],
)
def test_references(body: bytes, mended: bytes | None) -> None:
    """References to what is no letter go, halves become a whole, beyond the last letter stands a mark; others stay."""
    assert without_odd_references(body) == (body if mended is None else mended)


@given(st.text(max_size=50))
@example("\0")
def test_what_is_utf_8_stays(text: str) -> None:
    """A document in UTF-8 that says nothing else comes back as it is, without a complaint."""
    body = f"<a>{text}</a>".encode("utf-8", "replace")
    assert as_utf8(body, "") == (body, None)


@given(st.binary(max_size=60), st.sampled_from(["", "x; charset=\x00", "a/b; charset=idna", "text/xml;charset=utf-8"]))
def test_no_bytes_can_do_harm(body: bytes, kind: str) -> None:
    """Whatever the bytes, what is returned is UTF-8."""
    mended, _ = as_utf8(body, kind)
    assert mended is None or mended.decode("utf-8") is not None
    without_odd_references(body)
