"""What is not read in full, because its words alone tell that it does not belong."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judging.conftest import appended, made, open_story
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging import parameters
from tracker.judging.decide import decide
from tracker.judging.gate import CEILINGS, MET, OVER_WHOLE, UNREAD, at_most, falls_short, shut_out
from tracker.judging.judge import Judge
from tracker.judging.latest import Latest
from tracker.judging.models import Encoder
from tracker.judging.outline import Outline, outlined, seed_texts
from tracker.judging.profile import profile_of
from tracker.judging.reading import likeness, worded
from tracker.judging.relevance import LINE_TO_SEED, WHOLE_TO_SEED, logistic, word_features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FERRY = (
    "Sinking of the ferry Santa Lucia",
    "The ferry Santa Lucia sank off Cebu with 212 people aboard.",
    "At least 40 people were killed when the Santa Lucia sank.",
    "The inquiry into the sinking is to report on 12 March 2031.",
)
STREAM = (
    made("At least 62 people killed when ferry Santa Lucia sank off Cebu"),
    made("Central bank raises rates by a quarter point", "Inflation is still above target.", hours=25),
    made("Ship disaster: captain is questioned", "He left the sinking vessel early.", hours=26),
    made("Ferry Santa Lucia sank off Cebu: 62 people killed", hours=27, publisher="Reuters"),
    made("Hikers found alive in the Alps", "Rescuers searched for three days.", hours=28),
    made("Another ferry runs aground near Naples", "Nobody was hurt.", hours=29),
    made("Inquiry into the sinking put off to April", hours=50),
    made("Owner of the Santa Lucia is arrested", "Prosecutors accuse him of overloading the ferry.", hours=51),
)
WHOLE = ("meaning of the whole to the middle of the story", WHOLE_TO_SEED)
MEANT = st.fixed_dictionaries({name: st.floats(0, ceiling) for name, ceiling in CEILINGS.items()})


def followed(judge: Judge, entries: tuple[Entry, ...] = STREAM) -> tuple[list[tuple[object, ...]], Story]:
    story = open_story(*FERRY)
    said: list[tuple[object, ...]] = []
    for entry in entries:
        verdict = judge.judge(entry, story)
        said.append((verdict.relevant, verdict.findings, verdict.claims, verdict.happening, verdict.duplicate_of))
        story = appended(story, decide(verdict, story, judge.version), entry.seen)
    return said, story


def test_the_gate_changes_no_verdict(judge: Judge) -> None:
    """A story follows the same entries to the same findings whether or not the far ones are read in full."""
    gated, ungated = followed(judge), followed(judge.without("gate"))
    assert gated[0] == ungated[0]
    assert {relevant for relevant, *_ in gated[0]} == {True, False}


ROUND_UP = (
    "The central bank raised rates by a quarter point. Wheat harvests in the south were better than expected. A museum "
    "in Oslo opened a new wing for modern art. Football fans celebrated after the cup final in Madrid. {told} "
    "Parliament debated a budget for schools. The carmaker recalled vehicles over faulty brakes. Storms delayed trains."
)


@pytest.mark.parametrize(
    "told",
    [
        "At least 62 people died when the Santa Lucia sank.",
        "The inquiry into the sinking was put off to April.",
        "The owner of the Santa Lucia was arrested.",
    ],
)
def test_one_line_of_a_round_up_is_not_overlooked(judge: Judge, told: str) -> None:
    """A story that one line of many is about is found with the gate wherever it is found without."""
    _, story = followed(judge)
    entry = made("World news in brief", ROUND_UP.format(told=told), hours=60)
    gated, ungated = judge.judge(entry, story), judge.without("gate").judge(entry, story)
    assert (gated.relevant, gated.findings) == (ungated.relevant, ungated.findings)


def test_what_was_read_before_changes_no_verdict(judge: Judge) -> None:
    """A judge that has read the stream already, and in another order, says the same as one that has read nothing."""
    fresh = Judge(judge._encoder)
    for entry in reversed(STREAM):
        judge.judge(entry, open_story(*FERRY))
    assert followed(judge)[0] == followed(fresh)[0]


@pytest.mark.parametrize(
    ("entry", "why"), [(STREAM[1], "shares nothing telling with the story"), (STREAM[4], "shares nothing telling")]
)
def test_a_shut_out_entry_is_told_why(judge: Judge, entry: Entry, why: str) -> None:
    """The one stage of an entry that shares nothing telling says so, and is the reason of its verdict."""
    verdict = judge.judge(entry, open_story(*FERRY))
    assert [stage.name for stage in verdict.stages] == ["relevance"]
    assert verdict.reason == verdict.stages[0].detail
    assert verdict.reason.startswith(why)
    assert not verdict.relevant


def test_little_in_common_is_named() -> None:
    """An entry that shares a rare word but too little besides is told the word and the most that it could reach."""
    outline = outlined(open_story(*FERRY))
    entry = made(
        "Peru, Chile, Bolivia and Brazil report on copper aboard",
        "Ann Marple, Hugh Laurie, Emma Stone and Otto Hahn told miners in Spain, France, Italy and Norway what wages "
        "smelters pay, which railways carry ore, how harbours clog and why furnaces cool.",
    )
    words = word_features(worded(entry), outline)
    shut = shut_out(worded(entry), outline, words, parameters.RELEVANCE)
    assert shut is not None
    assert "('aboard', 'report')" in shut[1].detail
    assert "at most 0." in shut[1].detail
    assert 0 < shut[0] < parameters.RELEVANT


@given(
    MEANT,
    st.dictionaries(
        st.sampled_from(sorted(parameters.RELEVANCE.keys() - CEILINGS.keys() - {"bias"})), st.floats(-1, 3)
    ),
)
def test_no_meaning_within_the_ceilings_lets_in_what_falls_short(
    meant: dict[str, float], words: dict[str, float]
) -> None:
    """Whatever the cosines up to their ceilings, the whole regression rejects what falls short by its words."""
    if falls_short(words, CEILINGS, parameters.RELEVANCE, "far") is not None:
        assert logistic({**words, **meant}, parameters.RELEVANCE) < parameters.RELEVANT


@given(
    st.fixed_dictionaries({name: st.floats(0, most) for name, most in UNREAD.items()}),
    st.dictionaries(st.sampled_from(sorted(parameters.RELEVANCE.keys() - UNREAD.keys() - {"bias"})), st.floats(-1, 3)),
)
def test_nothing_unread_lets_in_what_is_too_far_from_title_and_claims(
    unread: dict[str, float], read: dict[str, float]
) -> None:
    """Whatever the words met and the entries known, the whole regression rejects what the second look rejects."""
    if falls_short(read, UNREAD, parameters.RELEVANCE, "far") is not None:
        assert logistic({**read, **unread}, parameters.RELEVANCE) < parameters.RELEVANT


@given(
    st.fixed_dictionaries({name: st.floats(0, 1) for name in (*MET, *OVER_WHOLE)}),
    st.fixed_dictionaries({name: st.floats(-1, 1) for name in WHOLE})
    | st.dictionaries(
        st.sampled_from(sorted(parameters.RELEVANCE.keys() - UNREAD.keys() - {LINE_TO_SEED, "bias"})), st.floats(-1, 3)
    ).map(lambda found: dict.fromkeys(WHOLE, 0.1) | found),
)
def test_no_line_within_the_margin_lets_in_what_is_too_far_as_a_whole(
    over: dict[str, float], read: dict[str, float]
) -> None:
    """Lines nearer than the whole by no more than the margins, and any words met, let in nothing that is shut out."""
    if falls_short(read, at_most(read), parameters.RELEVANCE, "far") is not None:
        lines = {name: min(1.0, read[WHOLE_TO_SEED] + over[name] * most) for name, most in OVER_WHOLE.items()}
        met = {name: over[name] for name in MET}
        assert logistic({**read, **lines, **met}, parameters.RELEVANCE) < parameters.RELEVANT


@given(st.lists(st.frozensets(st.sampled_from(["ferry", "bridge", "cebu", "mon", "toll", "lucia"])), max_size=8))
def test_the_words_most_alike_are_found_among_those_that_share_any(known: list[frozenset[str]]) -> None:
    """Leaving out the claims and entries that share no word with an entry changes no likeness."""
    seed = outlined(open_story(*FERRY))
    bags = tuple(known)
    ledger = seed.ledger_words.union(*bags)
    story = replace(seed, known_bags=bags, ledger_words=ledger)
    entry = worded(STREAM[0])
    values = word_features(entry, story)
    claims = [likeness(bag, claim) for bag in entry.bags for claim in story.claim_bags]
    assert values["words like one claim"] == max(claims)
    assert values["words like one entry known"] == max((likeness(entry.words, one) for one in bags), default=0.0)


FAR_AS_A_WHOLE = made(
    "Prosecutors accuse bank of fraud", "The bank hid losses for years, and its auditors were paid for silence."
)
FAR_IN_ITS_LINES = made(
    "Fraud at shipping bank: prosecutors act",
    "The bank hid losses for years, and its auditors were paid for silence. Prosecutors accuse the owner.",
)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (FAR_AS_A_WHOLE, "it is too far from title and claims"),
        (FAR_IN_ITS_LINES, "its lines are too far from title and claims"),
    ],
)
def test_a_story_that_is_far_is_not_read(judge: Judge, entry: Entry, why: str) -> None:
    """Of a story with known entries an entry far from title and claims makes the judge read no more than those."""
    asked: list[str] = []
    fresh = Judge(Listening(judge._encoder, asked))
    _, story = followed(judge)
    verdict = fresh.judge(entry, story)
    assert verdict.stages[-1].detail.startswith(why)
    told = {text for known in story.entries.values() for text in worded(known.ref).texts}
    assert len(told - set(seed_texts(story))) > 4
    assert (told - set(seed_texts(story))).isdisjoint(asked)
    assert not judge.without("gate").judge(entry, story).relevant


def test_the_lines_of_an_entry_that_is_far_as_a_whole_are_not_read(judge: Judge) -> None:
    """What is far as a whole is encoded as one text, none of its lines is; of what is nearer they are, too."""
    _, story = followed(judge)
    for entry, read in ((FAR_AS_A_WHOLE, False), (FAR_IN_ITS_LINES, True)):
        asked: list[str] = []
        Judge(Listening(judge._encoder, asked)).judge(entry, story)
        assert " ".join(worded(entry).texts) in asked
        assert set(worded(entry).texts).issubset(asked) == read


@dataclass(frozen=True)
class Listening:
    """An encoder that notes which texts it was asked for."""

    inner: Encoder
    asked: list[str]

    @property
    def version(self) -> str:
        return self.inner.version

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        self.asked.extend(texts)
        return self.inner.encode(texts)


def test_the_vectors_of_words_are_shares() -> None:
    """What words can add is bounded by 1 each, so that the second look takes nothing for granted."""
    assert set(MET.values()) == {1.0}
    assert MET.keys() < CEILINGS.keys()


def test_an_outline_says_what_the_profile_says(judge: Judge) -> None:
    """The words of a story with its entries are the same whether an encoder is there or not."""
    _, story = followed(judge)
    assert len(story.entries) > 2
    outline, profile = outlined(story), profile_of(story, judge._reader)
    for field in fields(Outline):
        assert getattr(outline, field.name) == getattr(profile, field.name), field.name


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20), st.integers(1, 3))
def test_what_is_made_of_a_story_is_of_its_latest_state(asked: list[tuple[int, bool]], size: int) -> None:
    """However stories change and whichever are forgotten, what is returned is made of the story handed in."""
    stories = {number: Story(f"s{number}", "t", "en", STREAM[0].seen) for number in range(4)}
    latest: Latest[int] = Latest(lambda story: story.version, size)
    for number, changes in asked:
        if changes:
            stories[number] = Story(f"s{number}", "t", "en", STREAM[0].seen, version=stories[number].version + 1)
        assert latest.of(stories[number]) == stories[number].version
        assert len(latest._made) <= size
