"""Articles out of pages, Markdown and plain text."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.feeds.article import read_article, read_markdown, read_text
from tracker.errors import SeedError

PARAGRAPHS = (
    "The harbour bridge will be closed from Monday, the city council said on Friday, after cracks were found.",
    "Engineers expect the repairs to last six weeks and to cost four million euros, twice of what was planned.",
    "Residents had warned of the damage in March, but the council had called their report exaggerated.",
)
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Bridge closed | The Example</title>
<meta property="og:title" content="Bridge closed">
<meta property="article:published_time" content="2026-03-05T10:00:00Z">
</head><body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Bridge closed</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)}<script>track("reader")</script></article>
<footer>Subscribe to our newsletter. All rights reserved.</footer></body></html>"""


@pytest.mark.parametrize(
    ("name", "kind"),
    [("https://news.example/bridge", "text/html; charset=utf-8"), ("bridge.html", None), ("bridge", None)],
)
def test_the_article_of_a_page_is_found(name: str, kind: str | None) -> None:
    """The paragraphs come out with title, day and language, without menu, footer and script."""
    article = read_article(PAGE.encode(), name, kind)
    assert article.title == "Bridge closed"
    assert (article.published, article.language) == (date(2026, 3, 5), "en")
    lines = article.text.split("\n")
    assert all(paragraph in lines for paragraph in PARAGRAPHS)
    assert not any(word in article.text for word in ("Sport", "newsletter", "track("))


TIME = '<meta property="article:published_time" content="2026-03-05T10:00:00Z">'


IN_JSON = """{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge closed",
"publisher": {"@type": "Organization", "name": "Valley Gazette"}}"""


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ('<meta property="og:site_name" content=" Valley  Gazette &amp; Post ">', "Valley Gazette & Post"),
        ('<meta content="taz" property="og:site_name">', "taz"),
        ('<meta property="og:site_name" content="news.example">', "news.example"),
        (f'<script type="application/ld+json">{IN_JSON}</script>', "Valley Gazette"),
        ('<meta property="og:site_name" content="  ">', None),
        ("", None),
    ],
)  # fmt: skip
def test_a_page_names_its_publisher(head: str, publisher: str | None) -> None:
    """The name of the site is the publisher, as it is written there; the host of an address is no name."""
    page = PAGE.replace("</head>", f"{head}</head>").encode()
    assert read_article(page, "https://news.example/bridge").publisher == publisher


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        (TIME, datetime(2026, 3, 5, 10, tzinfo=UTC)),
        (TIME.replace("10:00:00Z", "10:30+02:00"), datetime(2026, 3, 5, 8, 30, tzinfo=UTC)),
        ('<script type="application/ld+json">{"datePublished": "2026-03-05T10:00:00.5-0100"}</script>',
         datetime(2026, 3, 5, 11, tzinfo=UTC)),
        (TIME.replace("T10:00:00Z", ""), None),
        (TIME.replace("10:00:00Z", "10:00:00"), None),
        (TIME.replace("T10:00:00Z", "T77:00:00Z"), None),
        (f'{TIME}<script type="application/ld+json">{{"datePublished": "2025-01-01T09:00:00Z"}}</script>',
         datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("", None),
    ],
)  # fmt: skip
def test_a_page_names_the_moment_at_which_it_was_published(head: str, moment: datetime | None) -> None:
    """A time with its zone, of the article's own day, is the moment; a day, or a clock of no zone, is none."""
    assert read_article(PAGE.replace(TIME, head).encode(), "bridge.html").moment == moment


def test_plain_text_is_left_as_it_is() -> None:
    """Every character of a text stays where it was; a first line like a headline is the title."""
    text = "Bridge closed\n\n" + "\n".join(PARAGRAPHS) + "\n"
    article = read_article(text.encode(), "bridge.txt")
    assert (article.title, article.text) == ("Bridge closed", text)
    assert read_article("\n".join(PARAGRAPHS).encode(), "bridge.txt").title is None


def test_text_in_windows_letters_is_read() -> None:
    """A text that is not UTF-8 is read as Windows-1252, a declared charset goes first."""
    text = "Café “Bridge” " + PARAGRAPHS[0]
    assert read_article(text.encode("cp1252"), "a.txt").text == text
    assert read_article(text.encode("utf-16"), "a.txt", "text/plain; charset=utf-16").text == text


def test_markdown_loses_its_marks() -> None:
    """Headings, emphasis, links, images, lists, quotes, rules and code go; front matter gives title, day, language."""
    text = (
        '---\ntitle: "Bridge closed"\ndate: 2026-03-05\nlang: en\n---\n# Heading\n\n'
        f"**{PARAGRAPHS[0]}** See [the plan](https://x.example/a_(b)) ![map](m.png)\n\n> a quote\n\n"
        "- first\n2. second\n\n---\n```\ncode()\n```\nsnake_case stays, `ticks` go.\n"
    )
    article = read_article(text.encode(), "bridge.md")
    assert (article.title, article.published, article.language) == ("Bridge closed", date(2026, 3, 5), "en")
    lines = article.text.split("\n")
    assert lines[0] == "Heading"
    assert lines[1].startswith(f"{PARAGRAPHS[0]} See the plan")
    assert lines[2:] == ["a quote", "first", "second", "snake_case stays, ticks go."]
    assert read_markdown("# Heading here\n\ntext").title == "Heading here"


@pytest.mark.parametrize(
    ("body", "name", "what"),
    [
        (b"", "a.html", "an empty document"),
        (b" \n ", "a.txt", "an empty document"),
        (b"short", "a.txt", "it"),
        (b"%PDF-1.7 " + bytes(500), "a.pdf", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "https://a.example/x.png", "binary data"),
        (b"<html><body><form>Log in <input name=u></form></body></html>", "https://a.example/", "it"),
        (b"<html><body></body></html>", "a.html", "it"),
    ],
)
def test_a_document_without_an_article_is_named(body: bytes, name: str, what: str) -> None:
    """One line names the document and says that there is no article in it."""
    with pytest.raises(SeedError) as caught:
        read_article(body, name)
    assert str(caught.value) == f"seed {name}: no article found in {what}"


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "https://a.example/"]))
def test_no_document_can_do_harm(body: bytes, name: str) -> None:
    """Whatever the bytes, the answer is an article or SeedError."""
    try:
        text = read_article(body, name).text
    except SeedError:
        text = "x" * 60
    assert len(text) >= 60


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Bridge to be built\nPublished 4 March 2024\n", date(2024, 3, 4)),
        ("4 March 2024, 10:15 GMT\nBridge to be built\n", date(2024, 3, 4)),
        ("Bridge to be built\nLONDON, March 4, 2024 (Reuters) - The council will build.\n", date(2024, 3, 4)),
        ("Bridge to be built\nUpdated: 2024-03-04 10:00\n", date(2024, 3, 4)),
        ("Bridge to be built\nOn 4 March 1944 the old bridge was bombed, and none was built since.\n", None),
        ("Bridge to be built in March 2024\n", None),
    ],
)  # fmt: skip
def test_the_head_of_a_text_names_its_day(head: str, day: date | None) -> None:
    """A line with a date, or a dateline before a dash, dates a text; a date within its first sentence does not."""
    article = read_text(head + "\nThe bridge will cross the river Lea. It will cost 3 million pounds.\n")
    assert article.published == day
    assert (article.title or "").startswith("Bridge to be built")
