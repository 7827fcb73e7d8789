"""Edits word by word: nothing is lost, nothing is made up, and long stretches that stayed are left out."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.text import sentences
from tracker.rendering.plain import line
from tracker.rendering.word_diff import SENTENCES, Piece, word_diff

words = st.lists(st.sampled_from(["Eleven", "people", "were", "hurt", "killed", "on", "the", "bridge"]), min_size=1)
texts = st.lists(words.map(" ".join), max_size=4).map(". ".join)


def said(pieces: tuple[Piece, ...], *kinds: str) -> list[str]:
    """Return the words of the pieces of some kinds."""
    return " ".join(piece.text for piece in pieces if piece.kind in kinds).split()


def read(text: str) -> list[str]:
    """Return the words of a text as a reader sees them."""
    return " ".join(line(one.text) for one in sentences(text)).split()


def bare(found: list[str]) -> str:
    """Return words without the blanks that punctuation may have before it."""
    return "".join(found)


@given(texts, texts)
def test_both_versions_can_be_read_from_the_pieces(old: str, new: str) -> None:
    """What stayed and what went is the old version, what stayed and what came the new one, if nothing is left out."""
    pieces = word_diff(old, new)
    assert (pieces == ()) == (read(old) == read(new))
    if pieces and all(piece.kind != "left out" for piece in pieces):
        assert bare(said(pieces, "same", "gone")) == bare(read(old))
        assert bare(said(pieces, "same", "new")) == bare(read(new))


def test_a_changed_word_is_shown_within_its_sentence() -> None:
    """Of a sentence that changed only the words that differ are marked; one that is quite another stands after it."""
    pieces = word_diff("Eleven people were hurt.", "Twelve people were hurt.")
    assert pieces == (Piece("gone", "Eleven"), Piece("new", "Twelve"), Piece("same", "people were hurt."))
    assert word_diff("Eleven were hurt.", "A judge resigned") == (
        Piece("gone", "Eleven were hurt."), Piece("new", "A judge resigned"),
    )  # fmt: skip


def test_what_stayed_far_from_a_change_is_left_out() -> None:
    """Only the sentences next to a change are shown; how many others there are is said."""
    same = [f"Sentence {nth} stays." for nth in range(10)]
    old, new = " ".join([*same, "It is closed.", *same]), " ".join([*same, "It is open.", *same])
    assert [piece for piece in word_diff(old, new) if piece.kind in {"left out", "same"}] == [
        Piece("left out", "9 sentences unchanged"), Piece("same", "Sentence 9 stays."), Piece("same", "It is"),
        Piece("same", "."), Piece("same", "Sentence 0 stays."), Piece("left out", "9 sentences unchanged"),
    ]  # fmt: skip
    assert (
        word_diff("One. Two. Three. It is closed.", "One. Two. Three. It is open.")[0].text == "2 sentences unchanged"
    )
    assert word_diff("One. Two. Shut.", "One. Two. Open.")[0] == Piece("left out", "1 sentence unchanged")


def test_a_text_beyond_all_measure_is_compared_in_part() -> None:
    """Of a text of very many sentences the first are compared, and it is said how many are not."""
    long = " ".join(f"Sentence {nth} stays." for nth in range(SENTENCES))
    pieces = word_diff(long, f"{long} And one more. And another.")
    assert pieces[-1] == Piece("new", "(2 more sentences are not compared)")


def test_a_long_passage_that_changed_stands_as_a_whole() -> None:
    """A passage of hundreds of words is not compared word by word."""
    old, new = "word " * 500, "word " * 499 + "other"
    assert [piece.kind for piece in word_diff(old, new)] == ["gone", "new"]
