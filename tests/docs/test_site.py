"""The documentation as a site."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Fetched(HTMLParser):
    """What a browser fetches of itself when it shows a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") != "canonical":
            self.addresses.append(given.get("href") or "")
        elif "src" in given:
            self.addresses.append(given["src"] or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does, each warning being an error; return its folder."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return folder


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """No page, style or script of the site asks another machine for anything."""
    pages = {page: Fetched(page.read_text(encoding="utf-8")).addresses for page in site.rglob("*.html")}
    assert len(pages) > 30
    assert {page.name: far for page, found in pages.items() if (far := [*elsewhere(found)])} == {}
    for style in site.rglob("*.css"):
        assert [*elsewhere(re.findall(r"""(?:url\(|@import )\s*['"]?([^)'"]+)""", style.read_text()))] == [], style.name


def elsewhere(addresses: list[str]) -> Iterator[str]:
    """Yield the addresses that lead to another machine."""
    return (address for address in addresses if re.match(r"(\w+:)?//", address))


def test_a_file_beyond_the_documentation_goes_along(site: Path) -> None:
    """The reference links to config/tracker.toml, which lies outside docs/: the link leads to its very bytes."""
    page = site / "reference" / "configuration.html"
    (link,) = set(re.findall(r'href="([^"]*tracker\.toml)"', page.read_text(encoding="utf-8")))
    assert (page.parent / link).read_bytes() == (ROOT / "config" / "tracker.toml").read_bytes()


def test_every_page_is_in_one_of_four_kinds(site: Path) -> None:
    """A tutorial, how-to guides, reference, explanation: the navigation has each, and in this order."""
    text = (site / "index.html").read_text(encoding="utf-8")
    places = [text.index(f">{kind}") for kind in ("Tutorial", "How-to guides", "Reference", "Explanation")]
    assert places == sorted(places)
