"""`tracker subscription add` with every wish, `tracker mute` and `tracker alert route`, as a person types them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made.alerts import STORY, denied, entry, opening, updated
from tracker.application.correct import tell
from tracker.application.declared import declare
from tracker.application.shelf import Shelf
from tracker.bootstrap import App
from tracker.config import load
from tracker.domain.events import Event, NewEvent, story_stream
from tracker.entrypoints.cli.main import run
from tracker.errors import ConfigError

Tracker = Callable[..., tuple[int, str, str]]
DESK = ("--email", "desk@example.org", "--id", "desk")
DECLARED = f"""
[[subscription]]
email = "a@example.org"
story = "{STORY}"
kind = ["denied"]
standing = "corroborated"
claim = ["S01"]
language = ["en"]
outlet = ["AFP"]
every = "weekly"
at = "09:00"
day = "friday"
zone = "Europe/Paris"
person = "Ada"
endpoints = true
[[subscription]]
webhook = "https://e.org/"
secret = "env:HOOK"
quiet = "22:00-07:00"
urgent = ["denied"]
group_wait = 30
group_interval = "5m"
[[subscription]]
chat = "file:desk.chat"
"""


@pytest.fixture
def config(sqlite_url: str, tmp_path: Path) -> Path:
    """A config file, and a database that holds one story."""
    path = tmp_path / "tracker.toml"
    path.write_text(f'[database]\nurl = "{sqlite_url}"\n')
    return path


@pytest.fixture
def app(config: Path) -> Iterator[App]:
    made = App(load(config, {}, {}))
    made.log.append(story_stream(STORY), 0, opening())
    yield made
    made.close()


@pytest.fixture
def tracker(config: Path, app: App, capsys: pytest.CaptureFixture[str]) -> Tracker:
    assert app.log.head()

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["--config", str(config), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def listed(tracker: Tracker) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(tracker("subscription", "list", "--json")[1])["subscriptions"]
    return rows


def report(app: App, *events: Event) -> int:
    """Record what came of one entry, with the notices owed; return the position of the first."""
    story = Shelf(app.log).story(STORY)
    assert story is not None
    new = [
        NewEvent(f"n-{story.version}-{nth}", event, "judge", f"c-{story.version}") for nth, event in enumerate(events)
    ]
    notices = tell(app, story, new, Shelf(app.log).subscriptions(), silent=False)
    return app.log.append(story_stream(STORY), story.version, new, notices)[0].position


def test_every_wish_is_taken_listed_and_replaced(tracker: Tracker) -> None:
    """Each option arrives where the list shows it, in text and in JSON; adding again without them takes them back."""
    what = ("--kind", "denied", "--kind", "updated", "--standing", "corroborated", "--claim", "S01", "--language", "EN")
    when = ("--quiet", "22:00-07:00", "--urgent", "denied", "--zone", "Europe/Paris", "--group-wait", "30s")
    who = ("--outlet", "AFP", "--person", "Ada", "--sources", "--endpoints", "--group-interval", "5m", "--story", STORY)
    code, out, _ = tracker("subscription", "add", *DESK, *what, *when, *who)
    scope = (
        f"{STORY}; sources too; failing ways too; person Ada; only denied, updated; only what is corroborated; "
        "claim S01; language en; outlet AFP; quiet 22:00-07:00 Europe/Paris, not for denied; waits 30s for company; "
        "5m between messages on a story"
    )
    assert (code, out) == (0, f"added desk  email  desk@example.org  [{scope}]\n")
    (row,) = listed(tracker)
    assert (row["person"], row["sources"], row["endpoints"]) == ("Ada", True, True)
    assert row["only"] == {
        "kinds": ["denied", "updated"],
        "standing": "corroborated",
        "claims": ["S01"],
        "languages": ["en"],
        "outlets": ["AFP"],
    }
    assert row["timing"] == {
        "every": "immediate",
        "at": None,
        "day": None,
        "zone": "Europe/Paris",
        "quiet": ["22:00", "07:00"],
        "urgent": ["denied"],
        "group_wait": 30.0,
        "group_interval": 300.0,
    }
    assert tracker("subscription", "add", *DESK, *what, *when, *who)[1].startswith("already there")
    assert tracker("subscription", "add", *DESK)[1] == "added desk  email  desk@example.org  [all stories]\n"


@pytest.mark.parametrize(
    ("options", "scope", "timing"),
    [
        (("hourly",), "hourly (UTC)", (None, None)),
        (("daily", "--zone", "Asia/Kathmandu"), "daily at 08:00 Asia/Kathmandu", ("08:00", None)),
        (("weekly", "--at", "17:30", "--day", "FRIDAY"), "weekly on Friday at 17:30 UTC", ("17:30", "friday")),
    ],
)
def test_a_digest_is_listed_with_its_hour(
    tracker: Tracker, options: tuple[str, ...], scope: str, timing: tuple[str | None, str | None]
) -> None:
    """A digest says how often, at which hour of which zone, and on which day."""
    assert tracker("subscription", "add", *DESK, "--every", *options)[1].endswith(f"[all stories; {scope}]\n")
    (row,) = listed(tracker)
    assert (row["timing"]["at"], row["timing"]["day"]) == timing


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--claim", "S01"), 2, "name the story, too"),
        (("--story", STORY, "--claim", "S99"), 3, f"story {STORY} has no claim S99"),
        (("--kind", "gossip"), 2, "gossip"),
        (("--zone", "Europe/Pari"), 2, "there is no time zone 'Europe/Pari'"),
        (("--zone", ""), 2, "there is no time zone"),
        (("--quiet", "late"), 2, "write them as 22:00-07:00"),
        (("--every", "daily", "--at", "25:00"), 2, "no time of day"),
        (("--group-wait", "soon"), 2, "no duration"),
        (("--group-wait", "5"), 2, "has no unit"),
        (("--urgent", "denied"), 2, "there are none"),
        (("--person", " "), 2, "a person has a name"),
        (("--chat", "env:DESK"), 2, "either"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_line(
    tracker: Tracker, options: tuple[str, ...], code: int, words: str
) -> None:
    """Each mistake has its exit code and one line on stderr; nothing is recorded."""
    ended, out, err = tracker("subscription", "add", *DESK, *options)
    assert (ended, out, err.count("\n"), words in err) == (code, "", 1, True)
    assert listed(tracker) == []


def test_a_chat_service_is_named_by_reference(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its address is never a value, nor shown; a file is found from any folder; what is not there yet is warned of."""
    code, out, err = tracker("subscription", "add", "--chat", "discord://token/hush")
    assert (code, out, "hush" in err, err.count("\n")) == (2, "", False, 1)
    code, _, err = tracker("subscription", "add", "--chat", "env:SET_FOR_THE_WORKER_ALONE")
    assert (code, "the worker must find it there" in err) == (0, True)
    (tmp_path / "desk.chat").write_text("json://127.0.0.1/hush\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = tracker("subscription", "add", "--chat", "file:desk.chat")
    assert (code, f"chat  file:{tmp_path / 'desk.chat'}  [" in out, "hush" in out + err) == (0, True, False)
    code, _, err = tracker("subscription", "add", "--chat", "file:desk.chat", "--secret", "env:X")
    assert (code, "a chat message has none" in err) == (2, True)


def test_a_config_file_takes_every_wish(config: Path, app: App) -> None:
    """[[subscription]] has the options' names; what it says is what is declared, once."""
    config.write_text(f"{config.read_text()}{DECLARED}")
    made = App(load(config, {}, {}))
    mail, hook, chat = made.declared().subscriptions
    declare(app.log, app.feeds, made.declared(), app.clock())
    assert Shelf(app.log).subscriptions().current == {one.subscription: one for one in (mail, hook, chat)}
    made.close()
    assert (mail.only.claims, mail.timing.day, mail.timing.zone, mail.person) == (("S01",), 4, "Europe/Paris", "Ada")
    assert (hook.timing.group_wait, hook.timing.group_interval, hook.timing.urgent) == (30.0, 300.0, ("denied",))
    assert chat.target == f"file:{config.parent / 'desk.chat'}"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('email = "a@example.org"\nzone = "Mars/Olympus"', "[[subscription]] a@example.org: there is no time zone"),
        ('email = "a@example.org"\nclaim = ["S01"]', "[[subscription]] a@example.org: a claim is one of a story"),
        ('chat = "discord://token/hush"', "[[subscription]] chat: the address of a chat service is a secret"),
        ('webhook = "https://e.org/"\nchat = "env:X"', "one of email, webhook and chat"),
    ],
)
def test_a_config_file_with_a_wish_that_cannot_be_met_names_it(config: Path, app: App, keys: str, words: str) -> None:
    """The error says which subscription it is about, and no secret that was written by mistake."""
    config.write_text(f"{config.read_text()}[[subscription]]\n{keys}\n")
    with pytest.raises(ConfigError) as refused:
        declare(app.log, app.feeds, App(load(config, {}, {})).declared(), app.clock())
    assert words in str(refused.value)
    assert "hush" not in str(refused.value)


SAME = '[[subscription]]\nemail = "a@example.org"\n' * 2
OWN = SAME.replace("email", 'id = "first"\nemail', 1)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (SAME, "1 (a@example.org) and 2 (a@example.org) have the same id s-"),
        (OWN + OWN.replace("a@", "b@"), "1 (a@example.org) and 3 (b@example.org) have the same id first"),
        (f'{OWN}zone = "Mars/X"\n', "a@example.org: there is no time zone 'Mars/X'"),
        (f'{OWN}quiet = "25:00-07:00"\n', "'25:00-07:00' are no quiet hours"),
        (f'{OWN}kind = ["foo"]\n', "'foo' is no kind of development"),
        ('[[subscription]]\nemail = "nobody"\n', "'nobody' is no mail address"),
        ('[[subscription]]\nid = ""\nemail = "a@example.org"\n', "an id of a subscription is"),
    ],
)
def test_config_show_refuses_what_a_worker_would(config: Path, tracker: Tracker, entries: str, words: str) -> None:
    """Two wishes under one id, or one that cannot be met, are one line; it names the subscriptions."""
    config.write_text(f"{config.read_text()}{entries}")
    code, out, err = tracker("config", "show")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "config: [[subscription]] " in err
    assert words in err


def test_one_address_has_several_wishes_in_a_config_file(config: Path, app: App, tracker: Tracker) -> None:
    """Each with an id of its own is there beside the others."""
    config.write_text(f"{config.read_text()}{OWN}")
    assert tracker("config", "show")[0] == 0
    declare(app.log, app.feeds, App(load(config, {}, {})).declared(), datetime(2031, 3, 6, tzinfo=UTC))
    first, second = (row["id"] for row in listed(tracker))
    assert first == "first"
    assert second.startswith("s-")


def test_a_story_is_muted_listed_and_lifted(tracker: Tracker, app: App) -> None:
    """While it is muted nothing is told; the list names it with its end; lifted it is told again."""
    tracker("subscription", "add", *DESK)
    code, out, _ = tracker("mute", "story", STORY, "--for", "3d")
    assert (code, out.startswith("muted m-"), f"story {STORY}, until" in out) == (0, True, True)
    assert tracker("mute", "list")[1] == out.removeprefix("muted ")
    (row,) = json.loads(tracker("mute", "list", "--json")[1])["mutes"]
    until = datetime.fromisoformat(row.pop("until"))
    assert timedelta(days=2, hours=23) < until - datetime.now(UTC) <= timedelta(days=3)  # noqa: TID251
    assert row == {"id": row["id"], "what": "story", "story": STORY, "about": None, "subscription": None}
    at = report(app, updated())
    assert app.outbox.search() == ()
    assert "not told\n    muted: story" in tracker("alert", "route", str(at))[1]
    assert tracker("mute", "lift", row["id"])[1] == out.replace("muted", "lifted", 1)
    assert tracker("mute", "list")[1:] == ("", "Nothing is muted.\n")
    report(app, updated(entry("e2")))
    assert [one.subscription for one in app.outbox.search()] == ["desk"]


def test_a_claim_and_an_outlet_are_muted_for_one_reader(tracker: Tracker) -> None:
    """A mute names what it silences, in which story, for whom, named by address, and until when."""
    tracker("subscription", "add", *DESK)
    claim = tracker("mute", "claim", STORY, "S01", "--subscription", "desk@example.org")[1]
    assert claim.endswith(f"  claim S01 of story {STORY} for desk, until it is lifted\n")
    outlet = tracker("mute", "outlet", "AFP", "--story", STORY, "--until", "2199-01-01")[1]
    assert outlet.endswith(f"  outlet AFP of story {STORY}, until 2199-01-01 00:00 UTC\n")
    again = tracker("mute", "outlet", "AFP", "--story", STORY, "--until", "2199-01-01")[1]
    assert again == outlet.replace("muted", "already muted", 1)
    assert [row["about"] for row in json.loads(tracker("mute", "list", "--json")[1])["mutes"]] == ["S01", "AFP"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("story", "strike"), 3, "no story strike"),
        (("claim", STORY, "S99"), 3, "no claim S99"),
        (("story", STORY, "--subscription", "nobody"), 3, "no subscription nobody"),
        (("story", STORY, "--until", "2001-01-01"), 2, "is past"),
        (("story", STORY, "--until", "soon"), 2, "is no time"),
        (("story", STORY, "--for", "0s"), 2, "is past"),
        (("story", STORY, "--for", "9999w"), 2, "too long"),
        (("story", STORY, "--for", "3"), 2, "has no unit: write 3s, 3m, 3h or 3d"),
        (("story", STORY, "--for", "1d", "--until", "2199-01-01"), 2, "not both"),
        (("outlet", " "), 2, "an outlet has a name"),
        (("lift", "m-0"), 3, "no mute m-0 is in force"),
    ],
)
def test_a_mute_that_cannot_be_is_one_line(tracker: Tracker, arguments: tuple[str, ...], code: int, words: str) -> None:
    """Each mistake has its exit code and one line on stderr; nothing is muted."""
    ended, out, err = tracker("mute", *arguments)
    assert (ended, out, err.count("\n"), words in err) == (code, "", 1, True)
    assert tracker("mute", "list")[1] == ""


def test_a_route_says_who_why_when_and_over_what(tracker: Tracker, app: App) -> None:
    """Each subscription has a line on whether it is told and a reason; JSON says the same, with what is owed."""
    tracker("subscription", "add", *DESK)
    tracker(
        "subscription", "add", "--email", "b@example.org", "--id", "digest", "--every", "daily", "--zone", "Asia/Tokyo"
    )
    tracker("subscription", "add", "--email", "c@example.org", "--id", "denials", "--kind", "denied")
    at = report(app, updated())
    code, out, _ = tracker("alert", "route", str(at))
    (delivery,) = app.outbox.search()
    desk, why, digest, waits, denials, refused = out.splitlines()
    assert (code, desk) == (0, "desk  email  desk@example.org  told at once")
    assert why == f"    follows every story, wants everything; message {delivery.id}"
    assert digest.startswith("digest  email  b@example.org  told, held for its digest until ")
    assert digest.endswith(" 23:00:00 UTC at the least")
    assert waits.endswith("; waits for its message")
    assert (denials, refused) == ("denials  email  c@example.org  not told", "    kind updated: wants only denied")
    document = json.loads(tracker("alert", "route", str(at), "--json")[1])
    assert (document["schema_version"], document["position"], document["nobody"]) == (1, at, None)
    rows = {row.pop("subscription"): row for row in document["subscriptions"]}
    assert rows["desk"] == {
        "channel": "email",
        "target": "desk@example.org",
        "told": True,
        "reason": "follows every story, wants everything",
        "held": None,
        "due_at": None,
        "delivery": delivery.id,
        "dropped": None,
    }
    assert (rows["digest"]["held"], rows["digest"]["delivery"], rows["denials"]["told"]) == ("digest", None, False)


def test_a_route_to_nobody_is_a_sentence(tracker: Tracker, app: App) -> None:
    """An event of which nobody is told, a log without subscriptions, and a position that is not there each say so."""
    assert tracker("alert", "route", "1")[1] == "Nobody is told of #1: a story begins with it.\n"
    at = report(app, denied())
    assert tracker("alert", "route", str(at))[1] == f"Nobody is told of #{at}: there was no subscription.\n"
    code, out, err = tracker("alert", "route", "99")
    assert (code, out, err) == (3, "", f"tracker: no event at position 99; the log ends at {at}\n")
    assert tracker("alert", "route", "0")[0] == 2
