"""What a search over all stories finds."""

import pytest

from tests.application.test_browse import long_story
from tests.made import bridge
from tests.made.views import views_of
from tracker.application.look_up import SHOWN, look_up

VIEWS = views_of(bridge.events())


@pytest.mark.parametrize(
    ("text", "titled", "claims", "developments"),
    [
        ("Harbour BRIDGE", "titled", [], ["update"]),
        ("fourteen hurt", "", ["S01"], ["confirms", "update"]),
        ("eleven", "", ["S01"], ["revised", "confirms"]),
        ("N-7c1", "", ["N-7c1"], []),
        ("hôspital", "", [], ["confirms"]),
        ("fourteen cracks", "", [], []),
    ],
)
def test_all_words_are_sought_in_titles_claims_and_developments(
    text: str, titled: str, claims: list[str], developments: list[str]
) -> None:
    """A story is found by its title, by a claim as it reads or read at first, and by what was said, newest first."""
    found = look_up(VIEWS, text)
    said = [
        ("titled" if hit.titled else "", [one.id for one in hit.claims], [one.kind for one in hit.stretch.developments])
        for hit in found
    ]
    assert said == ([(titled, claims, developments)] if titled or claims or developments else [])


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_no_words_find_nothing(text: str) -> None:
    """Where nothing is asked for, nothing is found, rather than everything."""
    assert look_up(VIEWS, text) == ()


def test_of_a_long_story_the_newest_are_listed() -> None:
    """Of many developments with the words the newest few are listed, and it is told where to go on."""
    (hit,) = look_up(long_story(30), "of many")
    assert [told.headline for told in hit.stretch.developments] == [f"Title {29 - nth}" for nth in range(SHOWN)]
    assert hit.stretch.older == hit.stretch.developments[-1].position
