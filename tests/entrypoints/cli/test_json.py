"""`--json` of every command that prints a list: the documents are of their declared types, whatever they hold."""

import json
from collections.abc import Iterator
from typing import Any

import click
import msgspec
import pytest
from jsonschema import Draft202012Validator

from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.stored import Stored
from tracker.domain.events import NewEvent, StoryRenamed
from tracker.entrypoints.cli.main import cli, run
from tracker.entrypoints.documents import audience, deliveries, feeds, proof, pulse
from tracker.ports.log import Notice
from tracker.rendering.documents import calibration, changes, claims, entries, explanation, status, stories

STORY = bridge.STORY
PRINTED: dict[tuple[str, ...], Any] = {
    ("story", "list"): stories.Stories,
    ("story", "claims", STORY): claims.Claims,
    ("story", "entries", STORY): entries.Entries,
    ("timeline", STORY): changes.Timeline,
    ("timeline", STORY, "--as-of", "2031-03-04", "--valid-at", "2031-03-04"): changes.Timeline,
    ("why", "11"): explanation.Explanation,
    ("why", "1"): explanation.Explanation,
    ("why", "19"): explanation.Explanation,
    ("diff", STORY, "2031-03-03", "2031-03-05"): claims.Differences,
    ("diff", STORY, "2031-03-01", "2031-03-02"): claims.Differences,
    ("review", "list"): changes.Review,
    ("feed", "list"): feeds.Feeds,
    ("subscription", "list"): audience.Subscriptions,
    ("mute", "list"): audience.Mutes,
    ("alert", "list"): deliveries.Deliveries,
    ("alert", "list", "--state", "waiting"): deliveries.Notices,
    ("alert", "endpoints"): deliveries.Endpoints,
    ("alert", "route", "11"): audience.Route,
    ("alert", "route", "25"): audience.Route,
    ("alert", "show", "d-"): deliveries.Shown,
    ("status", STORY): status.Status,
    ("verify",): proof.Proof,
    ("calibrate",): calibration.Calibration,
}
WITHOUT = {"tracker export", "tracker feed export"}
"""Commands that print a file."""


def check(document: Any, kind: Any) -> None:
    """Check a document against the schema of its type."""
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    Draft202012Validator({**schema, "$defs": parts}).validate(document)


@pytest.fixture
def told(tracker: Tracker, database: Stored) -> Tracker:
    """Return the command line on the story, with somebody who is told and something that is owed."""
    tracker("subscription", "add", "--email", "ada@example.org", "--every", "weekly", "--quiet", "22:00-07:00")
    tracker("mute", "outlet", "Channel Nine", "--for", "3d")
    tracker("feed", "list")
    (one,) = json.loads(tracker("subscription", "list", "--json"))["subscriptions"]
    version = max(recorded.version for recorded in database.log.read(stream=bridge.STREAM))
    new = [NewEvent(title, StoryRenamed(STORY, title), "person") for title in ("One", "Two")]
    new.append(NewEvent("again", bridge.events()[10].event, "judge 1"))
    notices = [Notice(one["id"], "One", STORY), Notice(one["id"], "Two", STORY, held="quiet", due_at=bridge.OPENED)]
    database.log.append(bridge.STREAM, version, new, notices)
    return tracker


def test_every_document_is_of_its_type(told: Tracker) -> None:
    """Each document has the schema version and all fields that its type declares, of the declared kinds."""
    for command, kind in PRINTED.items():
        document = json.loads(told(*command, "--json"))
        assert document["schema_version"] == 1
        check(document, kind)
    check(json.loads(told("status", STORY, "--format", "json")), status.Status)


def test_the_short_word_for_a_format_that_is_json(told: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """Where --format says how something is printed, --json is that form; whichever is typed last holds."""
    assert told("log", "--json") == told("log", "--format", "jsonl") != told("log")
    assert run(["--database-url", told.url, "doctor", "--json"]) == 1  # who is told by mail, and no mail server
    assert json.loads(capsys.readouterr().out)["faults"] > 0
    assert json.loads(told("status", STORY, "--format", "html", "--json"))["schema_version"] == 1
    assert told("status", STORY, "--json", "--format", "markdown").startswith("# ")


def test_a_worker_that_is_not_well_is_told_as_json(told: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """The document says why, and the command ends with 1 as without --json."""
    assert run(["--database-url", told.url, "healthcheck", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    check(document, pulse.Pulse)
    assert (document["well"], document["said"]) == (False, "no worker runs")


def test_a_log_that_does_not_hold_is_told_as_json(told: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """The document names the faults, and the command ends with 1 as without --json."""
    assert run(["--database-url", told.url, "verify", "--head", "0" * 64, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    check(document, proof.Proof)
    assert (document["holds"], len(document["faults"])) == (False, 1)


def test_lists_are_not_empty_here(told: Tracker) -> None:
    """What is checked above has something in it: subscriptions, mutes, deliveries, what waits, a message."""
    for command, name in (
        (("subscription", "list"), "subscriptions"), (("mute", "list"), "mutes"), (("alert", "list"), "deliveries"),
        (("alert", "list", "--state", "waiting"), "waiting"), (("alert", "show", "d-"), "notices"),
        (("alert", "route", "25"), "subscriptions"), (("review", "list"), "findings"),
    ):  # fmt: skip
        assert json.loads(told(*command, "--json"))[name], command


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_every_list_can_be_had_as_json() -> None:
    """Each command whose help says that it lists or shows something has --json, or a format that is JSON."""
    lists = {
        path: command
        for path, command in commands(cli, "tracker")
        if (command.help or "").partition(" ")[0] in {"List", "Show", "Explain", "Say"} and path not in WITHOUT
    }
    printing = {"tracker serve", "tracker db check"}  # pages; a line
    verdicts = {"tracker review confirm", "tracker review reject", "tracker review relabel"}  # a person says it
    without = {path for path, command in lists.items() if not any("--json" in option.opts for option in command.params)}
    assert without - printing - verdicts == set()
    named = ("tracker log", "tracker status", "tracker doctor", "tracker verify", "tracker healthcheck")
    every = dict(commands(cli, "tracker"))
    for path in (*named, "tracker config show"):
        assert any("--json" in option.opts for option in every[path].params), path
    assert {"tracker story list", "tracker timeline", "tracker diff", "tracker why"} <= lists.keys()


def test_what_the_page_of_a_claim_needs_is_in_the_list(tracker: Tracker) -> None:
    """A claim of the list tells how it reads now and how it was first tracked, who denies it, why it is withdrawn."""
    rows = {claim["id"]: claim for claim in json.loads(tracker("story", "claims", STORY, "--json"))["claims"]}
    hurt, knew = rows["S01"], rows["S02"]
    assert (hurt["text"], hurt["original"]) == (bridge.HURT_NOW.text, bridge.HURT.text)
    assert (knew["standing"], knew["denied_by"]) == ("disputed", ["Harbour Post"])
    assert rows["S04"]["withdrawn"] == "the harbour office took its announcement back"


def test_a_difference_is_told_claim_by_claim(tracker: Tracker) -> None:
    """`diff --json` has each claim that differs as it stood at both moments, null where it was not followed."""
    document = json.loads(tracker("diff", STORY, "2031-03-03", "2031-03-04", "--json"))
    assert (document["start"], document["end"]) == ("2031-03-03T23:59:59.999999Z", "2031-03-04T23:59:59.999999Z")
    told = {one["id"]: (one["before"], one["after"]) for one in document["claims"]}
    assert set(told) == {"S02", "N-7c1"}
    assert told["N-7c1"][0] is None
    assert (told["S02"][0]["standing"], told["S02"][1]["standing"]) == ("reported", "disputed")
