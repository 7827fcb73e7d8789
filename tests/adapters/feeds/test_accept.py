"""The command that reads suites of feeds, on a folder of our own making."""

import subprocess
import sys
from pathlib import Path

FILES = {
    "rss/title.xml": "<!--\nExpect: not bozo and entries[0]['title'] == 'A &amp; B' and feed['title'] == 'F'\n-->"
    "<rss version='2.0'><channel><title>F</title><item><title>A &amp;amp; B</title></item></channel></rss>",
    "rss/wrong.xml": "<!--\nExpect: entries[0]['link'] == 'http://a.example/1' and entries[0]['title'] == 'never'\n-->"
    "<rss version='2.0'><channel><item><title>T</title><link>http://a.example/1</link></item></channel></rss>",
    "rss/code.xml": "<!--\nExpect: __import__('os').system('exit 1') == 0 and entries[0].pop('x') == 1\n-->"
    "<rss version='2.0'><channel><item><title>T</title></item></channel></rss>",
    "rss/dated.rss": "<!--\nExpect: entries[0]['published_parsed'] == (2004, 1, 1, 19, 48, 21, 3, 1, 0)\n-->"
    "<rss version='2.0'><channel><item><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate></item></channel></rss>",
    "atom/header.atom": "<!--\nHeader: Content-Language: de\nExpect: feed['language'] == 'de'\n-->"
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:x:1</id></entry><entry><id>urn:x:1</id></entry></feed>",
    "page.xml": "<html><body>no</body></html>",
    "expected/a.xml": "<rss version='2.0'><channel/></rss>",
    "expected/a.json": '{"items": []}',
    "expected/b_expected.json": '{"items": []}',
    "json/feed.json": '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}]}',
    "json/package.json": '{"version": "1.0.0"}',
    "README.md": "<rss/>",
}
COMMAND = (sys.executable, "benchmarks/accept.py")


def accept(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command from the top of the checkout."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_a_suite_is_read_and_counted(tmp_path: Path) -> None:
    """Feeds are told from other files, refusals and wrong fields named, no code in them runs; the sum stands last."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = accept(str(tmp_path), "--list", "--fields", "--safe")
    lines = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (0, "")
    assert lines[-1] == "accepted 7 of 8, entries 6, unstable ids 0, crashed 0, hung 0"
    assert "refused  page.xml: an HTML page, not a feed" in lines
    assert "recognised by feedparser: 6, accepted of these: 6" in lines
    wrong = [line for line in lines if line.startswith("wrong")]
    assert [line.split(": expected")[0] for line in wrong] == ["wrong    rss/wrong.xml: title"]
    assert "fields: covered 6, right 5, 83.33 %" in lines
    assert "texts with what looks like markup: 0" in lines


def test_a_folder_without_feeds_is_said_to_be_one(tmp_path: Path) -> None:
    """Where there is nothing to read there is nothing to praise."""
    run = accept(str(tmp_path))
    assert (run.returncode, run.stdout, run.stderr) == (2, "", f"no feeds in {tmp_path}\n")
