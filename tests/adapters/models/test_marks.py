"""What the pair model is told of each word: is it met on the other side, and how do the numbers compare."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tracker.adapters.models.marks import MARKS, Mark, marks, token_marks
from tracker.adapters.models.session import TOKENIZER, shipped_folder

TEXTS = st.text(st.sampled_from("aB fr1234567890.,'-²½é\n\u200b") | st.characters(), max_size=60)


def marked(one: str, other: str) -> dict[str, Mark]:
    return {one[found.start : found.end]: found.mark for found in marks(one, other)[0]}


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Rain fell", "it was raining", {"Rain": Mark.MET, "fell": Mark.UNMET}),
        ("Macron spoke", "the president spoke", {"Macron": Mark.NAME, "spoke": Mark.MET}),
        ("3,500 died", "3500 have died", {"3,500": Mark.EQUAL}),
        ("40 died", "62 died", {"40": Mark.BELOW}),
        ("62 died", "40 died", {"62": Mark.ABOVE}),
        ("62 died", "many died", {"62": Mark.ALONE}),
        ("five died", "5 died", {"five": Mark.EQUAL}),
        ("1.5 million saw it", "1,400,000 saw it", {"1.5": Mark.ABOVE, "million": Mark.ABOVE}),
        ("62 died in 2019", "40 died in 2020", {"62": Mark.ABOVE, "2019": Mark.BELOW}),
        ("62 died", "it was in 2020", {"62": Mark.ALONE}),
        ("62 died", "62 or 70 died", {"62": Mark.EQUAL}),
    ],
)
def test_a_word_has_its_mark(one: str, other: str, said: dict[str, Mark]) -> None:
    """Words met, unmet or named, and numbers equal, below, above or alone, are told apart; years are years' alone."""
    found = marked(one, other)
    assert {word: found[word] for word in said} == said


def test_a_word_piece_has_the_mark_of_its_word_on_its_side() -> None:
    """All pieces of a word have its mark, those of the second text behind those of the first; signs have none."""
    tokenizer = Tokenizer.from_str((shipped_folder() / TOKENIZER).read_text("utf-8"))
    pair = "Goncharenko saw 40 trainers.", "Trainers, 62 of them."
    encoding = tokenizer.encode(*pair)
    said = dict(zip(encoding.tokens, token_marks(pair, encoding), strict=True))
    assert {said[piece] for piece in encoding.tokens if "##" in piece} == {Mark.NAME}
    assert (said["40"], said["62"]) == (Mark.BELOW, MARKS + Mark.ABOVE)
    assert said["[CLS]"] == Mark.UNMET
    assert said[","] == MARKS + Mark.UNMET
    assert said["trainers"] == MARKS + Mark.MET


@given(TEXTS, TEXTS)
@example("² of ½ men", "9" * 400)
@example("million", "0 hundred billion trillion")
def test_any_two_texts_are_marked(one: str, other: str) -> None:
    """Whatever the texts hold, their words are marked in order, apart from each other."""
    for text, found in zip((one, other), marks(one, other), strict=True):
        edges = [edge for word in found for edge in (word.start, word.end)]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(text) for edge in edges)


@given(TEXTS)
def test_a_text_beside_itself_holds_all_its_words(text: str) -> None:
    """A text is met whole by itself: each word of it, and each number equal."""
    assert {word.mark for word in marks(text, text)[0]} <= {Mark.MET, Mark.EQUAL}
