"""Versions of entries: what makes one, the same article under a new id, and words that do not come to rest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.adapters.sql.made import NOON, entry, later
from tracker.adapters.feeds.identity import entry_ids
from tracker.adapters.feeds.item import Item
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.archive.quarantine import ALTERNATES, Version, restless
from tracker.domain.entry import Entry
from tracker.ports.archive import Judgement

LONG = "The council has begun to build the bridge over the river, which will cost three million pounds."
FEEDS = ("f-1", "f-2", "f-3", "f-4", "f-5")


@pytest.fixture
def archive(engine: Engine) -> SqlArchive:
    return SqlArchive(engine)


def show(archive: SqlArchive, hour: float, *entries: Entry, feed: str = "f") -> int:
    """Take in a document of so many hours after noon."""
    dated = [replace(one, seen=later(hours=hour)) for one in entries]
    return archive.keep(feed, dated, baseline=[False] * len(dated), seen=later(hours=hour))


def ids(archive: SqlArchive, story: str = "s") -> list[str]:
    """Return the ids of what a story has not judged."""
    return [one.entry.id for one in archive.pending(story, 99)]


def judge(archive: SqlArchive, *entries: Entry) -> None:
    for one in entries:
        archive.judged(Judgement("s", one.id, one.version, False, 0.1, "no word in common", "judge", NOON))


@pytest.mark.parametrize(
    "summary", ["The  first group leaves “next” week.", "The first group leaves 'next' week.\nShare this on Mastodon"]
)
def test_what_is_no_edit_is_no_version(archive: SqlArchive, summary: str) -> None:
    """Words that differ in what makes no edit are a sighting of the version that is held, poll after poll."""
    first = entry("1", summary="The first group leaves 'next' week.")
    assert show(archive, 0, first) == 1
    for hour in range(1, 4):
        assert show(archive, hour, replace(first, summary=summary)) == 0
    assert archive.versions("1") == (first,)


def test_an_edit_that_is_taken_back_in_another_form(archive: SqlArchive) -> None:
    """A, B, and A with other quotes: it is A that comes back, in the words that are held, and is judged again."""
    first = entry("1", summary="The “first” group leaves.")
    second = entry("1", summary="The second group leaves.")
    for hour, one in enumerate((first, second)):
        show(archive, hour, one)
        judge(archive, one)
    assert show(archive, 2, entry("1", summary='The "first" group leaves.')) == 1
    assert [(one.entry.summary, one.entry.seen) for one in archive.pending("s", 9)] == [(first.summary, later(hours=2))]
    judge(archive, archive.pending("s", 9)[0].entry)
    assert ids(archive) == []


def test_one_article_in_five_feeds(archive: SqlArchive) -> None:
    """Under five ids, addresses and summaries it is one entry with five sightings, and one thing to judge."""
    one = entry("1", summary=LONG)
    for nth, feed in enumerate(FEEDS):
        url = f"https://{'www.' if nth % 2 else ''}news.example/1{'/' * (nth % 3)}?utm_source={feed}"
        shown = replace(one, id=f"1-{nth}", url=url, summary=f"{feed} says: {LONG}")
        assert show(archive, nth, shown, feed=feed) == (nth == 0)
        assert show(archive, nth + 0.5, shown, entry("2"), feed=feed) == (nth == 0)
    assert ids(archive) == ["1-0", "2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Bridge over the river: what it costs"},
        {"title": "Bridge over the river: what it costs", "summary": "Other words."},
        {"title": "Council begins to build bridge over river", "url": "https://news.example/bridge-over-river"},
        {"title": "Council begins to build bridge over river", "url": None},
    ],
    ids=["headline", "all but the address", "headline and address", "headline, no address"],
)
def test_an_edited_headline_under_a_new_guid(archive: SqlArchive, changes: dict[str, str]) -> None:
    """An unknown item with the address, or the text and nearly the title, of one that left is a version of it."""
    first = entry("1", title="Council begins to build the bridge over river", summary=LONG)
    others = [entry("2"), entry("3")]
    show(archive, 0, *others, first)
    edited = replace(first, id="1b", **changes)  # type: ignore[arg-type]
    for hour in (1, 2):
        assert show(archive, hour, *others, edited) == (hour == 1)
        assert archive.entry("1b") is None
        assert [one.title for one in archive.versions("1")] == [first.title, edited.title]
        assert archive.removal("1") is None
    assert show(archive, 3, *others, replace(edited, id="1c", title=f"{edited.title}, in full")) == 1
    assert len(archive.versions("1")) == 3
    archive.settle(later(hours=9))
    assert archive.removal("1") is None


def test_what_stands_beside_it_is_another(archive: SqlArchive) -> None:
    """Items of a live ticker share an address, and a portal's rubrics their text: none is a version of another."""
    tickers = [entry(f"t{n}", url="https://news.example/live", title=f"Live: part {n}") for n in range(6)]
    rubrics = [entry(f"r{n}", title=f"Results of day {n}", summary=LONG) for n in range(6)]
    show(archive, 0, *tickers[:4], *rubrics[:4])
    assert show(archive, 1, *tickers[2:], *rubrics[2:]) == 4
    assert all(archive.entry(one.id) for one in (*tickers, *rubrics))


@pytest.mark.parametrize(
    ("changes", "others"),
    [
        ({"published": NOON + timedelta(days=1)}, 2),
        ({"url": "https://news.example/x", "title": "Quite another"}, 2),
        ({"url": "https://news.example/x", "summary": "Quite other words, which are long enough to tell."}, 2),
        ({"title": "Another headline"}, 0),
    ],
    ids=["the next day's issue", "another title", "another text", "a document of one item"],
)
def test_what_is_another_article(archive: SqlArchive, changes: dict[str, str], others: int) -> None:
    """A day apart, with another title or text, or with nothing to be told apart from, an item is an entry itself."""
    beside = [entry(f"o{n}") for n in range(others)]
    first = entry("1", summary=LONG)
    show(archive, 0, *beside, first)
    assert show(archive, 1, *beside, replace(first, id="2", **changes)) == 1  # type: ignore[arg-type]
    assert archive.entry("2") is not None


def items(number: int, guid: str) -> list[Item]:
    """Return items whose guids are one for all where `guid` has no place for a number."""
    return [
        Item(guid.format(n), f"https://a.example/{n}", f"Title {n}", f"{n} {LONG}", "", NOON, None, None)
        for n in range(number)
    ]


def document(found: Sequence[Item], seen: float, criterion: str | None) -> tuple[list[Entry], str]:
    names, standing = entry_ids(found, "f", criterion)  # type: ignore[arg-type]
    return [
        Entry(name, one.title, one.summary, later(hours=seen), one.link, "p", one.published, "en", feed="f")
        for name, one in zip(names, found, strict=True)
    ], standing


def test_a_feed_that_degrades_brings_no_old_news(archive: SqlArchive) -> None:
    """When guids fail and links take their place, what is held under the old ids is seen again, and nothing is new."""
    before, criterion = document(items(20, "tag:a,2024:{}"), 0, None)
    assert (show(archive, 0, *before), criterion) == (20, "id")
    judge(archive, *before)
    after, criterion = document(items(20, "tag:a,2024:all"), 1, criterion)
    assert criterion == "link"
    assert not {one.id for one in after} & {one.id for one in before}
    assert show(archive, 1, *after) == 0
    more, criterion = document(items(21, "tag:a,2024:all"), 2, criterion)
    assert show(archive, 2, *more) == 1
    assert ids(archive) == [more[-1].id]
    archive.settle(later(hours=9))
    assert not any(archive.removal(one.id) for one in before)


def turn(archive: SqlArchive, hours: range) -> tuple[Entry, Entry]:
    """Show A, B, A, B and so on, an hour each, and judge whatever waits; return A and B."""
    pair = entry("1", summary="The first group leaves."), entry("1", summary="The second group leaves.")
    for hour in hours:
        assert show(archive, hour, pair[hour % 2]) == 1
        judge(archive, *(one.entry for one in archive.pending("s", 9)))
    return pair


def test_what_goes_to_and_fro_is_judged_no_more(archive: SqlArchive) -> None:
    """A, B, A, B, A: the third return puts the entry into quarantine, once; the next ones are kept and do not wait."""
    pair = turn(archive, range(4))
    assert archive.quarantined() == ()
    for hour in range(4, 9):
        assert show(archive, hour, pair[hour % 2]) == 1
        assert ids(archive) == []
    (held,) = archive.quarantined()
    assert (held.entry, held.since, held.reason) == ("1", later(hours=4), ALTERNATES)
    assert archive.entry("1") == replace(pair[0], seen=later(hours=8))


def test_new_words_are_judged_in_quarantine_too(archive: SqlArchive) -> None:
    """Whatever went to and fro before: words never held wait to be judged, also when the old ones come back at once."""
    pair = turn(archive, range(8))
    assert len(archive.quarantined()) == 1
    news = entry("1", summary="Forty killed as the bridge collapses.")
    show(archive, 8, news)
    assert [one.entry.summary for one in archive.pending("s", 9)] == [news.summary]
    show(archive, 9, pair[0])
    show(archive, 10, news)
    assert [one.entry.summary for one in archive.pending("s", 9)] == [news.summary]
    judge(archive, news)
    assert ids(archive) == []


def test_what_turned_before_a_story_looked_waits_for_it(archive: SqlArchive) -> None:
    """A story that judged neither version, since it was opened later or its judge was slow, judges both once."""
    pair = turn(archive, range(8))
    assert [one.entry.summary for one in archive.pending("opened later", 9)] == [one.summary for one in pair]


def test_a_quarantine_ends_after_three_quiet_days(archive: SqlArchive) -> None:
    """Once nothing has come back for three days, the version that stands is judged, and edits are edits again."""
    pair = turn(archive, range(6))
    archive.settle(later(hours=5 + 72))
    assert len(archive.quarantined()) == 1
    archive.settle(later(hours=5 + 73))
    assert archive.quarantined() == ()
    assert [one.entry for one in archive.pending("s", 9)] == [replace(pair[1], seen=later(hours=5))]
    judge(archive, pair[1])
    show(archive, 24 * 9, pair[0])
    assert ids(archive) == ["1"]


def test_a_quarantine_ends_without_a_word_where_new_words_stand(archive: SqlArchive) -> None:
    """What was judged when it came, in quarantine, is not judged again when the quarantine ends."""
    turn(archive, range(6))
    show(archive, 6, entry("1", summary="All groups leave."))
    judge(archive, entry("1", summary="All groups leave."))
    archive.settle(later(hours=6 + 73))
    assert (archive.quarantined(), ids(archive)) == ((), [])


def test_every_sentence_of_a_live_blog_is_judged(archive: SqlArchive) -> None:
    """Sixty versions in six hours, each with a sentence more: all are kept and wait, and none is a return."""
    told = ""
    for nth in range(60):
        told += f"At minute {nth} the water rose. "
        show(archive, nth / 10, entry("1", summary=told))
        judge(archive, *(one.entry for one in archive.pending("s", 9)[: nth % 2]))
    assert len(archive.versions("1")) == 60
    assert len(archive.pending("s", 99)) == 30
    assert archive.quarantined() == ()


def test_returns_of_other_weeks_are_no_unrest() -> None:
    """Two returns within a week are enough; one of a week ago is forgotten, and edits are none however many."""
    assert restless([Version(later(days=2), 1), Version(later(days=8), 1)], later(days=8))
    assert not restless([Version(later(days=1), 1), Version(later(days=8), 1)], later(days=8))
    assert not restless([Version(later(minutes=nth), 0) for nth in range(600)], later(days=1))
