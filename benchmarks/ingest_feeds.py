"""Made-up feeds of a fixed seed: 30 entries and about 100 KB each, two of three RSS 2.0, the third Atom 1.0."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

ENTRIES = 30
EDITED = 12
"""Place of the entry whose words the edition "edited" changes, counted from the oldest."""
EDITIONS = ("first", "more", "edited")
_START = datetime(2025, 10, 6, 6, tzinfo=UTC)
_PERIOD = timedelta(minutes=47)
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeiou"]


def address(outlet: int) -> str:
    """Return the loopback address of an outlet: one host has one feed."""
    return f"127.{1 + outlet // 62_500}.{outlet // 250 % 250}.{1 + outlet % 250}"


class Publisher:
    """Writes the feeds of many outlets; equal seeds write equal bytes."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        words = ["".join(self._random.choices(_SYLLABLES, k=self._random.choice((1, 2, 2, 3)))) for _ in range(4_000)]
        self._sentences = [self._sentence(words) for _ in range(3_000)]

    def feed(self, outlet: int) -> dict[str, bytes]:
        """Return the editions of an outlet's feed: as it is first, with one entry more, and with one edited."""
        write = _atom if outlet % 3 == 2 else _rss
        entries = [self._entry(outlet, nth) for nth in range(ENTRIES + 1)]
        first, more = entries[:ENTRIES], entries[1:]
        edited = [
            *first[:EDITED],
            first[EDITED] | {"title": f"Corrected: {first[EDITED]['title']}"},
            *first[EDITED + 1 :],
        ]
        return {name: write(outlet, found[::-1]) for name, found in zip(EDITIONS, (first, more, edited), strict=True)}

    def _sentence(self, words: Sequence[str]) -> str:
        return " ".join(self._random.choices(words, k=self._random.randint(8, 18))).capitalize()

    def _entry(self, outlet: int, nth: int) -> dict[str, str]:
        pick = self._random.choice
        picture = f'<img src="/i/{nth}.jpg" alt="" width="640"/>'
        link = f"http://outlet-{outlet}.example/news/2025/{nth}-{pick(self._sentences)[:20].replace(' ', '-').lower()}"
        return {
            "title": f"{pick(self._sentences)[:70]} ({outlet}, {nth})",
            "link": link,
            "at": (_START + _PERIOD * nth).isoformat(),
            "teaser": f"<p>{picture} {pick(self._sentences)}. {pick(self._sentences)}.</p>",
            "body": "".join(self._paragraph(link) for _ in range(7)),
        }

    def _paragraph(self, link: str) -> str:
        one, two, three, four = self._random.choices(self._sentences, k=4)
        return (
            f'<p>{one}. <a href="{link}#{len(two)}">{two}</a> <b>{three[:20]}</b> {three}, &#8220;{four}&#8221;.</p>\n'
        )


def _rss(outlet: int, entries: Sequence[dict[str, str]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one['title'])}</title><link>{one['link']}</link>"
        f'<guid isPermaLink="true">{one["link"]}</guid>'
        f"<pubDate>{format_datetime(datetime.fromisoformat(one['at']))}</pubDate><dc:creator>Desk</dc:creator>"
        f"<category>World</category><description><![CDATA[{one['teaser']}]]></description>"
        f"<content:encoded><![CDATA[{one['body']}]]></content:encoded></item>\n"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Outlet {outlet}</title><link>http://outlet-{outlet}.example/</link><description>News</description>"
        f"<language>en</language>{items}</channel></rss>"
    ).encode()


def _atom(outlet: int, entries: Sequence[dict[str, str]]) -> bytes:
    items = "".join(
        f"<entry><title>{escape(one['title'])}</title><link href={one['link']!r}/><id>{one['link']}</id>"
        f"<published>{one['at']}</published><updated>{one['at']}</updated>"
        f'<summary type="html">{escape(one["teaser"])}</summary>'
        f'<content type="html">{escape(one["body"])}</content></entry>\n'
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>Outlet {outlet}</title><id>http://outlet-{outlet}.example/</id>"
        f"<updated>{entries[0]['at']}</updated><author><name>Desk</name></author>{items}</feed>"
    ).encode()
