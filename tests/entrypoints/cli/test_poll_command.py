"""`tracker poll`, which asks for everything at this moment, and is polite all the same."""

import pytest

from tests.made.many_hosts import many_hosts
from tracker.entrypoints.cli.main import run

PARTLY = 4


def test_a_host_that_wants_to_be_left_alone_is(
    sqlite_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source whose host has named a time is not asked before, which is said in words and in the exit code."""
    monkeypatch.setenv("TRACKER_WORKER_ALLOW_PRIVATE", "loopback")
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    with many_hosts() as world:
        assert run(["feed", "add", world.url(2, "/busy")]) == 0
        world.answers["/busy"] = (429, {"Retry-After": "600"}, b"")
        world.asked.clear()
        assert run(["poll"]) == PARTLY
        assert "1 feed polled, 1 failed;" in capsys.readouterr().out
        assert run(["poll"]) == PARTLY
        said = capsys.readouterr()
        assert "0 feeds polled, 0 failed, 1 left alone;" in said.out
        assert "127.0.0.2 is to be left alone until" in said.err
        assert len(world.asked) == 1
