"""What waits for a person, on the page; and the mark of what a reader has read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.made import bridge
from tests.made.page import Page
from tests.made.page_desk import PageDesk, Reader, page_desk
from tests.made.streams import Recorder
from tracker.application.look import last_look
from tracker.application.review import review
from tracker.domain.actors import shown
from tracker.domain.claims import Claim, Relation
from tracker.domain.entry import EntryRef
from tracker.domain.events import (
    ClaimCorroborated,
    ClaimDenied,
    ClaimTracked,
    Event,
    FindingReviewed,
    Recorded,
    StoryOpened,
    story_stream,
)
from tracker.entrypoints.cli.main import run

DOUBT = 14
"""The one finding of the bridge that waits."""


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[PageDesk]:
    with page_desk(sqlite_url, tmp_path) as made:
        yield made


def ada(desk: PageDesk) -> Reader:
    """Return a reader who has signed in."""
    reader = desk.reader()
    reader.sign_in("Ada")
    return reader


def fields(html: str, action: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}">(.*?)</form>', html, re.DOTALL)
    assert form, f"no form for {action}"
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[1])}


def say(reader: Reader, position: int, said: str, page: str = "/review", **others: str) -> Any:
    """Press a button of the queue as it is shown now."""
    path = f"/review/{position}"
    return reader.post(path, {**fields(reader.get(page).text, path), "said": said, **others})


def reviews(desk: PageDesk) -> list[tuple[int, str, str | None, str]]:
    """Return what the log holds of reviews since the bridge."""
    events = tuple(desk.app.log.read(after=len(bridge.events())))
    return [
        (one.event.position, one.event.verdict, one.event.relation and str(one.event.relation), one.actor)
        for one in events
        if isinstance(one.event, FindingReviewed)
    ]


def test_the_queue_tells_what_there_is_to_say_of_a_finding(desk: PageDesk) -> None:
    """Sentence, claim, what the judge says and why, who says so and when: all of it, and only what waits."""
    words = " ".join(Page(desk.reader().get("/review").text).words.split())
    for told in (
        "1 finding of which the judge is not sure waits", "Old harbour bridge closed",
        "update Bridge may stay closed for longer", "Its grounds speak for it and against it",
        "“Repairs could take until summer, engineers fear.”", "S03 The bridge will stay closed until 14 March.",
        "It updates the claim", "date 14 March → summer", "a later date, but only a fear",
        "Coast Wire, published 2031-03-04 23:50 UTC",
        "2031-03-05 00:00 UTC",
    ):  # fmt: skip
        assert told in words
    assert "cracks" not in words


def test_a_foreign_finding_says_that_it_is(sqlite_url: str, tmp_path: Path) -> None:
    """What waits since it is in another language says so, in the queue and on its own page, with its headline."""
    log = Recorder()
    log.record("story-odd", StoryOpened("odd", "Odd", "en-GB", None, None, None))
    log.record("story-odd", ClaimTracked(Claim("S01", "So."), "seed"))
    for number, language in ((1, "no"), (2, "en-US")):
        ref = EntryRef(f"e{number}", "v1", f"Headline {number}", "", "", "P", "P", None, language)
        log.record("story-odd", ClaimDenied(ref, _doubt(Relation.DENIES, "S01")))
    with page_desk(sqlite_url, tmp_path, log.events) as desk:
        queue = " ".join(Page(desk.reader().get("/review").text).words.split())
        foreign, same = queue.index("Headline 1"), queue.index("Headline 2")
        assert same < queue.index("Its grounds speak for it") < foreign
        assert foreign < queue.index("It is in another language (“no”) than the story (“en”)")
        own = Page(desk.reader().get("/story/odd/development/3").text).words
        assert "The judge is not sure: it is in another language (“no”) than the story (“en”)." in own


def test_equal_values_are_told_once(sqlite_url: str, tmp_path: Path) -> None:
    """A finding whose values are equal tells them once, also where a person said that it is an update."""
    log = Recorder()
    log.record("story-odd", StoryOpened("odd", "Odd", "en", None, None, None))
    claim = Claim("S01", "So.")
    log.record("story-odd", ClaimTracked(claim, "seed"))
    same = bridge.finding(Relation.CORROBORATES, claim, "", "same", field="status", old="possible", new="possible")
    ref = EntryRef("e1", "v1", "Headline", "", "", "P", "P", None, "en")
    log.record("story-odd", ClaimCorroborated(ref, same))
    log.record("story-odd", FindingReviewed(3, "relabelled", Relation.UPDATES, "S01"), actor="person:Ada")
    with page_desk(sqlite_url, tmp_path, log.events) as desk:
        for path in ("/story/odd", "/story/odd/development/3", "/story/odd/claim/S01", "/review?done=4"):
            assert "→" not in Page(desk.reader().get(path).text).words
        assert "status: possible, as before" in Page(desk.reader().get("/story/odd/development/3").text).words


def test_who_may_only_read_sees_no_button(desk: PageDesk) -> None:
    """They see the queue, and how to sign in; to press a button that is not there does nothing."""
    reader = desk.reader()
    page = reader.get("/review").text
    assert 'method="post"' not in page
    assert 'href="/sign-in?to=/review"' in page
    assert reader.post(f"/review/{DOUBT}", {"said": "confirm", "seen": "99"}).headers["location"].startswith("/sign-in")
    assert reviews(desk) == []


TOLD = 11
"""An update of the bridge of which the judge was sure."""
PAGE = f"/story/{bridge.STORY}/development/{TOLD}"


def pressed(html: str) -> list[str]:
    """Return what the buttons of a page say."""
    return re.findall(r'name="said" value="(\w+)"', html)


def test_what_is_wrong_is_said_where_it_stands(desk: PageDesk) -> None:
    """A finding of which the judge was sure is rejected on its own page, which tells so and takes another word."""
    reader = ada(desk)
    assert pressed(reader.get(PAGE).text) == ["confirm", "reject", "corroborates", "denies"]
    answer = reader.post(PAGE, {**fields(reader.get(PAGE).text, PAGE), "said": "reject"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=21#review")
    page = reader.get(answer.headers["location"]).text
    assert f'aria-live="polite">The finding at position {TOLD} is rejected.</p>' in page
    assert "Rejected by a person" in page
    assert "already rejected by Ada.</p>" in desk.reader().get(f"{PAGE}?done=21").text
    assert "position 14" not in reader.get(f"/story/{bridge.STORY}/development/{DOUBT}?done=21").text
    assert reader.post(PAGE, {**fields(page, PAGE), "said": "denies"}).status_code == 303
    assert reviews(desk) == [(TOLD, "rejected", None, "person:Ada"), (TOLD, "relabelled", "denies", "person:Ada")]


def test_who_may_only_read_is_told_how_to_say_what_is_wrong(desk: PageDesk) -> None:
    """They see no button, and the way to sign in leads back to the finding; a form of theirs does nothing."""
    reader = desk.reader()
    page = reader.get(PAGE).text
    assert pressed(page) == []
    assert f'right, wrong, or something else: <a href="/sign-in?to={quote(PAGE, safe="")}">' in page
    answer = reader.post(PAGE, {"said": "reject", "seen": "99"})
    assert answer.headers["location"] == f"/sign-in?{urlencode({'to': PAGE})}"
    assert reader.sign_in(to=PAGE).headers["location"] == PAGE
    assert reviews(desk) == []


def test_a_page_takes_words_on_its_own_finding_alone(desk: PageDesk) -> None:
    """What is no finding, or is of another story, has no buttons and takes no word; the past takes none either."""
    reader = ada(desk)
    form = {**fields(reader.get(PAGE).text, PAGE), "said": "reject"}
    for path, status in (
        (f"/story/{bridge.STORY}/development/16", 400), (f"/story/{bridge.STORY}/development/99", 404),
        (f"/story/other/development/{TOLD}", 404), (f"/story/{bridge.STORY}/development/1", 404),
    ):  # fmt: skip
        assert pressed(reader.get(path).text) == []
        assert reader.post(path, form).status_code == status
    assert pressed(reader.get(f"{PAGE}?as_of=2031-03-05").text) == []
    assert reader.post(PAGE, {**form, "csrf": "x"}).status_code == 403
    assert reader.post(PAGE, {**form, "said": "maybe"}).status_code == 400
    assert reviews(desk) == []


def test_nobody_overrules_what_they_have_not_seen_of_a_development(desk: PageDesk) -> None:
    """What somebody said of it since the page was loaded stands, and the page tells it; asked again it is recorded."""
    reader = ada(desk)
    form = fields(reader.get(PAGE).text, PAGE)
    review(desk.app, TOLD, "rejected", "person:Grace")
    answer = reader.post(PAGE, {**form, "said": "confirm"})
    assert answer.status_code == 409
    assert f"Not recorded: meanwhile Grace said that the finding at position {TOLD} is rejected." in answer.text
    assert reader.post(PAGE, {**fields(answer.text, PAGE), "said": "confirm"}).status_code == 303
    assert [said for _, said, _, _ in reviews(desk)] == ["rejected", "confirmed"]


@pytest.mark.parametrize(
    ("said", "recorded", "told"),
    [
        ("confirm", ("confirmed", None), "The finding at position 14 is confirmed."),
        ("reject", ("rejected", None), "The finding at position 14 is rejected."),
        ("denies", ("relabelled", "denies"), "The finding at position 14 is relabelled as denies."),
    ],
)
def test_what_a_person_says_is_recorded_under_their_name(
    desk: PageDesk, said: str, recorded: tuple[str, str | None], told: str
) -> None:
    """The page goes on to the queue, tells what was recorded, and shows the finding again to be said otherwise."""
    reader = ada(desk)
    answer = say(reader, DOUBT, said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review?done=21#done")
    assert reviews(desk) == [(DOUBT, *recorded, "person:Ada")]
    page = reader.get(answer.headers["location"]).text
    assert told in unescape(page)
    assert "Nothing waits for a review." in page
    assert say(reader, DOUBT, "reject" if said != "reject" else "confirm", "/review?done=21").status_code == 303
    assert len(reviews(desk)) == 2
    assert "by Ada." in desk.reader().get("/review?done=21").text


def test_a_name_is_told_as_a_name(desk: PageDesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Reports and corrections say that Ada rejected it, whatever marks a person in the log."""
    say(ada(desk), DOUBT, "reject")
    assert run(["--database-url", desk.app.database_url, "why", "21"]) == 0
    assert "why       Ada: the finding at position 14 is rejected" in capsys.readouterr().out
    assert (shown("person:Ada"), shown("person"), shown(""), shown("Ada")) == ("Ada", "a person", "a person", "Ada")


def test_nobody_overrules_what_they_have_not_seen(desk: PageDesk) -> None:
    """What somebody said meanwhile stands, and the page tells it; asked again by who knows, it records the other."""
    reader = ada(desk)
    form = fields(reader.get("/review").text, f"/review/{DOUBT}")
    review(desk.app, DOUBT, "rejected", "person:Grace")
    answer = reader.post(f"/review/{DOUBT}", {**form, "said": "confirm"})
    assert answer.status_code == 409
    assert "Not recorded: meanwhile Grace said that the finding at position 14 is rejected." in answer.text
    assert reviews(desk) == [(DOUBT, "rejected", None, "person:Grace")]
    again = fields(answer.text, f"/review/{DOUBT}")
    assert reader.post(f"/review/{DOUBT}", {**again, "said": "confirm"}).status_code == 303
    assert reviews(desk)[1:] == [(DOUBT, "confirmed", None, "person:Ada")]


def test_the_same_said_by_two_is_recorded_once(desk: PageDesk) -> None:
    """Whoever comes second is told who was first."""
    reader = ada(desk)
    form = fields(reader.get("/review").text, f"/review/{DOUBT}")
    review(desk.app, DOUBT, "confirmed", "person:Grace")
    answer = reader.post(f"/review/{DOUBT}", {**form, "said": "confirm"})
    assert "The finding at position 14 was already confirmed by Grace." in reader.get(answer.headers["location"]).text
    assert len(reviews(desk)) == 1


def test_only_findings_are_reviewed(desk: PageDesk) -> None:
    """A position that holds none, none at all, and none that a log could hold are refused in words."""
    reader = ada(desk)
    form = {**fields(reader.get("/review").text, f"/review/{DOUBT}"), "said": "confirm"}
    for position, status in ((3, 404), (99, 404), (10**30, 404), (0, 404)):
        answer = reader.post(f"/review/{position}", form)
        assert (answer.status_code, "position" in answer.text) == (status, True)
        assert reader.get(f"/review/{position}").status_code == 404
    assert reader.get(f"/review/{DOUBT}").headers["location"].endswith(f"/development/{DOUBT}#review")
    for field in ("seen", "before", "next"):
        assert reader.post(f"/review/{DOUBT}", {**form, field: "x"}).status_code == 400
    assert reader.get("/review?done=3").status_code == reader.get("/review?done=99999").status_code == 200
    assert reader.get("/review?before=x").status_code == 400
    assert reviews(desk) == []


HOSTILE = "S/0'1\" ü?#&%2f"


def doubtful(stories: int, each: int) -> Iterator[Recorded]:
    """Yield stories with hostile words in which so many findings wait, and a new claim in the last."""
    log = Recorder()
    for nth in range(stories):
        name = f"story-{nth}"
        told: list[Event] = [
            StoryOpened(name, "<script>alert(1)</script>\x1b[31m", "en", None, None, bridge.OPENED),
            ClaimTracked(Claim(HOSTILE, "<b onclick=x>\u202eclaim"), "seed"),
        ]
        for number in range(each):
            ref = EntryRef(f"{name}-{number}", "v1", "<i>", "", "javascript:alert(1)", "P", "<S>", None)
            told += [ClaimDenied(ref, _doubt(Relation.DENIES, HOSTILE))]
        told += [ClaimTracked(Claim("N1", "It is new."), "entry", ref, _doubt(Relation.NEW, None))]
        for event in told:
            log.record(story_stream(name), event, at=bridge.OPENED + timedelta(hours=len(log.events)), actor="judge 1")
    yield from log.events


def _doubt(relation: Relation, claim: str | None) -> Any:
    held = Claim(claim, "") if claim else None
    return bridge.finding(relation, held, "<img src=x onerror=alert(1)>", "<why>", sure=False)


def test_the_queue_is_shown_in_bounded_parts(sqlite_url: str, tmp_path: Path) -> None:
    """Over all stories, the newest first, twenty a page; who reviews stays where they are, the next one at hand."""
    with page_desk(sqlite_url, tmp_path, doubtful(2, 15)) as desk:
        reader, shown, path = ada(desk), list[list[int]](), "/review"
        while path:
            page = reader.get(path).text
            shown.append([int(number) for number in re.findall(r'id="finding-(\d+)"', page)])
            older = re.search(r'href="(/review\?before=\d+)">Older', page)
            path = older[1] if older else ""
        assert [len(part) for part in shown] == [20, 12]
        every = [number for part in shown for number in part]
        assert every == sorted(every, reverse=True)
        second = f"/review?before={shown[0][-1]}"
        answer = say(reader, shown[1][3], "confirm", second)
        place = answer.headers["location"]
        assert re.fullmatch(rf"/review\?before={shown[0][-1]}&done=\d+#finding-{shown[1][4]}", place)
        left = [int(number) for number in re.findall(r'id="finding-(\d+)"', reader.get(place).text)]
        assert left == [number for number in shown[1] if number != shown[1][3]]


def test_words_of_others_stay_words(sqlite_url: str, tmp_path: Path) -> None:
    """No markup, address or turn of writing of a title, claim, sentence or source gets into the page as such."""
    with page_desk(sqlite_url, tmp_path, doubtful(1, 1)) as desk:
        page = ada(desk).get("/review").text
        assert not {"i", "img", "b onclick=x"} & set(Page(page).tags)
        assert page.count("<script") == 2
        assert "javascript:" not in page
        assert not set(page) & set("\x1b\u202e")
        assert 'href="/story/story-0/claim/S%2F0%271%22%20%C3%BC%3F%23%26%252f"' in page


def test_a_new_claim_is_confirmed_or_rejected(sqlite_url: str, tmp_path: Path) -> None:
    """There is no claim yet that it could bear on: no other button is shown, and none is taken."""
    with page_desk(sqlite_url, tmp_path, doubtful(1, 1)) as desk:
        reader = ada(desk)
        page = reader.get("/review").text
        assert len(re.findall(r'name="said" value="(\w+)"', page)) == 2 + 4
        assert say(reader, 4, "denies").status_code == 400
        assert say(reader, 4, "confirm").status_code == 303


def test_a_reader_marks_what_they_were_shown(desk: PageDesk) -> None:
    """The mark moves to the position that the page showed, of this reader alone, and reading alone moves nothing."""
    reader, bob = ada(desk), desk.reader()
    bob.sign_in("Bob")
    story, path = f"/story/{bridge.STORY}", f"/story/{bridge.STORY}/looked"
    form = fields(reader.get(story).text, path)
    assert (form["position"], form["at"]) == ("19", "2031-03-06T11:00:00Z")
    say(bob, DOUBT, "confirm")
    assert last_look(desk.app.views, bridge.STORY, "Ada") is None
    answer = reader.post(path, form)
    assert (answer.status_code, answer.headers["location"]) == (303, story)
    look = last_look(desk.app.views, bridge.STORY, "Ada")
    assert look is not None
    assert look.position == 19
    assert last_look(desk.app.views, bridge.STORY, "Bob") is None
    assert re.findall(r'href="#event-(\d+)"', reader.get(story).text) == [str(DOUBT)]
    assert path not in desk.reader().get(story).text
    assert path not in reader.get(f"{story}?as_of=2031-03-05").text


def test_a_mark_goes_neither_beyond_the_story_nor_back(desk: PageDesk) -> None:
    """A position that nobody was shown is cut to the head of the story, a time to now; an older page moves nothing."""
    reader, path = ada(desk), f"/story/{bridge.STORY}/looked"
    form = fields(reader.get(f"/story/{bridge.STORY}").text, path)
    for position, at in (("999999", "2999-01-01T00:00:00Z"), ("3", form["at"])):
        assert reader.post(path, {**form, "position": position, "at": at}).status_code == 303
        look = last_look(desk.app.views, bridge.STORY, "Ada")
        assert look is not None
        assert (look.position, look.at) == (19, desk.clock())
    for wrong in ({"position": "x"}, {"position": ""}, {"at": "tomorrow"}, {"at": ""}, {"position": "9" * 30}):
        assert reader.post(path, {**form, **wrong}).status_code == 400
    assert reader.post("/story/none/looked", form).status_code == 404
