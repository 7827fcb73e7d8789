"""Ids of entries: the same item has the same one, whatever stands around it."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.adapters.feeds.identity import entry_ids, without_repeats
from tracker.adapters.feeds.item import Item
from tracker.adapters.feeds.links import absolute
from tracker.domain.address import canonical
from tracker.ports.feeds import Document

Parse = Callable[..., Document]
Write = Callable[..., str]


def item(guid: str = "", link: str | None = None, title: str = "t") -> Item:
    return Item(guid, link, title, "", "", None, None, None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://A.example/x?utm_source=rss&id=1#top", "https://a.example/x?id=1"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example", "http://a.example/"),
        ("https://a.example/x?fbclid=1", "https://a.example/x"),
        ("https://a.example/x?at_medium=RSS&at_campaign=rss", "https://a.example/x"),
    ],
)
def test_links_to_one_article_are_one(one: str, other: str) -> None:
    """Campaign parameters, fragments, default ports and the case of the host make no difference."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/X", "https://a.example/x"),
        ("http://a.example/x", "https://a.example/x"),
        ("https://a.example:8443/x", "https://a.example/x"),
    ],
)
def test_links_to_two_articles_are_two(one: str, other: str) -> None:
    """Other parameters, the case of the path, scheme and port are kept apart."""
    assert canonical(one) != canonical(other)


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
