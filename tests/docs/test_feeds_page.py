"""The how-to page on feeds does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.site import RSS, Page, rss, serving
from tests.made.stored import stored

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "feeds.md"


def test_the_page_on_feeds_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every block, in order in one shell, ends well and prints the lines that the page shows; a real site answers."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    variables = {
        "TRACKER_DATABASE_URL": url,
        "TRACKER_WORKER_ALLOW_PRIVATE": "loopback",
        "TRACKER_WORKER_HOST_GAP": "0",
        "COLUMNS": "100",
    }
    links = "".join(
        f"<link rel=alternate type='{RSS}' title='{title}' href='{path}'>"
        for title, path in (("News", "/news.xml"), ("Sport", "/sport.xml"))
    )
    with serving() as site:
        news = rss("Harbour Post")
        site.pages |= {
            "/": Page(f"<!doctype html><html>{links}"),
            "/news.xml": Page(news.body, RSS, headers={"ETag": '"v1"'}),
        }
        runs_as_written(PAGE, tmp_path, variables, {"https://paper.example": site.url})
