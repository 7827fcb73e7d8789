"""Markup to plain text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.adapters.feeds.plain_text import cut, plain
from tracker.adapters.feeds.tags import has_tags


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One &amp; two</p><p>three</p>", "One & two three"),
        ("<b>W</b>ord", "Word"),
        ("one<br>two<br/>three", "one two three"),
        ("<script>alert(1)</script>news<style>p{}</style>", "news"),
        ("<SCRIPT SRC=x>alert(1)</SCRIPT >news", "news"),
        ("news<script>alert(1)", "news"),
        ('<img src=x onerror="alert(1)">news', "news"),
        ("<!-- hidden -->news", "news"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("AT&amp;T", "AT&T"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("caf&eacute; &#8211; &#x41;", "café – A"),
        ("soft\u00adhyphen zero\u200bwidth nul\x00 bell\x07", "softhyphen zerowidth nul bell"),
        ("  many \n\t blanks\u00a0here ", "many blanks here"),
        ("cafe\u0301", "café"),
        ("", ""),
        ("a &lt;b&gt;b&lt;/b&gt; &amp;lt;p&amp;gt;c", "a b c"),
        ("<blink>a</blink> <m>b</m><o:p>c</o:p>", "a bc"),
        ("see <https://news.example/> or <me@news.example>", "see <https://news.example/> or <me@news.example>"),
        ("a <!-- <b> --> b <!-- never closed > c", "a b c"),
        ("<![CDATA[a]]> &lt;![CDATA[b]]&gt;", "a b"),
        ("don\x92t &#147;quote&#148; \x85", "don’t “quote” …"),
        ("safe\u202e \u2066marks\u2069\u200f", "safe marks"),
        ("<iframe src='x'/>after <object data='x'>fallback", "after fallback"),
        ("<scr\u200bipt>alert(1)</scr\u200bipt>news", "news"),
        ("<svg><script>x</script><text>drawn</text></svg>news", "news"),
        ('<a title="1 > 0">news</a>', "news"),
        ("<p>torn <a href=", "torn"),
        ("lone \ud800 surrogate <p>", "lone surrogate"),
    ],
)
def test_words_remain_and_markup_goes(markup: str, words: str) -> None:
    """Tags, scripts, comments and unseen characters go, entities become letters, blanks are folded."""
    assert plain(markup, limit=1000) == words


def test_markup_can_be_declared() -> None:
    """An element of no known name is markup if the feed says that the text is HTML, else it stays."""
    assert plain("a <x-note>b</x-note>", limit=100, markup=True) == "a b"
    assert plain("if a <x and y> b", limit=100) == "if a <x and y> b"


def test_paragraphs_can_keep_their_lines() -> None:
    """With lines each block stands on its own line and breaks of the source are blanks."""
    assert plain("<h1>Head</h1><p>One\ntwo</p>\n\n<p>three</p>", limit=100, lines=True) == "Head\nOne two\nthree"
    assert plain("One\n\n  two", limit=100, lines=True) == "One\ntwo"


def test_long_texts_end_between_words() -> None:
    """A text is cut at the limit, at the last blank if there is one near."""
    assert cut("aaaa bbbb cccc dddd eeee", 21) == "aaaa bbbb cccc dddd"
    assert cut("x" * 30, 20) == "x" * 20
    assert cut("short", 20) == "short"


def test_deep_markup_is_no_trap() -> None:
    """A hundred thousand nested elements neither crash nor leave markup."""
    assert plain("<div>start" + "<div>" * 100_000 + "end", limit=100).startswith("start")


@given(st.text(max_size=300), st.integers(1, 100))
def test_the_limit_holds_and_nothing_raises(text: str, limit: int) -> None:
    """Whatever the text, the result has no more characters than asked for, no outer blanks, no control characters."""
    words = plain(f"<p>{text}", limit=limit)
    assert len(words) <= limit
    assert words == words.strip()
    assert not any(ord(letter) < 32 for letter in words)


PIECES = (
    "< > </ /> <b <script script > <!-- --> <![CDATA[ ]]> &lt; &gt; &amp; lt; gt; amp; & # 60; &#60; \u200b \u00ad p"
    " div a = ' \" x <svg> <title> <textarea> <plaintext> <iframe> <style> <select> <template> <head> </p> <o:p> <html>"
)
MARKUP = st.lists(st.sampled_from(PIECES.split(" ")), max_size=25).map("".join) | st.text(max_size=60)


@settings(derandomize=True, max_examples=max(400, settings().max_examples))
@given(MARKUP, st.sampled_from([True, None]), st.booleans())
def test_no_markup_does_harm(text: str, markup: bool | None, lines: bool) -> None:  # noqa: FBT001
    """However tags are mangled, nested and escaped, none is left, and plain text stays as it is."""
    words = plain(text, limit=10_000, markup=markup, lines=lines)
    assert not has_tags(words)
    assert plain(words, limit=10_000, markup=False, lines=lines) == words


@settings(derandomize=True)
@given(st.text(alphabet="<>/scriptSCRIPT &;='\"", max_size=200))
def test_no_script_survives(text: str) -> None:
    """However the tags are mangled, no script element is left that a browser would run."""
    words = plain(text + "<script>alert(1)</script>", limit=10_000, markup=True)
    assert "<script" not in words.lower()
    assert not has_tags(words)
