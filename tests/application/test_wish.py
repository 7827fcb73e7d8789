"""What a person writes becomes a wish, or is refused in one line."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.application.wish import DAYS, EVERY, KINDS, STANDINGS, filter_of, seconds_of, timing_of
from tracker.domain.subscription_events import DevelopmentKind, Filter, Timing
from tracker.entrypoints.cli import subscription_add
from tracker.errors import UsageError
from tracker.rendering.wish import duration


def test_nothing_said_is_everything_at_once() -> None:
    """Without a word the wish is the default one, and so with each word left empty, as a config file leaves it."""
    assert filter_of() == filter_of(kind=(), standing=None, claim=(), language=(), outlet=()) == Filter()
    assert timing_of() == Timing()
    nothing: dict[str, Any] = dict.fromkeys(("every", "at", "day", "zone", "quiet", "group_wait", "group_interval"))
    assert timing_of(**nothing, urgent=()) == Timing()


def test_every_word_has_its_place() -> None:
    """What is said arrives in the wish: repeated words once, names without blanks, languages in small letters."""
    only = filter_of(
        kind=("denied", "updated", "denied"),
        standing="corroborated",
        claim=["S01", " S02 "],
        language=("EN", "pt-BR"),
        outlet=("AFP", "Le Monde"),
    )
    assert only == Filter(
        ("denied", "updated"), "corroborated", ("S01", "S02"), ("en", "pt-br"), ("AFP", "Le Monde")
    )  # fmt: skip
    weekly = timing_of(every="weekly", at="09:30", day="Friday", zone="Europe/Paris", quiet=" 22:00 - 07:00 ")
    assert weekly == Timing("weekly", "09:30", 4, "Europe/Paris", ("22:00", "07:00"))
    grouped = timing_of(quiet="22:00-07:00", urgent=["denied"], group_wait="30s", group_interval=300)
    assert grouped == Timing(quiet=("22:00", "07:00"), urgent=("denied",), group_wait=30.0, group_interval=300.0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": ["gossip"]}, "'gossip' is no kind of development; there are denied, removed"),
        ({"standing": "sure"}, "'sure' is no standing; there are reported, corroborated"),
        ({"claim": [" "]}, "' ' is no name of a claim"),
        ({"outlet": [""]}, "'' is no name of an outlet"),
        ({"outlet": ["a\x1b[2J"]}, "no name of an outlet"),
        ({"language": ["english"]}, "'english' is no language"),
        ({"language": ["e\xf1"]}, "is no language"),
    ],
)
def test_a_condition_that_cannot_be_met_is_refused(given: dict[str, Any], words: str) -> None:
    """Each mistake in what is wanted is named in one line that shows what was written."""
    with pytest.raises(UsageError) as refused:
        filter_of(**given)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"every": "yearly"}, "'yearly' is no rhythm; there are immediate, hourly, daily, weekly"),
        ({"every": "daily", "at": "8:00"}, "'8:00' is no time of day; write it as 08:00"),
        ({"every": "daily", "at": "24:00"}, "'24:00' is no time of day"),
        ({"every": "daily", "at": "\u0660\u0668:00"}, "is no time of day"),
        ({"every": "weekly", "day": "funday"}, "'funday' is no day of the week; there are monday"),
        ({"zone": "Europe/Pari"}, "there is no time zone 'Europe/Pari'"),
        ({"zone": "../../etc/passwd"}, "there is no time zone"),
        ({"quiet": "22:00"}, "'22:00' are no quiet hours; write them as 22:00-07:00"),
        ({"quiet": "22:00-7"}, "are no quiet hours"),
        ({"quiet": "22:00-22:00"}, "are none; leave them out"),
        ({"quiet": "22:00-07:00", "urgent": ["loud"]}, "'loud' is no kind of development"),
        ({"group_wait": "soon"}, "'soon' is no duration; write 30s, 5m, 2h, 3d or 1w"),
        ({"group_wait": -1}, "-1 is no duration"),
        ({"group_wait": float("nan")}, "nan is no duration"),
        ({"group_interval": "2d"}, "2d is too long: at most 1 days"),
        ({"at": "09:00"}, "a daily or weekly digest"),
        ({"every": "hourly", "at": "09:00"}, "a daily or weekly digest"),
        ({"every": "daily", "day": "monday"}, "of a weekly digest"),
        ({"urgent": ["denied"]}, "there are none"),
        ({"every": "daily", "quiet": "22:00-07:00", "urgent": ["denied"]}, "a digest knows no urgency"),
        ({"every": "daily", "group_wait": "1m"}, "a digest is one message anyway"),
        ({"group_wait": "5"}, "'5' has no unit: write 5s, 5m, 5h or 5d"),
        ({"zone": ""}, "there is no time zone ''"),
    ],
)
def test_a_time_that_cannot_be_kept_or_has_no_effect_is_refused(given: dict[str, Any], words: str) -> None:
    """Each mistake in the times is named in one line; so is what would change nothing where it stands."""
    with pytest.raises(UsageError) as refused:
        timing_of(**given)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.integers(1, 10_000), st.sampled_from(["s", "m", "h", "d"]))
def test_a_duration_is_read_as_it_is_shown(number: int, unit: str) -> None:
    """What a duration is shown as is read as that duration; a number that is no text is seconds."""
    seconds = seconds_of(f"{number}{unit}", 1e9)
    assert seconds == number * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[unit]
    assert seconds_of(duration(seconds), 1e9) == seconds_of(seconds, 1e9) == seconds


def test_the_words_are_those_of_the_wish() -> None:
    """The command line, which imports little, offers every kind and day that there is, and no other."""
    assert set(KINDS) == set(get_args(DevelopmentKind)) == set(subscription_add.KINDS)
    assert DAYS == subscription_add.DAYS
    assert (EVERY[0], STANDINGS[0]) == (Timing().every, Filter().standing)
