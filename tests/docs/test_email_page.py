"""The page on mail does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import run, steps
from tests.made.mailbox import free_port
from tracker.config import Mail

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "email.md").read_text(encoding="utf-8")


def test_the_page_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command ends well; the mails are there, with the headers and, once there is a public address, the link."""
    port = str(free_port())
    ready = f"until echo 2>/dev/null > /dev/tcp/127.0.0.1/{port}; do sleep 0.05; done"
    done = run(PAGE, tmp_path, {}, {"8025": port, "sleep 2\n": f"{ready}\n", "```sh\n": "```sh\nset -e -o pipefail\n"})
    assert len(done) == len(list(steps(PAGE))), "\n".join(one.output for one in done)
    _, tested, headers, links, _ = (one.output for one in done)
    assert "taken by 127.0.0.1 for desk@example.org: 250 OK" in tested
    assert "From: Tracker <tracker@example.org>\nTo: desk@example.org\nSubject: [tracker] Test message" in headers
    assert "List-Unsubscribe: <https://alerts.example.org/unsubscribe/desk/" in links
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in links


def test_the_page_names_every_setting() -> None:
    """No setting of [mail] is left out of the table."""
    rows = "".join(row.split("|")[1] for row in PAGE.splitlines() if row.startswith("| `"))
    assert [name for name in Mail.__struct_fields__ if f"`{name}`" not in rows] == []
