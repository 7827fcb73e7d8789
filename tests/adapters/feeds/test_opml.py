"""Lists of feeds, as other readers write them and as we do."""

import codecs
import resource
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.opml import MAX_BYTES, read_list, write_opml
from tracker.errors import TookTooLong, UsageError
from tracker.ports.finding import Listed


def folded(text: str) -> bool:
    """Tell whether a text is one line as it is kept."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return bool(text) and text == plain and not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in text)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn")), max_size=30).filter(folded)
PART = WORDS.filter(lambda text: "/" not in text)
FOLDER = st.lists(PART, min_size=1, max_size=4).map("/".join)
URL = st.text(st.sampled_from("abc./:?&=%;#<>\"'éж"), min_size=1, max_size=20).map(lambda rest: f"https://{rest}")


@given(
    st.lists(st.builds(Listed, URL, st.none() | WORDS, st.none() | FOLDER), max_size=12, unique_by=lambda one: one.url)
)
def test_what_is_written_is_read_back(listed: list[Listed]) -> None:
    """Addresses, names and folders, whatever signs they hold; feeds of one folder stay together."""
    back = read_list(write_opml(listed, "Feeds & <more>"))
    assert sorted(back, key=repr) == sorted(listed, key=repr)
    assert read_list(write_opml(back, "x")) == back


SLOPPY = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE opml [<!ENTITY nbsp " "> <!ENTITY boom "&nbsp;&nbsp;">]>
<OPML version='1.1'><!-- <outline xmlUrl="http://no.example/"/> --><HEAD><title>x</title></HEAD>
<body><outline text="A &amp; B">
<outline XMLURL="http://one.example/?a=1&b=2&copy=3" TITLE="Caf&eacute; \xe9 & more"/>
<outline><outline type="rss" url="http://two.example/"/></outline></outline></body>
<body><outline title="News/World"><outline text=" two
lines " xmlUrl=" http://three.example/ "><outline text="inner" xmlUrl="http://four.example/"/></outline>
<outline text="a page" type="link" url="http://page.example/"/>
<outline text="again" xmlUrl="http://one.example/?a=1&amp;b=2&amp;copy=3"/>
</outline></body></OPML>"""


def test_a_sloppy_list_is_read_all_the_same() -> None:
    """Bare ampersands, HTML's names, letters of any case, missing texts, nested feeds and bodies, and repeats."""
    assert read_list(SLOPPY.encode("latin-1")) == (
        Listed("http://one.example/?a=1&b=2&copy=3", "Café é & more", "A & B"),
        Listed("http://two.example/", None, "A & B"),
        Listed("http://three.example/", "two lines", "News/World"),
        Listed("http://four.example/", "inner", "News/World"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "latin-1"])
def test_encodings(encoding: str) -> None:
    """By the mark at its beginning, by what it declares, and else as UTF-8 or what Windows writes."""
    text = "<opml><body><outline text='Zeitung für é' xmlUrl='https://a.example/'/></body></opml>"
    if encoding == "cp1251":
        text = f"<?xml version='1.0' encoding='windows-1251'?>{text.replace('für é', 'Новости')}"
    (one,) = read_list(text.encode(encoding))
    assert one.name == ("Zeitung Новости" if encoding == "cp1251" else "Zeitung für é")
    assert read_list(codecs.BOM_UTF8 + codecs.BOM_UTF8 + text.encode()) is not None


def test_entities_are_never_expanded() -> None:
    """Neither a file of this machine nor a billion laughs come of a list: a reference stays the words that it is."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY l0 "ha"> {laughs} <!ENTITY me SYSTEM "file:///etc/passwd">]>
    <opml><body><outline text="&l11; &me;" xmlUrl="https://a.example/&l11;"/></body></opml>"""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_list(text.encode()) == (Listed("https://a.example/&l11;", "&l11; &me;"),)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


def test_long_and_deep_lists() -> None:
    """Five thousand feeds are read in their order; a list nested without end is refused: the parser leaves off."""
    listed = [Listed(f"https://{n}.example/feed", f"Paper {n}", f"Folder {n % 7}") for n in range(5_000)]
    assert sorted(one.url for one in read_list(write_opml(listed, "x"))) == sorted(one.url for one in listed)
    with pytest.raises(UsageError, match="nested too deep"):
        read_list(b"<opml><body>" + b"<outline text='x'>" * 100_000)
    with pytest.raises(UsageError, match="longer than 20 MB"):
        read_list(b" " * (MAX_BYTES + 1))


def test_a_list_that_keeps_the_parser_busy_is_ended() -> None:
    """Which is why the program reads lists in a process apart: an element of many attributes takes hours."""
    apart = Apart(1.0, 512 << 20)
    try:
        with pytest.raises(TookTooLong):
            apart.call(read_list, b"<opml><outline " + b" ".join(b"a%d=''" % n for n in range(200_000)) + b"/></opml>")
        assert apart.call(read_list, b"https://a.example/") == (Listed("https://a.example/"),)
    finally:
        apart.close()


def test_addresses_one_a_line() -> None:
    """A list may as well be plain text; blank lines and remarks are passed over."""
    assert read_list(b"# ours\nhttps://a.example/feed\r\n\n  https://b.example/\n") == (
        Listed("https://a.example/feed"),
        Listed("https://b.example/"),
    )
    assert read_list(b"") == ()


def test_a_line_that_is_no_address_is_left_to_be_refused_by_itself() -> None:
    """Marks of encodings within are passed over, as in files that were joined; addresses may come without a scheme."""
    text = "https://a.example/feed\nnonsense\n\ufeff\n\ufeffb.example/feed\n"
    assert [one.url for one in read_list(text.encode())] == ["https://a.example/feed", "nonsense", "b.example/feed"]


def test_a_feed_without_a_name_is_written_under_its_address() -> None:
    """OPML wants a text; read back, an address is no name."""
    written = write_opml([Listed("https://a.example/?a&b")], "x")
    assert b'text="https://a.example/?a&amp;b"' in written
    assert read_list(written) == (Listed("https://a.example/?a&b"),)


@pytest.mark.parametrize("body", [b"<html><body><p>hi</body></html>", b"Dear reader,\nhttps://a.example\n\nBye", b"<"])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    """A page, a letter and rubbish are said to be no list of feeds."""
    with pytest.raises(UsageError, match="no list of feeds"):
        read_list(body)


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda junk: b"<opml><outline xmlUrl=" + junk))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    """Whatever a file holds, it is a list or it is refused."""
    with suppress(UsageError):
        assert all(one.url for one in read_list(body))
