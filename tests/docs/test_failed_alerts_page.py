"""The how-to page on alerts that failed does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.alerts import entry, updated
from tests.made.mailbox import mailbox
from tests.made.stored import stored
from tracker.application.subscribe import subscribe, subscription_to
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.events import NewEvent, story_stream
from tracker.ports.log import Notice

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "alerts-that-failed.md"


def owed(url: str) -> None:
    """Owe one development of the story of the bridge to a mailbox."""
    stored(url, bridge.events()).engine.dispose()
    app = App(Settings(database=Database(url=url)))
    wish = subscription_to(email="desk@example.org", webhook=None, story=bridge.STORY, secret=None, identity="desk")
    subscribe(app.log, wish, "person")
    stream = story_stream(bridge.STORY)
    version = max(recorded.version for recorded in app.log.read(stream=stream))
    new = NewEvent("n1", updated(entry()), "judge", "e1")
    app.log.append(stream, version, [new], [Notice("desk", new.id, bridge.STORY, "updated", "e1")])
    app.close()


def test_the_page_on_failed_alerts_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command prints what the page shows; the alert that was refused twice arrives in the end, under its id."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    owed(url)
    with mailbox() as box:
        box.rcpt = ["451 come back later", "550 no such user"]
        mail = {"TRACKER_MAIL_HOST": "127.0.0.1", "TRACKER_MAIL_PORT": str(box.port), "TRACKER_MAIL_TLS": "none"}
        runs_as_written(PAGE, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "120", **mail}, {})
        (arrived,) = box.parsed()
        assert arrived["Message-ID"].startswith("<d-")
