"""Addresses: what makes no other one, and what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.address import article, canonical


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
def test_links_to_one_item_are_one(one: str, other: str) -> None:
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
def test_links_to_two_items_are_two(one: str, other: str) -> None:
    """Other parameters, the case of the path, scheme and port are kept apart: ids rest on it."""
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "other",
    [
        "http://a.example/news/x?id=1&b=2",
        "https://www.a.example/news/x?id=1&b=2",
        "https://www2.a.example/news/x?id=1&b=2",
        "https://m.a.example/news/x?id=1&b=2",
        "https://mobile.a.example/news/x?id=1&b=2",
        "https://amp.a.example/news/x?id=1&b=2",
        "https://www.m.a.example/news/x/?id=1&b=2",
        "https://a.example/news/x/?b=2&id=1",
        "https://a.example/news/x/amp?id=1&b=2",
        "https://a.example/news/x/amp/?id=1&b=2",
        "https://a.example/news/x.amp?id=1&b=2",
        "https://a.example/news/x?id=1&b=2&amp=1",
        "https://a.example/news/x?id=1&b=2&outputType=amp",
        "https://a.example/news/x?id=1&b=2&ref_src=twsrc&ns_campaign=rss&smid=tw&at_whatever=1",
        "https://a.example/news/x?id=1&b=2&utm%5Fsource=rss#top",
        " https://A.example:443/news/x?id=1&b=2 ",
    ],
)
def test_addresses_of_one_article_are_one(other: str) -> None:
    """Scheme, names for browsers and telephones, AMP, campaigns, order of parameters and slashes make no difference."""
    assert article(other) == article("https://a.example/news/x?id=1&b=2") == "https://a.example/news/x?b=2&id=1"


@pytest.mark.parametrize(
    "other",
    [
        "https://a.example/news/X",
        "https://a.example/news/x?id=1",
        "https://a.example/news/x/2",
        "https://a.example:8443/news/x",
        "https://b.a.example/news/x",
        "https://a.example/news/xamp",
        "https://a.example/amp/news/x",
    ],
)
def test_addresses_of_two_articles_are_two(other: str) -> None:
    """Path, parameters, port and other names of a host are kept apart."""
    assert article(other) != article("https://a.example/news/x")


@pytest.mark.parametrize("url", ["https://[broken", "", "urn:x", "https://m.org/", "x"])
def test_what_is_no_address_or_bare_stays(url: str) -> None:
    """What cannot be read as an address stays as it is, and so does a host of two names that begins with "m."."""
    assert article(url) == url


hosts = st.lists(st.sampled_from(["www", "m", "amp", "a", "example", "org", "WWW"]), min_size=1, max_size=5).map(
    ".".join
)
paths = st.lists(
    st.sampled_from(["amp", ".amp", "x.amp", "x.amp.html", "X", "", "%7E", "é", "amp.html", ".."]), max_size=4
)
values = st.sampled_from(["", "1", "%zz", "a b", "a+b", "é", "%26", "utm_x"])
names = st.sampled_from(["utm_source", "utm%5Fsource", "id", "amp", "AMP", "b", "", "at_x", "fbclid"])
queries = st.lists(st.tuples(names, values).map("=".join), max_size=4).map("&".join)
addresses = st.builds(
    "{}://{}{}/{}{}?{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":8080"]),
    paths.map("/".join),
    st.sampled_from(["", "/", "//"]),
    queries,
    st.sampled_from(["", "#x"]),
)


@given(addresses | st.text(max_size=30))
def test_what_was_made_canonical_stays(url: str) -> None:
    """Both forms leave alone what they have made, and an article's address is that of its canonical form."""
    assert article(article(url)) == article(url)


@given(addresses)
def test_what_was_made_an_address_of_an_item_stays(url: str) -> None:
    """The address of an item is that of itself, and of the same article."""
    assert canonical(canonical(url)) == canonical(url)
    assert article(canonical(url)) == article(url)
