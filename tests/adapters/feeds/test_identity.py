"""Ids of entries: the same item has the same one, whatever stands around it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.adapters.feeds.identity import entry_ids, without_repeats
from tracker.adapters.feeds.item import Item
from tracker.adapters.feeds.links import absolute
from tracker.ports.feeds import Criterion, Document

Parse = Callable[..., Document]
Write = Callable[..., str]


NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def item(guid: str = "", link: str | None = None, title: str = "t", summary: str = "", hour: int | None = None) -> Item:
    """Return an item, dated so many hours after noon."""
    published = None if hour is None else NOON + timedelta(hours=hour)
    return Item(guid, link, title, summary, "", published, None, None)


def at(number: int) -> str:
    """Return an address of its own for each number."""
    return f"https://a.example/{number}"


@pytest.mark.parametrize("link", ["", "  ", "mailto:a@b.example", "javascript:x", "http://[", "http://", "x" * 9000])
def test_what_leads_nowhere_is_no_link(link: str) -> None:
    """Other schemes, broken addresses and endless ones give None."""
    assert absolute(link, "") is None


def test_a_link_can_be_written_down() -> None:
    """Half a character, which JSON can carry and no database can keep, is replaced."""
    assert absolute("http://a.example/\ud800x", "") == "http://a.example/\ufffdx"
    assert absolute("x", "http://a.example/\udfff/") == "http://a.example/\ufffd/x"


def test_an_article_is_one_entry_in_all_feeds(parse: Parse, rss: Write) -> None:
    """The same permalink in two feeds is one entry; the same bare number in two feeds is two."""
    permalink = rss("<guid>https://a.example/x</guid><title>a</title>")
    linked = rss("<link>https://a.example/x?utm_source=y</link><title>a, edited</title>")
    assert parse(permalink, feed="f1").entries[0].id == parse(linked, feed="f2").entries[0].id
    number = rss("<guid isPermaLink='false'>12</guid><title>a</title>")
    assert parse(number, feed="f1").entries[0].id != parse(number, feed="f2").entries[0].id
    assert (
        parse(number, feed="f1").entries[0].id == parse(number, feed="f1", url="https://moved.example/").entries[0].id
    )


def test_an_edit_is_a_new_version_of_the_same_entry(parse: Parse, rss: Write) -> None:
    """Other words under the same guid keep the id and change the version, also when the guid counts the edits."""
    before, after = (
        parse(rss(f"<guid>https://a.example/x#{n}</guid><title>{title}</title>")).entries[0]
        for n, title in ((0, "Three dead"), (1, "Four dead"))
    )
    assert before.id == after.id
    assert before.version != after.version


def test_a_shared_guid_gives_way_to_the_link(parse: Parse, rss: Write) -> None:
    """Where items share a guid their links tell them apart, and where they share both their words do."""
    guid = "<guid isPermaLink='false'>same</guid>"
    by_link = parse(rss(*(f"{guid}<link>https://a.example/{n}</link><title>t{n}</title>" for n in range(3))))
    assert len({entry.id for entry in by_link.entries}) == 3
    alone = parse(rss("<link>https://a.example/1</link><title>t1</title>"))
    assert alone.entries[0].id in {entry.id for entry in by_link.entries}
    by_words = parse(rss(*(f"{guid}<link>https://a.example/</link><title>t{n}</title>" for n in range(3))))
    assert len({entry.id for entry in by_words.entries}) == 3


def test_a_repeated_item_is_one_entry(parse: Parse, rss: Write) -> None:
    """An item that stands twice in a document is read once, and its id is that of the item alone."""
    once = "<guid>https://a.example/x</guid><title>a</title>"
    (entry,) = parse(rss(once, once)).entries
    assert entry == parse(rss(once)).entries[0]


def test_links_that_differ_in_the_fragment_stay_apart(parse: Parse, rss: Write) -> None:
    """Items of a live page that link to its sections are separate entries."""
    document = parse(rss(*(f"<link>https://a.example/live#part-{n}</link><title>t</title>" for n in range(3))))
    assert len({entry.id for entry in document.entries}) == 3


FAILING: dict[Criterion, list[Item]] = {
    "id": [item(f"g{n}", at(n)) for n in range(20)],
    "link": [item("same", at(n)) for n in range(20)],
    "link and date": [item("same", at(0), hour=n) for n in range(20)],
    "link, date and title": [item("same", at(0), f"t{n}", hour=0) for n in range(20)],
    "content": [item("same", at(0), "t", f"words {n}", hour=0) for n in range(20)],
}


@pytest.mark.parametrize("criterion", list(FAILING))
def test_a_feed_stands_on_the_first_rung_that_holds(criterion: Criterion) -> None:
    """A document whose ids, links, dates or titles are one for all is told apart by the next, and no item is eaten."""
    ids, found = entry_ids(FAILING[criterion], "f")
    assert found == criterion
    assert len(set(ids)) == 20


@pytest.mark.parametrize("criterion", list(FAILING))
def test_a_feed_never_goes_up_again(criterion: Criterion) -> None:
    """Once a feed has come down, a document that would hold higher is told apart as before, with the ids of before."""
    weak = FAILING[criterion]
    ids, _ = entry_ids(weak, "f")
    for nth, one in enumerate(weak):
        healthy = [item(f"h{n}", at(n + 99), f"h{n}", hour=n + 99) for n in range(9)]
        again, found = entry_ids([one, *healthy], "f", criterion)
        assert (again[0], found) == (ids[nth], criterion)


@pytest.mark.parametrize(
    "items",
    [
        [item("", at(0)), *(item(f"g{n}", at(n)) for n in range(1, 20))],
        [item("g1", at(0)), *(item(f"g{n}", at(n)) for n in range(1, 20))],
        [item(f"g{n // 2}", at(n)) for n in range(3)],
        [item("same", at(n)) for n in range(3)],
        [item(f"g{n}" if n % 2 else "", at(n)) for n in range(20)],
        [],
    ],
    ids=["one blank", "one doubled", "a tiny document", "all the same in a tiny one", "every other blank", "empty"],
)
def test_exceptions_degrade_no_feed(items: list[Item]) -> None:
    """A blank or doubled id takes the next rung for itself alone; a document of under four items says nothing."""
    ids, found = entry_ids(items, "f", "id")
    assert found == "id"
    assert len(set(ids)) == len(items)
    alone = [entry_ids([one], "f")[0][0] for one in items]
    assert sum(one == other for one, other in zip(ids, alone, strict=True)) >= len(items) - 3


def test_a_doubled_guid_loses_neither_item(parse: Parse, rss: Write) -> None:
    """Two items under one guid are told apart by their links, and where these are one by their words."""
    doubled = "<guid isPermaLink='false'>7</guid>"
    for one, other in (("<link>https://a.example/1</link>", "<link>https://a.example/2</link>"), ("", "")):
        document = parse(rss(f"{doubled}{one}<title>a</title>", f"{doubled}{other}<title>b</title>"))
        assert {entry.title for entry in document.entries} == {"a", "b"}


UNIQUE = st.lists(
    st.builds(
        item,
        guid=st.sampled_from(["", "1", "2", "tag:x,2026:1", "https://a.example/g1", "https://a.example/g2#5"]),
        link=st.sampled_from([None, "https://a.example/1", "https://a.example/2?utm_source=x", "https://b.example/3"]),
        title=st.sampled_from(["a", "b", "c"]),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(UNIQUE, st.randoms())
def test_order_does_not_matter(items: list[Item], random: st.DataObject) -> None:
    """Items have the same ids in whatever order the document lists them, and distinct items distinct ones."""
    kept = without_repeats(items)
    shuffled = list(kept)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dict(zip(kept, entry_ids(kept, "f")[0], strict=True)) == dict(
        zip(shuffled, entry_ids(shuffled, "f")[0], strict=True)
    )


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), unique=True, min_size=1), st.sets(st.integers(0, 30)))
def test_ids_do_not_depend_on_what_comes_and_goes(numbers: list[int], gone: set[int]) -> None:
    """An item with a guid or link of its own keeps its id when others appear or vanish."""
    items = [item(guid=f"g{n}" if n % 2 else "", link=f"https://a.example/{n}") for n in numbers]
    left = [one for n, one in zip(numbers, items, strict=True) if n not in gone]
    before = dict(zip(items, entry_ids(items, "f")[0], strict=True))
    after = dict(zip(left, entry_ids(left, "f")[0], strict=True))
    assert all(before[one] == after[one] for one in left)
