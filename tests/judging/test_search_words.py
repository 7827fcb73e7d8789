"""The words by which a story is searched for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import bridge
from tracker.adapters.seeds import load_seed
from tracker.domain.search import google_news, written
from tracker.judging.search_words import search_for

SEED = Path(__file__).parents[2] / "seeds" / "western-instructors.toml"


def test_the_words_of_the_seed() -> None:
    """What the title is about, in which country, and one of those who are named most, in the letters of the text."""
    seed = load_seed(SEED)
    words = written(search_for(seed.title, [claim.text for claim in seed.claims]))
    assert words == 'instructors Ukraine (France OR NATO OR Zelensky OR "United Kingdom" OR training OR combat)'
    assert google_news(words, seed.language).startswith(
        "https://news.google.com/rss/search?q=instructors%20Ukraine%20(France%20OR%20NATO%20OR%20Zelensky%20OR%20"
        "%22United%20Kingdom%22%20OR%20training%20OR%20combat)%20when:7d&"
    )


@pytest.mark.parametrize(
    ("title", "claims", "words"),
    [
        ("Old harbour bridge closed", [c.text for c in (bridge.HURT, bridge.KNEW, bridge.CLOSED)], "harbour bridge"),
        ("Presidential election in Romania", ["Calin Georgescu leads, ahead of Elena Lasconi."], "Romania (Georgescu"),
        ("Starliner crew", ["The International Space Station is full.", "The ISS is full."], "Starliner crew"),
        ("On and off", [], '"On and off"'),
        ("!", [], '"!"'),
    ],
)
def test_the_words_of_other_stories(title: str, claims: list[str], words: str) -> None:
    """Surnames alone, as headlines have them; a title that tells nothing is searched for as it stands."""
    found = written(search_for(title, claims))
    assert words in found
    assert "Calin" not in found


@given(title=st.text(min_size=1, max_size=120).filter(str.strip), claims=st.lists(st.text(max_size=200), max_size=5))
def test_every_story_has_words(title: str, claims: list[str]) -> None:
    """Whatever the language and the letters, a search comes out that is not empty."""
    assert written(search_for(title, claims)).strip('" ')
