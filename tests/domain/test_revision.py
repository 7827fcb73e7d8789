"""Edits: what is none, and what one did to the sentences that were quoted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.entry import Entry
from tracker.domain.revision import bare, essence, revision

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
FIRST = Entry(
    "e", "Council starts to build the bridge", "Work has begun. It will cost 3 million pounds. The mayor is glad.",
    seen=NOON,
)  # fmt: skip


def edited(**changes: str) -> Entry:
    return replace(FIRST, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Work has begun.", "Work  has\u00a0begun.\n"),
        ("“Work” – it’s begun…", '"Work" - it\'s begun...'),
        ("ﬁnal oﬃce, ½", "final office, 1⁄2"),
        ("Straße\u00ad", "STRASSE"),
        ("Work has begun. 2 hours ago", "Work has begun. 3 hours ago"),
        ("5 min ago · Work has begun", "an hour ago · Work has begun"),
        ("Vor 5 Minuten Arbeit beginnt", "vor einer Stunde Arbeit beginnt"),
        ("Le pont, il y a 2 heures", "Le pont, il y a 3 heures"),
        ("Work has begun. (12 comments)", "Work has begun. (13 comments)"),
        ("Work has begun | 1.2k shares · 3 likes", "Work has begun | 1,3K shares · 40 likes"),
        ("Work has begun\nPoints: 12", "Work has begun\nPoints: 120\nComments: 4"),
        ("Work has begun.\nShare this article on WhatsApp", "Work has begun.\nFollow us on Mastodon"),
        ("Work has begun.\nRead more", "Work has begun."),
    ],
)
def test_what_is_no_edit(one: str, other: str) -> None:
    """Blanks, forms of characters, quotes, dashes and case are none, nor are clocks, counters and invitations."""
    assert essence(edited(summary=one)) == essence(edited(summary=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 million pounds", "5 million pounds"),
        ("£3", "$3"),
        ("-5 degrees", "5 degrees"),
        ("5 %", "5"),
        ("3.5 million", "35 million"),
        ("It is not so", "It is so"),
        ("He died 3 years ago", "He died 4 years ago"),
        ("The fund sold 500 shares", "The fund sold 600 shares"),
        ("He was in office", "He was in the office"),
        ("北京", "南京"),
    ],
)
def test_what_is_an_edit(one: str, other: str) -> None:
    """Figures, signs before and behind them, single words, in any script."""
    assert essence(edited(summary=one)) != essence(edited(summary=other))


def test_words_that_change_places_are_an_edit() -> None:
    """What moves from the headline to the summary is not the same version."""
    assert essence(edited(title="a", summary="b c")) != essence(edited(title="a b", summary="c"))


def test_a_quoted_sentence_that_changed() -> None:
    """The quoted sentence and what stands in its place now are told, and no other edit beside them."""
    change = revision(
        ["It will cost 3 million pounds."],
        FIRST,
        edited(summary="Work began on Monday. It will cost 5 million pounds. The mayor is glad."),
    )
    assert change is not None
    assert (change.old, change.new) == ("It will cost 3 million pounds.", "It will cost 5 million pounds.")


def test_a_quoted_sentence_that_vanished() -> None:
    """A sentence that nothing took the place of has become nothing."""
    change = revision(["it will cost 3 million pounds"], FIRST, edited(summary="Work has begun. The mayor is glad."))
    assert change is not None
    assert (change.old, change.new) == ("It will cost 3 million pounds.", "")


def test_a_quote_of_a_part() -> None:
    """A finding may quote half a sentence: it is the whole one that changed."""
    before = edited(summary="Work has begun; it will cost 3 million pounds.")
    change = revision(["it will cost 3 million pounds."], before, edited(summary="Work is off."))
    assert change is not None
    assert change.old == "Work has begun; it will cost 3 million pounds."


def test_the_headline_counts_where_it_is_quoted() -> None:
    """A headline that a finding quotes is one of the sentences; one that nobody quotes may change as it likes."""
    after = edited(title="Council stops building the bridge")
    change = revision([FIRST.title], FIRST, after)
    assert change is not None
    assert (change.old, change.new) == (FIRST.title, "Council stops building the bridge")
    assert revision(["It will cost 3 million pounds."], FIRST, after) is None


@pytest.mark.parametrize("title", ["Live: {}", "{} | The Paper", "UPDATE 2 - {}, police say"])
def test_a_headline_within_a_longer_one_stands(title: str) -> None:
    """What is set before or behind a headline leaves its words standing."""
    assert revision([FIRST.title], FIRST, edited(title=title.format(FIRST.title))) is None


@pytest.mark.parametrize(
    "after",
    [
        edited(summary="Work began on Monday. It will cost 3 million pounds. The mayor is glad."),
        edited(summary="It will cost 3 million pounds. Work has begun."),
        edited(summary="Work has begun. It will cost 3\u00a0million pounds!"),
        edited(title="COUNCIL starts to build the bridge"),
        edited(text="Work has begun. It will cost 3 million pounds, or 4. More of it."),
    ],
)
def test_what_leaves_the_quoted_sentence_standing(after: Entry) -> None:
    """Edits elsewhere, another order, another form and a text that was added are no revision."""
    assert revision(["It will cost 3 million pounds."], FIRST, after) is None


def test_a_summary_that_was_cut_short_and_goes_on() -> None:
    """A sentence that ended in dots stands where the new version finishes it; not where it goes on otherwise."""
    cut = edited(summary="Work has begun. It will cost 3 mill…")
    assert revision(["It will cost 3 mill…"], cut, FIRST) is None
    assert revision(["It will cost 3 mill…"], cut, edited(summary="It will cost 4 million.")) is not None


def test_a_summary_says_nothing_of_the_text() -> None:
    """A sentence of the article's text is no sentence less because the feed shows the summary alone."""
    page = edited(text="The builders came at dawn. It will cost 3 million pounds.")
    assert revision(["The builders came at dawn."], page, edited(summary="Work has begun.")) is None
    assert revision(["The builders came at dawn."], page, edited(text="The builders came at noon.")) is not None
    change = revision(["It will cost 3 million pounds."], page, edited(summary="It will cost 5 million pounds."))
    assert change is not None


def test_nothing_is_revised_where_nothing_was_said() -> None:
    """A headline that is added, and a quote that the old version does not hold, are no revision."""
    assert revision(["not there"], edited(title=""), FIRST) is None


words = st.lists(st.sampled_from(["it", "costs", "3", "5", "not", "he"]), min_size=1, max_size=5).map(" ".join)
texts = st.lists(words.map(lambda said: f"{said.capitalize()}. "), max_size=5).map("".join)


@given(texts, texts, st.lists(words, max_size=3))
def test_what_only_grows_is_never_revised(text: str, more: str, quotes: list[str]) -> None:
    """Whatever is quoted, a version that holds all sentences of the old one revises none of them."""
    before = edited(summary=text)
    assert revision(quotes, before, edited(summary=f"{more}{text}{more}")) is None
    assert revision(quotes, before, replace(before, text=more)) is None


@given(st.text(max_size=60))
def test_blanks_are_never_an_edit(text: str) -> None:
    """Whatever the text, twice as many blanks in it, around it and no-break ones for others leave the words."""
    assert bare(f"  {text.replace(' ', chr(160) + '  ')} ") == bare(text)
