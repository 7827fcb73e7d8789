"""Copies and reposts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tracker.domain.entry import Entry, refer
from tracker.domain.events import EntryLinked, NewEvent
from tracker.domain.story import Story
from tracker.judging.near_duplicate import copy_of

WIRE = (
    "A passenger ferry with 212 people aboard sank in heavy seas off the coast on Friday night, the coast guard said."
)
Case = tuple[str, str, str | None, bool]


def knowing(opened: Callable[..., Story], append: Callable[..., Story], entry: Entry) -> Story:
    linked = EntryLinked(refer(entry, "AP"), 0.9, "", None, (), entry.id)
    return append(opened("Ferry", "A ferry sank."), [NewEvent("x", linked, "test")], entry.seen + timedelta(minutes=1))


@pytest.mark.parametrize(
    "case",
    [
        ("Ferry with 212 aboard sinks off the coast", "Short.", None, True),
        ("Disaster at sea", f"{WIRE} More soon.", None, True),
        ("Disaster at sea", "Short.", "https://b.example/9/ferry-with-212-aboard-sinks-off-the-coast", True),
        (
            "Ferry with 212 aboard sinks off the coast: owner arrested, minister resigns, port closed for good",
            "",
            None,
            False,
        ),
        ("Coast guard ends its search", "Nobody is missing any more, the coast guard said.", None, False),
        ("Ferry with 312 aboard sinks off the coast", "Short.", None, False),
        ("Disaster at sea", WIRE.replace("212", "312"), None, False),
    ],
)
def test_a_copy_is_known_by_headline_text_or_address(
    opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry], case: Case
) -> None:
    """The same headline, the same text, or the headline in the address make a copy; more news, or a new figure, not."""
    title, summary, url, copied = case
    first = write("Ferry with 212 aboard sinks off the coast", WIRE, url="https://a.example/1")
    found = copy_of(write(title, summary, url=url, hours=30), knowing(opened, append, first))
    assert (found is not None) == copied


def test_an_entry_is_no_copy_of_itself(
    opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry]
) -> None:
    """A new version of an entry is a revision, no repost."""
    first = write("Ferry with 212 aboard sinks off the coast", WIRE)
    assert copy_of(first, knowing(opened, append, first)) is None


STARTED = "The council has begun to build a bridge over the river Lea, it said."


@pytest.mark.parametrize(
    ("summary", "copied"),
    [
        ("The mayor denied that the council has begun to build a bridge over the river Lea.", False),
        ("The Post has retracted its report that the council has begun to build a bridge over the river Lea.", False),
        ("The council has not begun to build a bridge over the river Lea, it said.", False),
        (f"{STARTED} The mayor denied that the council has begun to build a bridge over the river Lea.", True),
        (f"{STARTED} No trains run.", True),
    ],
)
def test_who_denies_it_in_the_same_words_copies_nothing(
    opened: Callable[..., Story],
    append: Callable[..., Story],
    write: Callable[..., Entry],
    summary: str,
    copied: bool,  # noqa: FBT001 - what is expected
) -> None:
    """A denial that repeats a report word for word is none of its copies; the report with a denial after it is one."""
    known = knowing(opened, append, write("Work on the Lea begins", STARTED))
    assert (copy_of(write("News of the bridge", summary, hours=30), known) is not None) == copied


HEADLINES = (
    ("Fire at {} mill leaves 14 people hurt", "Ipswich", "Keswick", False),
    ("{} mill fire leaves 14 people hurt, officials say", "Ipswich", "Keswick", False),
    ("Fire At {} Mill Leaves 14 People Hurt On Tuesday Night", "Ipswich", "Keswick", False),
    ("Fourteen people hurt in a fire at a mill in {}", "Ipswich", "Keswick", False),
    ("FIFA suspends president of the {} football federation", "Kenyan", "Kenya", True),
    ("Court clears former mayor Adele {} of taking bribes", "Brandt", "Krantz", False),
    ("{} to cut two thousand jobs in its network business", "Nokia", "Ericsson", False),
    ("Bridge over the Meuse closed to lorries, coaches and all heavy traffic - {} News", "Norfolk", "Norwich", True),
    ("Blast in {} port destroys two grain silos, governor says", "Odessa", "Odesa", True),
    ("{} metro to run at night again from first of May", "Kiev", "Kyiv", True),
    ("Zambia bans {} of unprocessed copper ore from next January", "export", "exports", True),
    ("{} puts its first weather satellite into orbit, state media say", "Iran", "Iraq", False),
)


@pytest.mark.parametrize("case", HEADLINES)
def test_another_name_in_a_headline_is_no_copy(
    opened: Callable[..., Story],
    append: Callable[..., Story],
    write: Callable[..., Entry],
    case: tuple[str, str, str, bool],
) -> None:
    """A headline of another place, person or body is no copy; another spelling, ending or publisher changes none."""
    template, one, other, copied = case
    story = knowing(opened, append, write(template.format(one)))
    title = template.format(other)
    assert (copy_of(write(title, hours=30), story) is not None) == copied
    slug = "https://a.example/2/" + title.lower().replace(",", "").replace(" ", "-")
    if not copied:
        assert copy_of(write("Elsewhere", url=slug, hours=30), story) is None


@pytest.mark.parametrize(
    ("old", "new"), [("off Cebu", "off Bohol"), ("Ann Marple", "Ann Quimby"), ("near Lagos", "near Accra")]
)
def test_another_name_in_a_text_is_no_copy(
    opened: Callable[..., Story], append: Callable[..., Story], write: Callable[..., Entry], old: str, new: str
) -> None:
    """A text that has another name in the place of one is no copy; one with a dateline or a name more is."""
    wire = f"A passenger ferry with 212 people aboard sank in heavy seas {old} on Friday night, the coast guard said."
    story = knowing(opened, append, write("Ferry sinks", wire))
    assert copy_of(write("Disaster at sea", wire.replace(old, new), hours=30), story) is None
    assert copy_of(write("Disaster at sea", f"MANILA, Reuters: {wire} It was the Santa Lucia.", hours=30), story)
