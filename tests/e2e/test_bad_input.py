"""Bad input gives one clear line and the documented exit code, and leaves a log that verifies."""

import json
import sqlite3
import subprocess

import pytest

from tests.e2e.world import Publisher, Tracker, recorded_items

GOOD = 'schema = 1\n[story]\nid = "s"\ntitle = "A story"\n[[claim]]\nid = "C1"\ntext = "The council plans a bridge."\n'


def refused(tracker: Tracker, code: int, *arguments: str, **variables: str) -> str:
    """Run a command that must fail in one line with a code; return the line."""
    done = tracker.run(*arguments, check=False, **variables)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode == code, done
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.fixture
def opened(tracker: Tracker) -> Tracker:
    (tracker.home / "good.toml").write_text(GOOD)
    tracker.run("story", "open", "good.toml")
    return tracker


def test_an_unknown_story_is_nothing_matched(opened: Tracker) -> None:
    """Naming a story that was never opened exits with 3."""
    for command in (("status", "nope"), ("timeline", "nope"), ("story", "claims", "nope"), ("story", "close", "nope")):
        assert "nope" in refused(opened, 3, *command)
    assert opened.run("verify").returncode == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml [", "bad.toml"),
        ("schema = 2\n", "schema"),
        (GOOD.replace('text = "The council plans a bridge."', ""), "text"),
        (GOOD + '[[claim]]\nid = "C1"\ntext = "Another."\n', "C1 is there twice"),
        (GOOD.replace('title = "A story"', 'title = "A story"\narticle = "gone.txt"'), "gone.txt"),
        (GOOD + "evidence = { start = 0, end = 5 }\n", "names no article"),
        (GOOD + "unknown = 1\n", "unknown"),
        (GOOD + 'status = "perhaps"\n', "perhaps"),
    ],
)
def test_a_seed_that_cannot_be_used_is_refused(tracker: Tracker, text: str, words: str) -> None:
    """Each fault of a seed exits with 2, names the file and the fault, and opens nothing."""
    (tracker.home / "bad.toml").write_text(text)
    assert words in refused(tracker, 2, "story", "open", "bad.toml")
    assert "there is no tracker database" in refused(tracker, 3, "story", "list")


def test_offsets_outside_the_document_are_refused(tracker: Tracker) -> None:
    """Evidence that cites characters beyond the end of the article exits with 2 and says how long it is."""
    (tracker.home / "article.txt").write_text("Short.")
    text = GOOD.replace('title = "A story"', 'title = "A story"\narticle = "article.txt"')
    (tracker.home / "bad.toml").write_text(text + "evidence = { start = 0, end = 99 }\n")
    assert "has 6" in refused(tracker, 2, "story", "open", "bad.toml")


def test_an_unreadable_seed_is_refused(tracker: Tracker) -> None:
    """A seed that is not there, is a folder or is binary exits with 2."""
    (tracker.home / "binary.toml").write_bytes(bytes(range(256)))
    (tracker.home / "empty.txt").write_text("")
    for name in ("missing.toml", "binary.toml", "missing.txt", "empty.txt"):
        assert name in refused(tracker, 2, "story", "open", name)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><head><title>Log in</title></head><body>Log in</body></html>", "HTML"),
        (bytes(range(256)) * 8, "not a feed"),
        (b"just words", "not a feed"),
    ],
)
def test_what_is_not_a_feed_is_said_to_be_none(opened: Tracker, publisher: Publisher, body: bytes, words: str) -> None:
    """An address that gives no feed fails in one line that says what came instead; `poll` exits with 4."""
    opened.run("feed", "add", f"{publisher.url}/odd")
    publisher.answers["/odd"] = (200, body)
    assert words.lower() in refused(opened, 4, "poll").lower()
    assert opened.run("verify").returncode == 0


def test_a_feed_without_entries_is_fine(opened: Tracker, publisher: Publisher) -> None:
    """An empty feed is a good answer: nothing is new, nothing failed."""
    opened.run("feed", "add", f"{publisher.url}/feed")
    assert "0 failed; 0 entries judged" in opened.run("poll").stdout


def test_a_database_of_a_later_version_is_refused_and_left_alone(opened: Tracker) -> None:
    """A schema that this version does not know exits with 1 and changes nothing."""
    path = opened.database.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    assert "later" in refused(opened, 1, "status", "s")


def test_what_is_no_database_is_refused(tracker: Tracker) -> None:
    """A file that is no SQLite database, and a folder that cannot be written, exit with 1."""
    (tracker.home / "junk.db").write_bytes(b"This is no database." * 100)
    refused(tracker, 1, "story", "list", TRACKER_DATABASE_URL=f"sqlite:///{tracker.home / 'junk.db'}")
    (tracker.home / "good.toml").write_text(GOOD)
    refused(tracker, 1, "story", "open", "good.toml", TRACKER_DATABASE_URL="sqlite:////proc/no/such/folder/tracker.db")


def test_a_disk_that_takes_no_more_is_said_and_the_log_stays_valid(opened: Tracker) -> None:
    """When no file can grow, a command exits with 1 in one line; with room again it works, and the log verifies."""
    size = (opened.home / "tracker.db").stat().st_size
    (opened.home / "long.toml").write_text(GOOD.replace('"s"', '"long"').replace("bridge", "bridge " * 50_000))
    command = ["prlimit", f"--fsize={size + 8192}", *opened.command("story", "open", "long.toml")]
    done = subprocess.run(
        command, env=opened.environment(), cwd=opened.home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert opened.run("verify").returncode == 0
    opened.run("story", "open", "long.toml")


def test_output_that_cannot_be_written_is_said(opened: Tracker) -> None:
    """Verdicts that go to a full device end the replay with 1 and one line."""
    (opened.home / "items.jsonl").write_text(json.dumps(recorded_items()[0]))
    refused(opened, 1, "replay", "good.toml", "items.jsonl", "--verdicts", "/dev/full")
    refused(opened, 2, "replay", "good.toml", "missing.jsonl", "--verdicts", "out.jsonl")
    (opened.home / "items.jsonl").write_text("{}")
    assert "line 1" in refused(opened, 2, "replay", "good.toml", "items.jsonl", "--verdicts", "out.jsonl")


def test_bad_options_and_settings_are_usage_errors(tracker: Tracker) -> None:
    """Unknown settings, bad values and secrets written as values exit with 2."""
    (tracker.home / "bad.toml").write_text("[worker]\ntock = 1\n")
    assert "tock" in refused(tracker, 2, "--config", "bad.toml", "story", "list")
    assert "missing.toml" in refused(tracker, 2, "--config", "missing.toml", "story", "list")
    refused(tracker, 2, "feed", "add", "ftp://example.org/feed")
    refused(tracker, 2, "story", "list", TRACKER_WORKER_TICK="often")
    refused(tracker, 2, "story", "list", TRACKER_DATABASE_URL="nonsense")


def test_a_seed_with_a_feed_that_cannot_be_followed_opens_nothing(tracker: Tracker) -> None:
    """A bad address among a seed's feeds is refused before the story is opened."""
    (tracker.home / "feed.toml").write_text(GOOD + '[[feed]]\nurl = "https://ada:pass@example.org/"\n')
    assert "no password" in refused(tracker, 2, "story", "open", "feed.toml")
    assert "there is no tracker database" in refused(tracker, 3, "story", "list")
