"""The stories that share something telling with an entry, found by its words and names instead of story by story."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judging.conftest import made, open_story
from tests.judging.test_gate import FERRY, STREAM, followed
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.gate import telling
from tracker.judging.index import Outlines
from tracker.judging.judge import Judge
from tracker.judging.outline import outlined
from tracker.judging.reading import worded

WORDS = (
    "said", "year", "people", "ferry", "toll", "inquiry", "council", "police", "bank", "copper", "Cebu", "Ann Marple",
    "Otto Hahn", "Santa Lucia", "France", "Peru", "United States", "NATO", "week", "first", "two", "also",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" and ".join)
ENTRIES = st.builds(made, TEXTS, TEXTS)


def story(number: int, title: str) -> Story:
    return Story(f"s{number}", title, "en", STREAM[0].seen)


@given(
    st.lists(TEXTS, min_size=17, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), TEXTS), max_size=12),
    st.lists(ENTRIES, min_size=1, max_size=4),
    st.integers(1, 60),
)
@settings(deadline=None, max_examples=25)
def test_the_index_lets_through_what_the_stories_would(
    titles: list[str], changes: list[tuple[int, str]], entries: list[Entry], size: int
) -> None:
    """However stories come, change and are forgotten, the index says of each entry what the story itself would say."""
    stories = {number: story(number, title) for number, title in enumerate(titles)}
    outlines = Outlines(size)
    for number, title in [(0, titles[0]), *changes]:
        stories[number] = story(number, title)
        for said in map(worded, entries):
            found = {one.id for one in stories.values() if outlines.telling(said, one)}
            assert found == {one.id for one in stories.values() if telling(said, outlined(one))}
        assert all(outlines.of(one) == outlined(one) for one in stories.values())
        assert len(outlines._index.held) <= size


def test_a_story_as_it_was_is_no_longer_asked() -> None:
    """What was found for an entry before a story changed does not hold for the story as it stands, nor the reverse."""
    outlines, said = Outlines(99), worded(made("Copper mine reopens"))
    before = [story(number, "Council inquiry") for number in range(40)]
    assert not any(outlines.telling(said, one) for one in before)
    now = replace(before[7], title="Copper mine inquiry")
    assert outlines.telling(said, now)
    assert not outlines.telling(said, before[7])


def test_a_judge_of_many_stories_says_what_a_judge_of_each_says(judge: Judge) -> None:
    """Whole verdicts, with scores, stages and reasons, are the same from an index of many stories and without one."""
    _, grown = followed(judge)
    stories = [replace(open_story(*FERRY), id="ferry"), replace(grown, id="grown")]
    stories += [story(number, f"{WORDS[number % 22]} and {WORDS[number * 7 % 22]}") for number in range(20)]
    many = Judge(judge._encoder)
    entries = (*STREAM, made("Otto Hahn said copper in Peru", "Police said two people in France also said so."))
    indexed = [many.judge(entry, one) for _ in range(2) for entry in entries for one in stories]
    assert len(many._outlines._index.held) > 16
    single = [Judge(judge._encoder).judge(entry, one) for entry in entries for one in stories]
    assert indexed == single * 2
    unlike = [verdict.reason == "shares nothing telling with the story" for verdict in single]
    assert 0 < sum(unlike) < len(unlike)
    assert {verdict.relevant for verdict in single} == {True, False}
