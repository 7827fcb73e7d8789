"""`tracker story open` on what a person has at hand."""

import json
from pathlib import Path

import pytest

from tests.e2e.world import ROOT, SEED, Publisher, Tracker

ARTICLES = sorted((ROOT / "tests" / "data" / "articles").glob("*.txt"))


def opened(tracker: Tracker, *arguments: str) -> dict[str, list[dict[str, str]]]:
    """Open a story and return what was tracked."""
    document: dict[str, list[dict[str, str]]] = json.loads(tracker.run("story", "open", *arguments, "--json").stdout)
    return document


def test_the_curated_seed_records_the_opening_and_each_claim(tracker: Tracker) -> None:
    """One story.opened with the article's digest, one claim.tracked per claim; the same again records nothing."""
    tracker.run("story", "open", str(SEED))
    log = tracker.log()
    story = [event for event in log if event["stream"] == "story-western-instructors"]
    assert story[0]["type"] == "story.opened"
    assert len(story[0]["data"]["document_sha256"]) == 64
    assert {event["type"] for event in story[1:]} == {"claim.tracked"}
    assert [event["data"]["claim"]["id"] for event in story[1:21]] == [f"S{number:02}" for number in range(1, 21)]
    tracker.run("story", "open", str(SEED))
    assert tracker.log() == log


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: path.stem)
def test_any_article_opens_a_story(tracker: Tracker, article: Path) -> None:
    """An article without a curated file gives claims that cite it, and says what it left out and why."""
    document = opened(tracker, str(article))
    assert document["claims"]
    assert all(left["reason"] for left in document["left_out"])
    text = article.read_text(encoding="utf-8")
    for event in tracker.log():
        if event["type"] == "claim.tracked":
            evidence = event["data"]["claim"]["evidence"]
            assert evidence["sentence"] in text
    tracker.run("verify")


def test_a_page_and_an_address_open_the_story_of_their_article(tracker: Tracker, publisher: Publisher) -> None:
    """The article in a web page is found among its menus, from a file and from an address."""
    paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLES[0].read_text().splitlines() if line.strip())
    page = f"""<!doctype html><html lang="en"><head><title>Our paper</title></head><body>
      <nav><a href="/">Home</a> <a href="/news">News</a></nav>
      <article><h1>What happened</h1>{paragraphs}</article>
      <footer>Subscribe to our newsletter</footer></body></html>"""
    (tracker.home / "page.html").write_text(page, encoding="utf-8")
    publisher.answers["/article"] = (200, page.encode())
    from_file = opened(tracker, "page.html", "--id", "from-file")
    from_web = opened(tracker, f"{publisher.url}/article", "--id", "from-web")
    assert from_file["claims"]
    assert from_file["claims"] == from_web["claims"]
    assert not any("newsletter" in claim["text"] for claim in from_file["claims"])
    publisher.answers["/gone"] = (404, b"")
    done = tracker.run("story", "open", f"{publisher.url}/gone", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_stories_are_listed_closed_and_shown(tracker: Tracker) -> None:
    """A story can be listed with its claims and entries, and closed."""
    tracker.run("story", "open", str(ARTICLES[0]), "--id", "mine", "--title", "My story")
    assert "mine" in tracker.run("story", "list").stdout
    assert "My story" in tracker.run("story", "list", "--json").stdout
    assert tracker.run("story", "claims", "mine").stdout.strip()
    assert json.loads(tracker.run("story", "entries", "mine", "--json").stdout)["entries"] == []
    tracker.run("story", "close", "mine")
    assert "closed" in tracker.run("story", "list").stdout


def test_a_text_is_judged_without_a_trace(tracker: Tracker) -> None:
    """`tracker judge` gives a verdict with its stages, from an option, a file or stdin, and writes nothing."""
    tracker.run("story", "open", str(SEED))
    log = tracker.log()
    title = "Lithuania is ready to send military instructors to Ukraine"
    words = ("judge", "western-instructors", "--title", title, "--published", "2024-06-01")
    verdict = json.loads(tracker.run(*words, "--text", f"{title}, the prime minister said.", "--json").stdout)
    assert verdict["relevant"]
    assert verdict["stages"]
    (tracker.home / "text.txt").write_text(f"{title}, the prime minister said.")
    assert "belongs to the story" in tracker.run(*words, "text.txt").stdout
    assert "does not belong" in tracker.run("judge", "western-instructors", "--title", "Rovers win the cup").stdout
    assert tracker.run("judge", "western-instructors", check=False).returncode == 2
    assert tracker.log() == log
