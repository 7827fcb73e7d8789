"""The archive's contract, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.adapters.sql.made import NOON, entry, later
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.tables import sighting
from tracker.domain.entry import Entry
from tracker.ports.archive import FAULT, Judgement
from tracker.ports.feeds import FeedState


@pytest.fixture
def archive(engine: Engine) -> SqlArchive:
    """Return an empty archive with three sources: one of story s, one of story t, one of all."""
    book = SqlFeedBook(engine)
    for name, story in (("f-s", "s"), ("f-t", "t"), ("f-all", None)):
        book.save(FeedState(name, f"https://{name}.example/", None, story, NOON, NOON))
    return SqlArchive(engine)


def keep(archive: SqlArchive, *entries: Entry, feed: str = "f-s", baseline: bool = False) -> int:
    """Keep entries as seen at noon."""
    return archive.keep(feed, entries, baseline=[baseline] * len(entries), seen=NOON)


def waiting(archive: SqlArchive, story: str = "s") -> list[str]:
    """Return the ids that a story has not judged."""
    return [one.entry.id for one in archive.pending(story, 99)]


def judge(archive: SqlArchive, one: Entry, story: str = "s", reason: str = "no word in common") -> None:
    """Judge an entry irrelevant."""
    archive.judged(Judgement(story, one.id, one.version, False, 0.1, reason, "judge 1", NOON))


def test_empty(archive: SqlArchive) -> None:
    """An empty archive knows nothing and keeps nothing."""
    assert archive.entry("e") is None
    assert archive.pending("s", 9) == ()
    assert keep(archive) == 0


def test_keep(archive: SqlArchive) -> None:
    """An entry comes back as it was kept, every field of it."""
    one = entry("1", text="Ganzer Text 😀\x00", title="»Überfall«")
    assert keep(archive, one, entry("2")) == 2
    assert archive.entry("1") == one
    assert archive.pending("s", 1)[0].entry == one


def test_keep_again(archive: SqlArchive, engine: Engine) -> None:
    """A version that is held already is seen again and nothing else."""
    keep(archive, entry("1"))
    assert archive.keep("f-s", [entry("1", seen=later(hours=2))], baseline=[True], seen=later(hours=2)) == 0
    assert waiting(archive) == ["1"]
    with reading(engine) as connection:
        (row,) = connection.execute(select(sighting)).all()
    assert (row.first_seen, row.last_seen, row.baseline) == (NOON, later(hours=2), False)


def test_an_edit_is_a_new_version(archive: SqlArchive) -> None:
    """Edited words are a version of their own, which waits to be judged though the first was."""
    judge(archive, entry("1"))
    keep(archive, entry("1"))
    edited = entry("1", summary="The first group leaves today.")
    assert keep(archive, edited) == 1
    assert archive.entry("1") == edited
    assert [one.entry for one in archive.pending("s", 9)] == [edited]


def test_an_edit_that_is_taken_back(archive: SqlArchive) -> None:
    """A, B, A: the version that comes back is the newest again, is judged again, and is no old news of an import."""
    first, second = entry("1"), entry("1", summary="The first group leaves today.")
    for hour, one in enumerate((first, second)):
        assert archive.keep("f-s", [one], baseline=[hour == 0], seen=later(hours=hour)) == 1
        judge(archive, one)
    back = entry("1", seen=later(hours=2))
    assert archive.keep("f-s", [back, back], baseline=[False, False], seen=later(hours=2)) == 1
    assert archive.entry("1") == back
    assert [(one.entry, one.baseline) for one in archive.pending("s", 9)] == [(back, False)]
    judge(archive, back)
    assert archive.keep("f-s", [back], baseline=[False], seen=later(hours=3)) == 0
    assert waiting(archive) == []


def test_an_edit_that_is_taken_back_before_it_was_judged(archive: SqlArchive) -> None:
    """Where the edit still waits, it is judged before the version that came back: the last word is the publisher's."""
    first, second = entry("1"), entry("1", summary="The first group leaves today.")
    for hour, one in enumerate((first, second, first)):
        archive.keep("f-s", [one], baseline=[False], seen=later(hours=hour))
    assert [one.entry.version for one in archive.pending("s", 9)] == [second.version, first.version]


def test_two_feeds_that_show_two_versions(archive: SqlArchive) -> None:
    """A feed that lags behind another, and one that lists two versions at once, bring nothing back."""
    first, second = entry("1"), entry("1", summary="The first group leaves today.")
    keep(archive, first, feed="f-s")
    keep(archive, second, feed="f-all")
    assert keep(archive, first, second, feed="f-t") == 0
    for hour in range(1, 4):
        for feed, entries in {"f-s": [first], "f-all": [second], "f-t": [first, second]}.items():
            assert archive.keep(feed, entries, baseline=[False] * len(entries), seen=later(hours=hour)) == 0


def test_twice_in_one_batch(archive: SqlArchive) -> None:
    """An item that a feed lists twice is one entry."""
    assert keep(archive, entry("1"), entry("1"), entry("2", url=entry("1").url, title=entry("1").title)) == 1
    assert waiting(archive) == ["1"]


def test_one_article_in_two_feeds(archive: SqlArchive) -> None:
    """An unknown id with a known address and title is a sighting of the entry that is held, words apart or not."""
    one = entry("1", url="https://www.news.example/a/?utm_source=x#top")
    twin = entry("2", url="http://news.example/a", title=f"  {one.title.upper()} ", summary="Cut short")
    keep(archive, one, feed="f-s")
    assert keep(archive, twin, feed="f-t") == 0
    assert archive.entry("2") is None
    assert waiting(archive, "t") == waiting(archive, "s") == ["1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another title"},
        {"url": "https://news.example/2"},
        {"url": "https://news.example/1?id=2"},
        {"published": NOON - timedelta(days=1, minutes=30)},
        {"title": ""},
        {"url": None},
    ],
)
def test_what_is_not_one_article(archive: SqlArchive, changes: dict[str, str]) -> None:
    """One address for many items, one title for many, or the next day's issue of a page: each is an entry."""
    one = entry("1", **{name: value for name, value in changes.items() if not value})
    keep(archive, one)
    assert keep(archive, replace(one, id="2", **changes)) == 1  # type: ignore[arg-type]
    assert waiting(archive) == ["1", "2"]


def test_one_article_without_a_date(archive: SqlArchive) -> None:
    """Where a publisher gives no date, address and title decide."""
    keep(archive, entry("1"))
    assert keep(archive, replace(entry("1"), id="2", published=None)) == 0


def test_a_known_id_stays_itself(archive: SqlArchive) -> None:
    """An entry held under its own id is never turned into a sighting of another."""
    keep(archive, entry("1"), entry("2"))
    retitled = entry("2", url=entry("1").url, title=entry("1").title)
    assert keep(archive, retitled) == 1
    assert archive.entry("2") == retitled


def test_pending_by_story(archive: SqlArchive) -> None:
    """A story judges what its own sources and those of all stories bring, in the order in which it came."""
    keep(archive, entry("1"), feed="f-s")
    keep(archive, entry("2"), feed="f-t")
    keep(archive, entry("3"), feed="f-all")
    keep(archive, entry("4"), feed="f-s")
    assert waiting(archive, "s") == ["1", "3", "4"]
    assert waiting(archive, "t") == ["2", "3"]
    assert waiting(archive, "u") == ["3"]
    assert [one.entry.id for one in archive.pending("s", 2)] == ["1", "3"]


def test_judged(archive: SqlArchive) -> None:
    """What one story has judged, once or again, waits no longer there, and still does elsewhere."""
    keep(archive, entry("1"), entry("2"), feed="f-all")
    judge(archive, entry("1"))
    judge(archive, entry("1"), reason="another reason \x00")
    assert waiting(archive, "s") == ["2"]
    assert waiting(archive, "t") == ["1", "2"]


def test_what_an_older_judge_failed_over(archive: SqlArchive) -> None:
    """An entry over which one judge failed is judged anew by another, and by no other run of the same."""
    keep(archive, entry("1"), entry("2"), feed="f-all")
    judge(archive, entry("1"), reason=f"{FAULT}: KeyError('words')")
    judge(archive, entry("2"))
    assert archive.forget_faults("judge 1") == 0
    assert waiting(archive) == []
    assert archive.forget_faults("judge 2") == 1
    assert waiting(archive) == ["1"]


def test_a_removed_feed(archive: SqlArchive, engine: Engine) -> None:
    """What a removed source brought still waits for its story, and for no other."""
    keep(archive, entry("1"), feed="f-s")
    SqlFeedBook(engine).remove("f-s")
    assert waiting(archive, "s") == ["1"]
    assert waiting(archive, "t") == []


def test_an_unknown_feed(archive: SqlArchive) -> None:
    """What came from a source that no book knows is for every story."""
    keep(archive, entry("1"), feed="f-unknown")
    assert waiting(archive, "s") == waiting(archive, "t") == ["1"]


def test_baseline(archive: SqlArchive) -> None:
    """An entry is old news for a story as long as all its sources that brought it brought it at their first import."""
    keep(archive, entry("1"), feed="f-s", baseline=True)
    keep(archive, entry("1"), feed="f-t", baseline=False)
    assert [one.baseline for one in archive.pending("s", 9)] == [True]
    assert [one.baseline for one in archive.pending("t", 9)] == [False]
    keep(archive, entry("1"), feed="f-all", baseline=False)
    assert [one.baseline for one in archive.pending("s", 9)] == [False]


def test_a_large_feed(archive: SqlArchive) -> None:
    """A feed of more entries than a statement takes parameters is kept whole, in its order."""
    many = [entry(str(number)) for number in range(1200)]
    assert keep(archive, *many) == 1200
    assert keep(archive, *many) == 0
    assert [one.entry for one in archive.pending("s", 2000)] == many
