"""The how-to page on feeds does what it says, command by command."""

from pathlib import Path

from tests.docs.shell_page import run, steps, told
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
        text = PAGE.read_text(encoding="utf-8")
        done = run(text, tmp_path, variables, {"https://paper.example": site.url})
    for one in done:
        assert one.code == 0, f"$ {one.step.command}\nexit {one.code}\n{one.output}"
        assert told(one), f"$ {one.step.command}\nshown:\n{one.step.shown}\nprinted:\n{one.output}"
    assert len(done) == len(list(steps(text)))
