"""The how-to page on subscriptions does what it says, command by command."""

import tomllib
from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.stored import stored
from tracker.application.declared import declared_subscription
from tracker.config import SubscriptionEntry

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "subscriptions.md"


def test_the_page_on_subscriptions_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command ends well and prints what the page shows: wishes, mutes, and to whom a development goes."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    runs_as_written(PAGE, tmp_path, {"TRACKER_DATABASE_URL": url, "COLUMNS": "120"}, {})


def test_the_pages_config_is_a_wish() -> None:
    """The table that the page shows for a config file is taken as it is."""
    (block,) = PAGE.read_text(encoding="utf-8").split("```toml\n")[1:]
    (entry,) = tomllib.loads(block.partition("```")[0])["subscription"]
    known = {field: getattr(SubscriptionEntry(), field) for field in SubscriptionEntry.__struct_fields__}
    assert entry.keys() <= known.keys()
    wanted = declared_subscription(**{**known, **entry})
    assert (wanted.only.kinds, wanted.timing.quiet) == (("denied", "updated"), ("22:00", "07:00"))
