"""The pages on one claim, one development and one entry, asked as a browser asks."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from tests.made import bridge, toll
from tests.made.page import words
from tests.made.page_desk import PageDesk, page_desk
from tests.made.streams import Recorder
from tracker.application.erase import erase
from tracker.domain.claims import Claim
from tracker.domain.entry import Entry
from tracker.domain.events import ClaimTracked, Recorded, StoryOpened, story_stream
from tracker.projections.rows import stamp

FERRY = f"/story/{toll.STORY}"
EARLY = stamp(toll.OPENED + timedelta(hours=10))
ODD = 'a/b <script>alert("1")</script>'


def events() -> tuple[Recorded, ...]:
    """Return the ferry's log, and that of a story whose one claim has an id that no address should have."""
    log = Recorder()
    for one in toll.events():
        log.record(one.stream, one.event, at=one.recorded_at, actor=one.actor)
    odd = story_stream("odd")
    log.record(odd, StoryOpened("odd", "<b>Odd</b> & ends", "en", None, None, None))
    log.record(odd, ClaimTracked(Claim(ODD, "\x1b[31m<i>So</i>\u202e it is."), "seed"))
    return tuple(log.events)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    home = tmp_path_factory.mktemp("desk")
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home, events()) as made:
        toll.keep(made.app.archive)
        yield made


def shown(desk: PageDesk, path: str, status: int = 200) -> str:
    """Return a page, which must answer so, refer to nothing outside the site but articles, and style nothing inline."""
    answer = desk.reader().get(path)
    assert answer.status_code == status
    assert not re.search(r"\sstyle=|<style|<script(?! src=\"/static/)|\son\w+=", answer.text)
    headings = [int(level) for level in re.findall(r"<h(\d)", answer.text.split("<dialog")[0])]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    return answer.text


def test_a_claim_with_its_history(desk: PageDesk) -> None:
    """A claim has how it stands, who says so, when it occurred, was published and seen, and its history."""
    html = shown(desk, f"{FERRY}/claim/S01")
    said = words(html)
    assert "S01 62 people died when the ferry capsized." in said
    assert "At first At least 3 people died when the ferry capsized." in said
    assert "Independent sources 2: Harbour Radio, Rumour Mill" in said
    assert "against denies it: the company (Ferry Line)" in said
    assert "Occurred no date is said Published the latest 2031-06-04 17:50 UTC Seen first 2031-06-02 06:00 UTC" in said
    history = [int(nth) for nth in re.findall(r'id="event-(\d+)"', html)]
    assert history == sorted(history, reverse=True) == [15, 11, 10, 9, 8, 5, 2]
    assert "rejected by a person" in said
    assert f'href="{FERRY}/entry/e4"' in html
    assert f'href="{FERRY}/development/10"' in html


def test_a_chart_has_its_figures_as_a_table(desk: PageDesk) -> None:
    """What is drawn has a title and a description, and stands in a table as well, with who said it."""
    html = shown(desk, f"{FERRY}/claim/S01")
    assert html.count('role="img"') == 1
    assert '<title id="chart-1-title">How many people</title>' in html
    table = words(html[html.index("<table") : html.index("</table>")])
    assert table.startswith(
        "Seen Value Said by What became of it 2031-06-04 19:00 70 people Rumour Mill said by a source"
    )
    assert "2031-06-02 18:00 Some 55 people Fast News rejected by a person" in table
    assert table.endswith("2031-06-02 06:00 At least 3 people as first tracked")
    assert html.count('class="mark mark-') == 7 + 5  # and the legend
    assert "<figure" not in shown(desk, f"{FERRY}/claim/S03")


def test_a_claim_as_it_stood(desk: PageDesk) -> None:
    """As of a moment the claim is as it was known then, and every link stays there; before it began it is not there."""
    html = shown(desk, f"{FERRY}/claim/S01?as_of={EARLY}")
    assert "S01 At least 40 people died when the ferry capsized." in words(html)
    assert [int(nth) for nth in re.findall(r'id="event-(\d+)"', html)] == [8, 5, 2]
    inside = [link for link in re.findall(r'href="(/story/[^"]+)"', html) if link != f"{FERRY}/claim/S01"]
    assert inside
    assert all("as_of=" in link for link in inside)
    shown(desk, f"{FERRY}/claim/S01?as_of=1999-01-01", 404)
    assert shown(desk, f"{FERRY}/claim/S01?as_of=nonsense", 400)


def test_an_unknown_claim_is_refused(desk: PageDesk) -> None:
    """A claim that there is not is refused with those that come nearest."""
    assert "did you mean S0" in words(shown(desk, f"{FERRY}/claim/S0", 404))
    shown(desk, f"{FERRY}/claim/S01?before=x", 400)
    shown(desk, "/story/ferry/claim/S01", 404)


def test_a_long_history_is_paged(tmp_path: Path, sqlite_url: str) -> None:
    """More findings than a page holds are on further pages, which lead to each other."""
    log = list(events()[:5])
    recorder = Recorder()
    for one in log:
        recorder.record(one.stream, one.event, at=one.recorded_at)
    for nth in range(60):
        recorder.record(toll.STREAM, log[4].event, at=log[4].recorded_at + timedelta(minutes=nth))
    with page_desk(sqlite_url, tmp_path, recorder.events) as desk:
        newest = shown(desk, f"{FERRY}/claim/S01")
        (older,) = re.findall(r'rel="next" href="([^"#]+)', newest)
        oldest = shown(desk, older)
    assert newest.count('id="event-') == 50
    assert oldest.count('id="event-') == 12
    assert 'rel="prev"' in oldest
    assert 'rel="next"' not in oldest
    assert "<figure" not in oldest


def test_words_of_others_are_harmless(desk: PageDesk) -> None:
    """Markup, escape sequences and marks of direction in ids and texts are shown as words, and the links still lead."""
    html = shown(desk, "/story/odd/claim/a%2Fb%20%3Cscript%3Ealert(%221%22)%3C%2Fscript%3E")
    assert "<i>" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert f"{ODD} <i>So</i> it is." in words(html)
    assert "Not there" in shown(desk, "/story/odd/development/2", 404)
    assert "&lt;b&gt;Odd&lt;/b&gt;" in html


def test_a_development_with_all_behind_it(desk: PageDesk) -> None:
    """A development has its sentence in context, what was compared, the claim before, after and now, and the record."""
    html = shown(desk, f"{FERRY}/development/8")
    said = words(html)
    assert "<mark>At least 40 people died, a minister said.</mark>" in html
    assert "Said by Coast News (in Herald (Coast News)); the article; the entry with its versions" in said
    assert "Compared quantity: Nine people → At least 40 people" in said
    assert "The judge was sure (0.84 of 1) Decided by judge 1" in said
    assert "Before Nine people died when the ferry capsized. unconfirmed one source: Coast Post" in said
    assert "Now S01 62 people died when the ferry capsized. disputed" in said
    record = json.loads(unescape(html[html.index("<pre>") + 5 : html.index("</pre>")]))
    assert record["position"] == 8
    assert record["hash"] in said
    assert desk.app.auditor.verify(head=record["hash"]).faults == ()


def test_what_came_later_stands_at_the_top(desk: PageDesk) -> None:
    """A development that a person rejected, is in doubt, or whose entry was edited since, says so before all else."""
    for position, banner in (
        (9, "Rejected by a person: #16"),
        (14, "In doubt."),
        (5, "Its publisher has since edited"),
    ):
        html = shown(desk, f"{FERRY}/development/{position}")
        assert banner in words(html[: html.index("<h1")])
    assert 'href="/review?before=15#finding-14"' in shown(desk, f"{FERRY}/development/14")
    review = words(shown(desk, f"{FERRY}/development/16"))
    assert "About #9: quantity: At least 40 people → Some 55 people" in review
    html = shown(desk, f"{FERRY}/development/7")
    assert "[taken out: Nine]" in words(html)
    assert "<ins>" in html


def test_a_repeat_leads_to_what_said_it_first(desk: PageDesk) -> None:
    """An entry that repeats another leads to that one."""
    assert f'<a href="{FERRY}/entry/e1">the entry that said it first</a>' in shown(desk, f"{FERRY}/development/6")


def test_a_position_elsewhere_is_led_on(desk: PageDesk) -> None:
    """A position of another story leads there; one of no development, or not known yet, says so; both are 404."""
    html = shown(desk, "/story/odd/development/8", 404)
    assert f'href="{FERRY}/development/8"' in html
    html = shown(desk, f"{FERRY}/development/1", 404)
    assert "The event at position 1 tells nothing of what happened in the story." in words(html)
    assert f'href="{FERRY}"' in html
    html = shown(desk, f"{FERRY}/development/10?as_of={EARLY}", 404)
    assert "was not known yet at that moment" in words(html)
    assert f'href="{FERRY}/development/10"' in html
    shown(desk, f"{FERRY}/development/999", 404)
    shown(desk, f"{FERRY}/development/{2**70}", 404)
    shown(desk, "/story/ferry/development/8", 404)
    assert "At least 40" in words(shown(desk, f"{FERRY}/development/8?as_of={EARLY}"))


def test_an_entry_with_its_edits(desk: PageDesk) -> None:
    """An entry has its source, its times, its versions with what changed in words, and what came of it."""
    html = shown(desk, f"{FERRY}/entry/e1")
    said = words(html)
    assert "Ferry toll at [taken out: 9] [put in: 11]" in said
    assert "<del>" in html
    assert "Published 2031-06-02 07:50 UTC" in said
    assert "Belongs to the story: it names the ferry. The judge (judge 1, 2031-06-02 08:00 UTC) was sure" in said
    assert re.findall(r'id="event-(\d+)"', html) == ["7", "5"]
    assert "relayed by Herald (Coast News): they count as one source" in words(shown(desk, f"{FERRY}/entry/e2"))
    assert "Does not belong to the story" in words(shown(desk, f"{FERRY}/entry/e9"))
    early = words(shown(desk, f"{FERRY}/entry/e1?as_of={stamp(toll.OPENED + timedelta(hours=3))}"))
    assert "Ferry toll at 9" in early
    assert "11" not in early.split("Versions")[1].split("All times")[0].replace("2031", "")
    shown(desk, f"{FERRY}/entry/nothing", 404)


def test_what_became_of_an_entry_is_told(tmp_path: Path, sqlite_url: str) -> None:
    """An entry that is gone, goes to and fro, bears a date that cannot be, or was read whole says so."""
    at = toll.OPENED
    texts = ("<b>One</b>.\nTwo.", "Three.")
    with page_desk(sqlite_url, tmp_path, toll.events()) as desk:
        archive = desk.app.archive
        for hour in range(8):
            seen = at + timedelta(hours=hour)
            odd = Entry(
                "e1",
                "It is so",
                "",
                seen,
                publisher="Post",
                text=texts[hour % 2],
                language="de",
                date_suspect=True,
                published=at,
            )
            archive.keep("f", [odd], baseline=[False], seen=seen)
        archive.page_gone("e1", at + timedelta(hours=9), 410)
        html = shown(desk, f"{FERRY}/entry/e1")
        said = words(html)
        assert "Taken away by its publisher, noticed 2031-06-02 15:00 UTC: its page is gone (HTTP 410)." in said
        assert "In quarantine" in said
        assert "a date that cannot be" in said
        assert 'lang="de"' in html
        assert "The text as it was read" in said
        assert "Not judged for this story." in said
        erase(desk.app.log, archive, desk.app.eraser, "e1", reason="a court's order", actor="person")
        erased = shown(desk, f"{FERRY}/entry/e1")
        assert "The words of this entry had to go" in words(erased)
        assert "It is so" not in erased
        assert "Post" not in erased


def test_every_event_of_a_story_has_its_page(tmp_path: Path, sqlite_url: str) -> None:
    """Whatever happened in a story can be looked at, and so can each claim and entry that these pages lead to."""
    with page_desk(sqlite_url, tmp_path, bridge.events()) as desk:
        pages = [shown(desk, f"/story/{bridge.STORY}/development/{at}") for at in _timeline(desk)]
        claims = {link for html in pages for link in re.findall(r'href="(/story/[^"]+/claim/[^"]+)"', html)}
        assert len(claims) == 5
        for link in claims:
            shown(desk, link)
    assert any("taken away" in words(html) or "edited" in words(html) for html in pages)


def _timeline(desk: PageDesk) -> list[int]:
    desk.reader().get("/")
    return [row["position"] for row in desk.app.views.scan("timeline", bridge.STORY)]
