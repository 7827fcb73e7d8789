"""Sentences with offsets, words, and proper names."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.text import content_words, names, normalise, sentences, tokens
from tracker.domain.words import singular, stem

news = st.text(alphabet=st.sampled_from("aA bB.U S?!\"'“”\n\r,;0 5-–\u2028é…(Mr"), max_size=120) | st.text(max_size=60)


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@given(news)
def test_offsets_slice_back(text: str) -> None:
    """Every sentence is text[start:end], none is blank, none overlaps, and no letter is lost between them."""
    found = sentences(text)
    assert all(text[each.start : each.end] == each.text for each in found)
    assert all(each.text.strip() == each.text != "" for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert sum(sum(map(str.isalnum, each.text)) for each in found) == sum(map(str.isalnum, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Mr. Smith. They spoke.", ["He met Mr. Smith.", "They spoke."]),
        ("It is in the U.S. The talks ended.", ["It is in the U.S.", "The talks ended."]),
        ("The U.S. Army left. It was late.", ["The U.S. Army left.", "It was late."]),
        ("J. K. Rowling wrote it. Yes.", ["J. K. Rowling wrote it.", "Yes."]),
        ("Gen. Milley of the U.K. spoke at 5 p.m. on Friday.", ["Gen. Milley of the U.K. spoke at 5 p.m. on Friday."]),
        ("It grew 3.5 percent. No. 10 was silent.", ["It grew 3.5 percent.", "No. 10 was silent."]),
        ("It ended.The next day came.", ["It ended.", "The next day came."]),
        ("against the lines. who besiege the city", ["against the lines. who besiege the city"]),
        ("“It works.” He left.", ["“It works.”", "He left."]),
        ("“Why?” he asked. No one knew!", ["“Why?” he asked.", "No one knew!"]),
        ("A heading\nA line\r\nAnother", ["A heading", "A line", "Another"]),
        ("one (two.) Three", ["one (two.)", "Three"]),
        ("So am I. You too.", ["So am I.", "You too."]),
        ("No. He left.", ["No.", "He left."]),
        ("他来了。她走了。", ["他来了。", "她走了。"]),
        ("See example.com for more. It is free.", ["See example.com for more.", "It is free."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_splits(text: str, expected: list[str]) -> None:
    """Abbreviations, initials, decimals and quotes end no sentence; a missing blank and a line break do."""
    assert split(text) == expected


def test_normalise() -> None:
    """Quotes, dashes, blanks and invisible characters are folded, compatibility forms unified."""
    assert normalise("“Kyiv’s\u00a0plan”  –\u200b ﬁne\n") == '"Kyiv\'s plan" - fine'


def test_tokens() -> None:
    """Words come in lower case without possessives and accents, numbers without separators, types in one piece."""
    assert tokens("Macron’s F-16s cost $33,000, or 2.5% more in São Paulo") == (
        *("macron", "f-16s", "cost", "33000", "or", "2.5", "more", "in", "sao", "paulo"),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("finalising", "finalizing"),
        ("centre", "center"),
        ("centres", "center"),
        ("instructors", "instructor"),
        ("training", "trained"),
        ("programme", "program"),
        ("defence", "defense"),
        ("labour", "labor"),
        ("countries", "country"),
        ("stopped", "stopping"),
        ("travelled", "traveled"),
    ],
)
def test_stems(one: str, other: str) -> None:
    """British and American spelling and the common inflections share a stem."""
    assert stem(one) == stem(other)


def test_short_words_keep() -> None:
    """A word that is short already is its own stem, and a word without plural its own singular."""
    assert (stem("red"), singular("gas"), singular("press"), singular("boxes")) == ("red", "gas", "press", "box")


def test_content_words() -> None:
    """Stop words and single letters carry nothing."""
    assert content_words("The plan of a minister is to train them") == {"plan", stem("minister"), "train"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("French troops left.", {"france"}),
        ("Ukrainians in Kyiv", {"ukraine", "kyiv"}),
        ("the kyiv Government", {"kyiv", "ukraine"}),
        ("The Kremlin denies it.", {"kremlin", "russia"}),
        ("the United States and the U.S.", {"united states"}),
        ("they asked us to go", set()),
        ("the turkey was roasted in Turkey", {"turkey"}),
        ("Then President Emmanuel Macron spoke.", {"emmanuel macron", "macron"}),
        ("Volodymyr Zelenskyy", {"volodymyr zelenski", "zelenski"}),
        ("Prime Minister of Spain Pedro Sánchez", {"spain", "pedro sanchez", "sanchez"}),
        ("The International Space Station turns.", {"international space station", "iss"}),
        ("Rescuers found them. Talks go on.", set()),
        ("Starliner will land.", {"starliner"}),
        ("Boeing delays it.", {"boeing"}),
        ("NASA waits; today Crew-9 flies.", {"nasa", "crew-9"}),
        ("With Strike Talks Stalling, Boeing Waits", {"stalling", "boeing waits", "waits"}),
        ("on Monday in June", set()),
        ("Twelve people died", set()),
        ("the European Council on Foreign Relations", {"europe", "council on foreign relations", "cfr"}),
        ("World War and Peace met Tom and Jerry", {"war", "world war", "peace", "tom", "jerry"}),
        ("Malcolm X and Formula 1 here", {"malcolm x", "x", "formula 1"}),
        ("", set()),
    ],
)
def test_names(text: str, expected: set[str]) -> None:
    """Demonyms, capitals, titles, transliterations and initials lead to keys that wordings share."""
    assert names(text) == expected


def test_surname_is_shared() -> None:
    """A full name and the surname alone share a key."""
    assert names("Emmanuel Macron said so") & names("But Macron denied it")


@given(news)
def test_names_never_fail(text: str) -> None:
    """Any text has names, in lower case."""
    assert all(name == name.lower() for name in names(text))
