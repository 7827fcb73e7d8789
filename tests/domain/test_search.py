"""Searches of news services: their words and their addresses."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.search import LONGEST, SERVICES, Search, checked, gdelt, google_news, written
from tracker.errors import UsageError

TERMS = st.lists(st.text(min_size=1, max_size=120).filter(str.strip), max_size=12).map(tuple)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (Search(("bridge",)), "bridge"),
        (Search(("bridge", "harbour"), ("railing",)), "bridge harbour railing"),
        (Search(("bridge",), ("railing", "judge")), "bridge (railing OR judge)"),
        (Search(("old bridge",), ("d-day", "F16")), '"old bridge" ("d-day" OR F16)'),
        (Search(('so-"called"',)), '"so- called"'),
    ],
)
def test_a_search_is_written_as_both_services_read_it(search: Search, words: str) -> None:
    """Terms that are no plain words are quoted; parentheses stand around two or more alternatives, and nowhere else."""
    assert written(search) == words


@given(every=TERMS.filter(bool), either=TERMS)
def test_a_written_search_has_words_fits_and_is_taken_as_it_is(every: tuple[str, ...], either: tuple[str, ...]) -> None:
    """However long and odd the terms, the search is short enough, and its quotes and parentheses are closed."""
    words = written(Search(every, either))
    assert 0 < len(words) <= LONGEST
    assert words.count('"') % 2 == 0
    outside = "".join(words.split('"')[::2])
    assert outside.count(" OR ") + 1 >= 2 * outside.count("(")
    if any(char.isalnum() for char in words) and "://" not in words:
        assert checked(words).split() == words.split()


def test_the_address_of_google_news() -> None:
    """Words and the last seven days are one parameter, percent-encoded; the edition is that of the language."""
    assert google_news('"old bridge" (railing OR judge)', "en") == (
        "https://news.google.com/rss/search?q=%22old%20bridge%22%20(railing%20OR%20judge)%20when:7d"
        "&hl=en-US&gl=US&ceid=US:en"
    )
    assert google_news("Brücke", "de").endswith("?q=Br%C3%BCcke%20when:7d&hl=de&gl=DE&ceid=DE:de")
    assert google_news("x", "xx").endswith("&hl=en-US&gl=US&ceid=US:en")


def test_the_address_of_gdelt() -> None:
    """The list of articles as RSS, newest first, in the language of the story where GDELT has a name for it."""
    assert gdelt("bridge (railing OR judge)", "en") == (
        "https://api.gdeltproject.org/api/v2/doc/doc?query=bridge%20(railing%20OR%20judge)%20sourcelang:english"
        "&mode=artlist&maxrecords=75&timespan=7d&sort=datedesc&format=rss"
    )
    assert "sourcelang" not in gdelt("bridge", "xx")


@given(words=st.text(min_size=1, max_size=LONGEST), language=st.sampled_from(["en", "de", "uk", "zh", "xx"]))
def test_an_address_gives_back_its_words(words: str, language: str) -> None:
    """Whatever the words, the service reads exactly these, and the address is one of ASCII without blanks."""
    for service, name in ((SERVICES["google"], "q"), (SERVICES["gdelt"], "query")):
        url = service.address(words, language)
        assert url.isascii()
        assert not set(url) & set(' "<>\n')
        (asked,) = parse_qs(urlsplit(url).query, strict_parsing=True)[name]
        assert asked.startswith(words)
        assert len(asked) - len(words) <= 40


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("  ", "has words"),
        ("()", "has words"),
        ('"old bridge', "not closed"),
        ("a) (b", "not closed"),
        ("(a OR b", "not closed"),
        ("x" * (LONGEST + 1), "200 characters at most"),
        ("https://news.example/feed", "takes words"),
    ],
)
def test_words_that_no_service_takes_are_refused(words: str, reason: str) -> None:
    """The reason is said, so that it can be mended."""
    with pytest.raises(UsageError, match=reason):
        checked(words)
    assert checked(" a  (b OR\nc) ") == "a (b OR c)"
