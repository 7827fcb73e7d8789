"""The worker's log: what is in a line, and what never is."""

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest
import structlog

from tracker.config import Log, secret, seen_secrets
from tracker.entrypoints.logs import redact, set_up, struck

Lines = Callable[[], list[str]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Return what gives the lines on stderr; the log is put back to what it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def written() -> list[str]:
        return capsys.readouterr().err.splitlines()

    yield written
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_without_a_terminal_a_line_is_a_json_object(lines: Lines) -> None:
    """Message, level, time and what the line is about are fields, of our own lines and of libraries'."""
    set_up(Log())
    structlog.stdlib.get_logger("tracker").bind(story="bridge", position=7).info("news: %s", "open again")
    logging.getLogger("tracker").error("jobs: %s; trying again", "gone")
    logging.getLogger("apscheduler.executors").warning("late")
    logging.getLogger("alembic.runtime").info("a line that nobody wants")
    ours, engine, library = map(json.loads, lines())
    assert list(ours) == ["timestamp", "level", "event", "story", "position"]
    assert (ours["event"], ours["level"], ours["story"], ours["position"]) == ("news: open again", "info", "bridge", 7)
    assert ours["timestamp"].endswith("Z")
    assert (engine["event"], engine["level"]) == ("jobs: gone; trying again", "error")
    assert (library["logger"], library["event"]) == ("apscheduler.executors", "late")


def test_for_people_a_line_is_text(lines: Lines) -> None:
    """What publishers write can neither break the line nor speak to the terminal; less is said where less is wanted."""
    set_up(Log(format="text", level="warning"))
    logger = structlog.stdlib.get_logger("tracker")
    logger.info("not worth a line")
    logger.warning("feed %s", "a\x1b[31m red\nline", feed="f-1")
    (only,) = lines()
    assert only.endswith("[warning] feed a red line feed=f-1")


def test_a_fault_is_told_with_where_it_came_from(lines: Lines) -> None:
    """A traceback is one field of the one object, and secrets in it are struck out."""
    set_up(Log(format="json"))
    try:
        int("https://me:sesame@host/")
    except ValueError:
        logging.getLogger("asyncio").exception("fault")
    (line,) = lines()
    assert "sesame" not in line
    told = json.loads(line)["exception"]
    assert told.startswith("Traceback")
    assert "'https://***@host/'" in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("feed https://me:sesame@paper.example/feed: 401", "feed https://***@paper.example/feed: 401"),
        ("postgresql://me:p@ss@db/tracker", "postgresql://***@db/tracker"),
        ("https://x.example/feed?user=1&token=abc&page=2", "https://x.example/feed?user=1&token=***&page=2"),
        ("https://x.example/feed?apikey=abc#top", "https://x.example/feed?apikey=***#top"),
        ("Authorization: Basic bWU6c2VzYW1l", "Authorization: ***"),
        ("sent {'cookie': 'a=b; c=d'}", "sent {'cookie': ***"),
        ("sent Bearer abcdefgh12345", "sent Bearer ***"),
        ("tgram://123:abc/-100 refused", "tgram://*** refused"),
        ("https://hooks.slack.com/services/T0/B0/xyz: 404", "https://hooks.slack.com/*** 404"),
        ("https://api.telegram.org/bot123:abc/sendMessage", "https://api.telegram.org/bot***"),
        ("https://a.example/unsubscribe/s-1/c2lnbmVk", "https://a.example/unsubscribe/***"),
        ("password=sesame, user=me", "password=***, user=me"),
        ("key whsec_dGhpcnR5LXR3byBieXRlcw==", "key whsec_***"),
        ("smtp_password: sesame", "smtp_password: ***"),
        ("secret env:HOOK: the variable HOOK is not set", "secret env:HOOK: the variable HOOK is not set"),
        ("sqlite:////var/lib/tracker/tracker.db", "sqlite:////var/lib/tracker/tracker.db"),
        ("feed https://paper.example/a?page=2: HTTP 503", "feed https://paper.example/a?page=2: HTTP 503"),
        ("news: updates S01: Paris sends 300 instructors", "news: updates S01: Paris sends 300 instructors"),
    ],
)
def test_what_opens_doors_is_struck_out(text: str, shown: str) -> None:
    """By its form: in addresses, in header fields, in settings; and nothing else is."""
    assert struck(text) == shown


def test_a_field_that_is_called_a_secret_is_one() -> None:
    """Whatever it holds, and however deep it lies; a field of another name is read as text."""
    event = {"password": 5, "headers": {"Cookie": "a"}, "urls": ["ntfy://topic"], "token": "", "story": "s"}
    assert redact(None, "", event) == {
        "password": "***", "headers": {"Cookie": "***"}, "urls": ["ntfy://***"], "token": "", "story": "s",
    }  # fmt: skip


def test_a_secret_that_was_looked_up_is_never_shown() -> None:
    """In no form in which it travels: as it is, in an address, as a login; nor the password of a login alone."""
    secret("env:LOGIN", {"LOGIN": "reader:open se/same"})
    secret("env:SHORT", {"SHORT": "a"})
    basic = b64encode(b"reader:open se/same").decode()
    for form in ("reader:open se/same", "reader%3Aopen%20se%2Fsame", basic, "open se/same"):
        assert struck(f"said {form} here", seen_secrets()) == "said *** here"
    assert struck("a letter", seen_secrets()) == "a letter"
