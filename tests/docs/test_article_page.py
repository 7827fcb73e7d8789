"""The how-to page on articles does what it says, command by command."""

from email.utils import formatdate
from pathlib import Path

from tests.docs.shell_page import runs_as_written
from tests.made import bridge
from tests.made.news_site import Site, article
from tests.made.stored import stored

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "article-text.md"


def test_the_page_on_articles_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command ends well and prints what the page shows, with a real site of an article and a wall."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    stored(url, bridge.events()).engine.dispose()
    variables = {
        "TRACKER_DATABASE_URL": url,
        "TRACKER_WORKER_ALLOW_PRIVATE": "loopback",
        "TRACKER_WORKER_HOST_GAP": "0",
        "COLUMNS": "100",
    }
    site = Site()
    items = "".join(
        f"<item><guid>{site.url(path)}</guid><link>{site.url(path)}</link><title>{title}</title>"
        f"<pubDate>{formatdate()}</pubDate></item>"
        for path, title in (("/bridge", "Harbour bridge closed"), ("/wall", "Ferries run late"))
    )
    site.says("/news.xml", f"<rss version='2.0'><channel><title>Post</title>{items}</channel></rss>")
    site.says("/bridge", article())
    site.says("/wall", article(title="Subscribe to continue"))
    runs_as_written(PAGE, tmp_path, variables, {"https://paper.example": site.url("").rstrip("/")})
    site.close()
