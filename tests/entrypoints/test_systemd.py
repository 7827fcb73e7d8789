"""What systemd is told, and the unit that it is given."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from tests.made.supervisor import Supervised, supervising
from tracker.adapters.sql.engine import _WAIT_SECONDS
from tracker.bootstrap import resource
from tracker.entrypoints.following import GRACE
from tracker.entrypoints.systemd import Supervisor
from tracker.entrypoints.watching import INTERVAL

UNIT = resource("config") / "tracker.service"
PAGE_UNIT = resource("config") / "tracker-page.service"
PAGE = Path(__file__).parents[2] / "docs" / "howto" / "run-as-a-service.md"


def heard(there: Supervised, count: int) -> list[str]:
    """Return what a supervisor was told, once that is so many messages."""
    while len(there.told) < count:
        sleep(0.01)
    return [words for _, words in there.told]


@pytest.mark.parametrize("address", ["file", "@tracker-test"])
def test_a_supervisor_is_told_at_its_socket(address: str, tmp_path: Path) -> None:
    """Each state is one message, at a socket in the file system as well as at one that has no file."""
    with supervising(tmp_path / "notify" if address == "file" else f"{address}-{os.getpid()}") as there:
        supervisor = Supervisor({"NOTIFY_SOCKET": there.address})
        supervisor.ready()
        supervisor.status("all\nis  well")
        supervisor.alive()
        supervisor.reloading()
        supervisor.stopping()
        ready, status, alive, reloading, stopping = heard(there, 5)
    assert (ready, status, alive, stopping) == ("READY=1", "STATUS=all is well", "WATCHDOG=1", "STOPPING=1")
    assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", reloading)


@pytest.mark.parametrize("address", ["", "not/absolute", "/nowhere/at/all", "vsock:2:1"])
def test_without_a_supervisor_nothing_happens(address: str) -> None:
    """Nobody there, or nobody any more: the worker goes on, and is not asked for signs of life of which none hears."""
    Supervisor({"NOTIFY_SOCKET": address}).ready()
    assert Supervisor({}).beat is None


@pytest.mark.parametrize(
    ("variables", "beat"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 20.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 20.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_signs_of_life_come_three_times_as_often_as_they_must(variables: dict[str, str], beat: float | None) -> None:
    """The time is named for this process; of another process's, or of none that can be read, nothing follows."""
    assert Supervisor({"NOTIFY_SOCKET": "/run/notify", **variables}).beat == beat


def settings(text: str) -> dict[str, list[str]]:
    """Return the settings of a unit, each with its values in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def test_the_unit_fits_what_the_worker_does() -> None:
    """It waits for READY, restarts what hangs, and allows more time for the end than the worker takes at most."""
    unit = settings(UNIT.read_text(encoding="utf-8"))
    assert unit["Type"] == ["notify", "notify-reload"]
    assert float(unit["WatchdogSec"][0]) > 3 * max(INTERVAL, _WAIT_SECONDS)
    assert float(unit["TimeoutStopSec"][0]) > GRACE + 5
    assert (unit["Restart"], unit["RestartPreventExitStatus"]) == (["always"], ["2"])
    assert unit["SystemCallFilter"] == ["@system-service", "~@privileged"]
    for name, value in {
        "ProtectSystem": "strict",
        "NoNewPrivileges": "true",
        "PrivateTmp": "true",
        "MemoryDenyWriteExecute": "true",
        "StateDirectory": "tracker",
        "CapabilityBoundingSet": "",
    }.items():
        assert unit[name] == [value], name
    assert "LoadCredential" in unit


def test_the_unit_of_the_page_is_as_confined_as_the_workers() -> None:
    """Both run as the same user, on the same log, and what the one may not do the other may not either."""
    worker, page = (one.read_text(encoding="utf-8") for one in (UNIT, PAGE_UNIT))
    confined = "# It needs its own folder"
    assert page.partition(confined)[2] == worker.partition(confined)[2] != ""
    same = (
        "User",
        "StateDirectory",
        "StateDirectoryMode",
        "UMask",
        "Environment",
        "Restart",
        "RestartPreventExitStatus",
    )
    assert {name: settings(page)[name] for name in same} == {name: settings(worker)[name] for name in same}
    assert settings(page)["ExecStart"] == ["/usr/local/lib/tracker/bin/tracker serve"]


def test_the_guide_shows_the_unit() -> None:
    """What stands in the guide is the unit that ships with the program."""
    assert f"```ini\n{UNIT.read_text(encoding='utf-8')}```\n" in PAGE.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
@pytest.mark.parametrize("shipped", [UNIT, PAGE_UNIT], ids=lambda unit: unit.stem)
def test_systemd_reads_the_unit(shipped: Path, tmp_path: Path) -> None:
    """Read by systemd itself: no fault but the type that it learned in version 253; and it calls it well confined."""
    text = shipped.read_text(encoding="utf-8")
    unit = tmp_path / shipped.name
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    said = [line for line in verified.stderr.splitlines() if unit.name in line and "notify-reload" not in line]
    assert said == []
    confined = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)]
    subprocess.run(confined, capture_output=True, check=True)
