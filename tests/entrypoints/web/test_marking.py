"""Words marked where they were found."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made.streams import words as texts
from tracker.domain.words import plain
from tracker.entrypoints.web.marking import marked

SOUGHT = st.lists(st.sampled_from(["a", "ab", "paris", "30", "<", "&"]), max_size=3)


@given(texts, SOUGHT)
def test_marking_changes_no_word(text: str, sought: list[str]) -> None:
    """Without the marks the text is what it was, escaped, and each mark holds letters of a word that was sought."""
    html = str(marked(text, sought))
    parts = re.split(r"<mark>(.*?)</mark>", html, flags=re.DOTALL)
    assert unescape("".join(parts)) == unescape(str(marked(text)))
    assert all(set(plain(unescape(found))) <= set("".join(sought)) for found in parts[1::2])
    assert "<" not in "".join(parts)


@pytest.mark.parametrize(
    ("text", "sought", "html"),
    [
        ("Über Äpfel", ["uber", "apf"], "<mark>Über</mark> <mark>Äpf</mark>el"),
        ("A ﬁne day", ["fi"], "A <mark>ﬁ</mark>ne day"),
        ("banana", ["ana"], "b<mark>anana</mark>"),
        ("<b>bold</b>", ["b"], "&lt;<mark>b</mark>&gt;<mark>b</mark>old&lt;/<mark>b</mark>&gt;"),
        ("nothing", ["else"], "nothing"),
        ("anything", [], "anything"),
        ("anything", [""], "anything"),
    ],
)
def test_words_are_marked_whatever_their_case_and_accents(text: str, sought: list[str], html: str) -> None:
    """A word is found where its letters are, whatever their case and accents, with overlaps in one mark."""
    assert str(marked(text, sought)) == html
