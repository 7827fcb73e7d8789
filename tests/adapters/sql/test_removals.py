"""What publishers take away: told from what leaves at the old end of a feed, and from broken and loose feeds."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tests.adapters.sql.made import NOON, entry, later
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.archive.out_of_turn import Shown, is_habit, out_of_turn
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.tables import sighting
from tracker.domain.entry import Entry
from tracker.ports.archive import Judgement
from tracker.ports.feeds import FeedState


@pytest.fixture
def archive(engine: Engine) -> SqlArchive:
    """Return an empty archive with two sources of story s."""
    for name in ("f", "g"):
        SqlFeedBook(engine).save(FeedState(name, f"https://{name}.example/", None, "s", NOON, NOON))
    return SqlArchive(engine)


def numbered(*numbers: int, dated: bool = True) -> list[Entry]:
    """Return entries, the older the smaller their number."""
    published = {number: NOON + timedelta(minutes=number) if dated else None for number in numbers}
    return [entry(str(number), published=published[number]) for number in numbers]


def show(archive: SqlArchive, hour: float, entries: Sequence[Entry], feed: str = "f") -> None:
    """Take in a document of so many hours after noon, and decide what is due then."""
    archive.keep(feed, entries, baseline=[False] * len(entries), seen=later(hours=hour))
    archive.settle(later(hours=hour))


def missing(engine: Engine) -> set[str]:
    """Return the entries that a feed shows no more out of turn."""
    with reading(engine) as connection:
        return set(connection.execute(select(sighting.c.entry).where(sighting.c.missing_at.is_not(None))).scalars())


def removed(archive: SqlArchive, *numbers: int) -> list[str]:
    """Return those of the entries that were taken away."""
    return [str(number) for number in numbers if archive.removal(str(number))]


@pytest.mark.parametrize("dated", [True, False])
def test_what_vanishes_between_others_is_removed(archive: SqlArchive, engine: Engine, *, dated: bool) -> None:
    """An entry that is gone while older ones are there is missing, and removed when a later document lacks it, too."""
    show(archive, 0, numbered(1, 2, 3, 4, dated=dated))
    show(archive, 1, numbered(1, 2, 4, dated=dated))
    assert missing(engine) == {"3"}
    assert removed(archive, 1, 2, 3, 4) == []
    show(archive, 1.1, numbered(1, 2, 4, 5, dated=dated))
    assert removed(archive, 1, 2, 3, 4) == ["3"]
    removal = archive.removal("3")
    assert removal is not None
    assert (removal.at, removal.reason) == (later(hours=1), "its feed shows it no more, though it shows older entries")


def test_what_is_missing_for_an_hour_is_removed(archive: SqlArchive, engine: Engine) -> None:
    """A feed that goes on showing the same document says so as well: once it was read again an hour later."""
    show(archive, 0, numbered(1, 2, 3))
    show(archive, 1, numbered(1, 3))
    book = SqlFeedBook(engine)
    for minutes, gone in ((59, []), (60, ["2"])):
        book.save(
            FeedState("f", "https://f.example/", None, "s", NOON, NOON, last_ok_at=later(hours=1, minutes=minutes))
        )
        archive.settle(later(hours=9))
        assert removed(archive, 1, 2, 3) == gone


def test_what_comes_back_was_not_removed(archive: SqlArchive, engine: Engine) -> None:
    """An entry that is there again in the next document was never gone."""
    show(archive, 0, numbered(1, 2, 3))
    show(archive, 1, numbered(1, 3))
    show(archive, 2, numbered(1, 2, 3))
    show(archive, 3, numbered(1, 2, 3, 4))
    assert missing(engine) == set()
    assert removed(archive, 1, 2, 3) == []


def test_what_comes_back_after_it_was_removed_is_judged_again(archive: SqlArchive) -> None:
    """A publisher that puts an entry back is heard again: the removal is forgotten and the entry is pending."""
    first = numbered(1, 2, 3)
    show(archive, 0, first)
    for one in first:
        archive.judged(Judgement("s", one.id, one.version, True, 0.9, "it belongs", "judge", NOON))
    show(archive, 1, numbered(1, 3))
    show(archive, 2, numbered(1, 3, 4))
    assert [one.entry for one in archive.withdrawn("s")] == ["2"]
    show(archive, 3, numbered(1, 2, 3, 4))
    assert removed(archive, 2) == []
    assert archive.withdrawn("s") == ()
    assert [one.entry.id for one in archive.pending("s", 9)] == ["4", "2"]


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([range(1, 31), range(2, 32), range(4, 34), range(20, 50), range(21, 51)], "it left at the old end"),
        ([range(1, 31), [], range(1, 31)], "an empty document"),
        ([range(1, 31), [3, 9], range(1, 31), range(1, 32)], "more than half are gone at once: a broken document"),
        ([range(1, 31), [40, 41], [40, 41, 42]], "another feed stands there now"),
        ([[1, 20, 21, 22], [1, 21, 22, 23], [1, 22, 23, 24]], "one old entry is pinned"),
        ([range(1, 31), reversed(range(1, 31)), [*range(16, 31), *range(1, 16)]], "sections in another order"),
    ],
)
def test_what_is_no_removal(archive: SqlArchive, documents: Sequence[Sequence[int]], why: str) -> None:
    """Falling off the end, one broken document, a pinned entry, another order and another feed are none."""
    seen: set[int] = set()
    for hour, numbers in enumerate(documents):
        show(archive, hour, numbered(*numbers))
        seen |= set(numbers)
    assert removed(archive, *seen) == [], why


def test_what_another_feed_shows_is_not_removed(archive: SqlArchive, engine: Engine) -> None:
    """An entry that one feed drops and another shows was not taken away, nor is it once it leaves the other."""
    show(archive, 0, numbered(1, 2, 3, 4), feed="g")
    show(archive, 0, numbered(1, 2, 3, 4))
    show(archive, 1, numbered(1, 3, 4))
    show(archive, 2, numbered(1, 3, 4, 5))
    assert missing(engine) == set()
    show(archive, 3, numbered(3, 4, 5), feed="g")
    show(archive, 4, numbered(1, 3, 4, 5, 6))
    assert removed(archive, 1, 2, 3, 4) == []


def test_a_feed_that_drops_entries_as_a_habit(archive: SqlArchive) -> None:
    """Of a portal that shows what matters most, the first that leave out of turn are believed, and then no more."""
    shown = list(range(1, 21))
    gone: list[int] = []
    for hour in range(12):
        show(archive, hour, numbered(*shown))
        gone.append(shown.pop(10))
        shown.append(100 + hour)
    assert len(removed(archive, *gone)) <= 3


def test_a_page_that_is_gone(archive: SqlArchive) -> None:
    """An entry whose own page is gone was taken away though its feed shows it, until the page is there again."""
    first = numbered(1, 2)
    show(archive, 0, first)
    archive.judged(Judgement("s", "1", first[0].version, True, 0.9, "it belongs", "judge", NOON))
    archive.page_gone("1", later(hours=1), 410)
    archive.page_gone("1", later(hours=2), 404)
    removal = archive.removal("1")
    assert removal is not None
    assert (removal.at, removal.reason) == (later(hours=1), "its page is gone (HTTP 410)")
    show(archive, 3, numbered(1, 2, 3))
    assert archive.withdrawn("s") == (removal,)
    assert archive.keep("f", [first[0]], baseline=[False], seen=later(hours=4), page=True) == 1
    assert archive.removal("1") is None


def test_a_story_is_told_once_and_only_of_what_it_judged_to_belong(archive: SqlArchive) -> None:
    """Waiting is a story for the removal of an entry that belongs to it, until it was told; others for none."""
    first = numbered(1, 2)
    show(archive, 0, first)
    for story, relevant in (("s", True), ("t", False)):
        for one in first:
            archive.judged(Judgement(story, one.id, one.version, relevant, 0.9, "why", "judge", NOON))
    archive.page_gone("1", later(hours=1), 410)
    told = [(archive.waiting(story), len(archive.withdrawn(story))) for story in ("s", "t")]
    assert told == [(True, 1), (False, 0)]
    archive.told("s", "1")
    archive.told("s", "1")
    assert (archive.waiting("s"), archive.withdrawn("s")) == (False, ())


def shown(number: int, hours: float = 0) -> Shown:
    """Return an entry that came as the so many-th and was there until some hours after noon."""
    return Shown(str(number), number, None, later(hours=hours))


def test_a_single_older_entry_may_be_pinned() -> None:
    """It counts where fewer came than went; two older ones always do."""
    pinned, gone, newer = shown(1), shown(2), [shown(3), shown(4)]
    assert out_of_turn([gone], [pinned, *newer], arrivals=1) == []
    assert out_of_turn([gone], [pinned, *newer], arrivals=0) == [gone]
    assert out_of_turn([shown(3)], [pinned, shown(2), shown(4)], arrivals=1) == [shown(3)]


dates = st.none() | st.integers(0, 3).map(lambda hours: later(hours=hours))
some = st.lists(dates, max_size=8).map(
    lambda found: [Shown(str(nth), nth, published, NOON) for nth, published in enumerate(found)]
)


@given(some, st.sets(st.integers(0, 7)), st.integers(0, 3))
def test_few_are_looked_at_for_all(entries: list[Shown], left: set[int], arrivals: int) -> None:
    """Whether two older entries stay is found by a look at a few, dated or not, as by a look at all."""
    gone = [one for one in entries if one.number in left]
    stay = [one for one in entries if one.number not in left]
    least = 1 if arrivals < len(gone) else 2
    all_ = [one for one in gone if sum(other.older(one) for other in stay) >= least]
    assert out_of_turn(gone, stay, arrivals) == (all_ if len(gone) <= len(stay) else [])


def test_what_went_at_one_time_is_no_habit() -> None:
    """Ten entries that were taken away at once are one time out of turn; four times in eight are a habit."""
    orderly = [shown(number, hours=number) for number in range(1, 9)]
    there = [shown(number, hours=99) for number in range(9, 20)]
    assert not is_habit([*orderly, *there])
    assert not is_habit([*orderly, *there, *(shown(number, hours=50) for number in range(20, 30))])
    early = [shown(number, hours=number) for number in range(20, 24)]
    assert is_habit([*orderly, *there, *early])
    assert not is_habit([*orderly, *there, *early[:3]])
