"""`tracker demo` does the main job offline and shows what came of it."""

import json
import re
import subprocess

import pytest

from tests.e2e.world import Tracker

STORY = "western-instructors"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    """Return a finished demo, run once for all."""
    home = tmp_path_factory.mktemp("demo")
    return Tracker("sqlite://", home).run("demo", TMPDIR=str(home))


@pytest.fixture
def kept(shown: "subprocess.CompletedProcess[str]", tmp_path_factory: pytest.TempPathFactory) -> Tracker:
    """Return the command line on the database that the demo left."""
    found = re.search(r"TRACKER_DATABASE_URL=(\S+)", shown.stdout)
    assert found is not None
    return Tracker(found[1], tmp_path_factory.mktemp("home"))


def test_the_demo_ends_with_a_report_a_mail_and_a_webhook(shown: "subprocess.CompletedProcess[str]") -> None:
    """Ten recorded days become a report with reasons and sources, and alerts that arrived."""
    for heading in ("Opened", "KEY EVENTS", "SOURCES", "mails that arrived", "webhooks that arrived", "What to type"):
        assert heading in shown.stdout, heading
    assert "Subject: [Western instructors in Ukraine]" in shown.stdout
    assert '"type": "development.' in shown.stdout
    assert shown.stdout.count("webhook-id: ") == 1
    assert shown.stderr == "", "a pipe gets no progress bar"


def test_the_log_of_the_demo_verifies_and_explains_itself(
    shown: "subprocess.CompletedProcess[str]", kept: Tracker
) -> None:
    """What the demo left is a valid log whose developments all have a source and a reason, and every alert went out."""
    head = re.search(r"tracker verify --head ([0-9a-f]{64})\n", shown.stdout)
    assert head is not None
    kept.run("verify", "--head", head[1])
    assert f'"head": "{head[1]}"' in kept.run("status", STORY, "--format", "json").stdout
    status = json.loads(kept.run("status", STORY, "--format", "json").stdout)
    assert len(status["developments"]) > 5
    assert all(one["reason"] and one["source"] for one in status["developments"])
    assert json.loads(kept.run("alert", "list", "--state", "pending", "--json").stdout)["deliveries"] == []


def test_the_demo_can_be_looked_at(shown: "subprocess.CompletedProcess[str]", kept: Tracker) -> None:
    """It ends by naming the page of its story, and that page shows it."""
    found = re.search(r"tracker serve .* http://127\.0\.0\.1:8378(/story/\S+),", shown.stdout)
    assert found is not None
    assert "Western instructors in Ukraine</h1>" in kept.run("serve", "--get", found[1]).stdout


def test_the_past_can_be_read(kept: Tracker) -> None:
    """The report as of a day in the middle holds nothing seen later, and is the same again after a rebuild."""
    asked = ("status", STORY, "--as-of", "2024-06-05", "--format", "json")
    past = kept.run(*asked).stdout
    seen = [one["seen"] for one in json.loads(past)["developments"]]
    assert seen
    assert max(seen) < "2024-06-06"
    present = kept.run("status", STORY, "--format", "json").stdout
    kept.run("rebuild")
    assert kept.run(*asked).stdout == past
    said = json.loads(kept.run(*asked, "--valid-at", "2024-06-03").stdout)["developments"]
    assert {one["position"] for one in said} < {one["position"] for one in json.loads(past)["developments"]}
    assert all(one["published"] < "2024-06-04" for one in said)
    assert kept.run("status", STORY, "--format", "json").stdout == present
