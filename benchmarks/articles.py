"""Articles out of pages: how many a second, and what it costs to read them in a process that can be ended.

    python benchmarks/articles.py --pages 300

Pages are the articles of tests/data/articles between furniture of the size of a news site's (100 KB), each different.
Beside ours the library alone is run on the same pages: its standard way, which ours takes where the fast one finds
little.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from tracker.adapters.feeds.apart import Apart
from tracker.adapters.feeds.article import read_page
from tracker.adapters.feeds.page import MEMORY, SECONDS

ARTICLES = Path(__file__).parents[1] / "tests" / "data" / "articles"
FURNITURE = 100_000


def main() -> None:
    """Print pages a second for each way, and their ratio to the library alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    count = parser.parse_args().pages
    made = pages(count)
    apart = Apart(SECONDS, MEMORY)
    ways: dict[str, Callable[[bytes], object]] = {
        "library alone, standard": library,
        "in this process": lambda page: read_page(page, None),
        "apart": lambda page: apart.call(read_page, page, None),
    }
    print(f"{count} pages of {sum(map(len, made)) // count // 1000} KB")
    found = {name: rate(way, made) for name, way in ways.items()}
    apart.close()
    for name, pace in found.items():
        print(f"{name:28} {pace:7.1f} pages/s  {pace / found['library alone, standard']:5.2f}x")


def rate(way: Callable[[bytes], object], made: list[bytes]) -> float:
    """Return pages a second; the first one, which loads the library, does not count."""
    way(made[0])
    begun = time.perf_counter()
    for page in made:
        assert way(page) is not None
    return len(made) / (time.perf_counter() - begun)


def library(page: bytes) -> object:
    """Return what the library alone finds."""
    return trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)


def pages(count: int) -> list[bytes]:
    """Return pages, no two of them equal."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    return [page(texts[number % len(texts)], number) for number in range(count)]


def page(text: str, number: int) -> bytes:
    """Return an article as a site shows it."""
    title, *paragraphs = [line for line in text.splitlines() if line.strip()]
    links = "".join(f'<li><a href="/{number}/{one}">Another story, number {one}</a></li>' for one in range(150))
    said = "".join(f"<p>{one}</p>" for one in paragraphs)
    script = f"<script>var data = [{','.join(map(str, range(FURNITURE // 6)))}];</script>"
    return (
        f"<!doctype html><html lang=en><head><title>{title} {number} | Site</title>{script}</head><body>"
        f"<nav><ul>{links}</ul></nav><main><article><h1>{title} {number}</h1>{said}</article></main>"
        f"<aside><ul>{links}</ul></aside><footer>All rights reserved.</footer></body></html>"
    ).encode()


if __name__ == "__main__":
    main()
