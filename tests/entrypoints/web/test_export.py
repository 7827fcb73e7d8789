"""Exports of the page: as files, of any past, and not sent again to whoever has them."""

from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from tests.made import tunnel
from tests.made.exports import KEPT, path
from tests.made.page_desk import PageDesk, page_desk
from tracker.rendering.formats import FORMS, Form


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[PageDesk]:
    with page_desk(sqlite_url, tmp_path, tunnel.events(), url="https://desk.example") as made:
        yield made


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_a_file_of_the_story(desk: PageDesk, form: Form) -> None:
    """Each form comes with its media type, a name that says story and moment, and a tag to be known again by."""
    answer = desk.reader().get(f"/story/tunnel/export.{form.suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == form.media_type
    named = f'attachment; filename="tunnel-20310528T080000Z.{form.suffix}"'
    assert answer.headers["content-disposition"] == named
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = desk.reader().get(f"/story/tunnel/export.{form.suffix}", **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    if form in KEPT.values():
        kept = path(form).read_bytes().replace(b"desk.example/news/", b"desk.example/")
        assert answer.content.replace(b"\r\n ", b"") == kept.replace(b"\r\n ", b"")


def test_what_has_changed_is_sent(desk: PageDesk) -> None:
    """Once something was recorded the old tag names nothing any more, weak or among others."""
    reader = desk.reader()
    tag = reader.get("/story/tunnel/export.csv").headers["etag"]
    named = {"If-None-Match": f'"other", W/{tag}'}
    assert reader.get("/story/tunnel/export.csv", **named).status_code == 304
    assert reader.get("/story/tunnel/export.csv?as_of=2031-04-30", **named).status_code == 200


def test_an_export_is_of_the_past_that_the_page_shows(desk: PageDesk) -> None:
    """`as_of` and `before` are those of the page, and the links in a feed stay in that past."""
    reader = desk.reader()
    feed = feedparser.parse(reader.get("/story/tunnel/export.atom?as_of=2031-04-12&before=11").content)
    assert [entry.id.rpartition("/")[2] for entry in feed.entries] == ["10", "9"]
    assert "as_of=2031-04-12T23%3A59%3A59.999999Z&before=11" in feed.feed.links[0].href


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/story/tunnel/export.pdf", 404, "txt, md, json, html, atom, ics, csv, jsonl, timeline.json, jsonld"),
        ("/story/tunel/export.csv", 404, "did you mean tunnel?"),
        ("/story/tunnel/export.atom?before=0", 400, "before is a number"),
        ("/story/tunnel/export.ics?as_of=never", 400, "never"),
    ],
)
def test_what_cannot_be_exported_is_said(desk: PageDesk, address: str, status: int, words: str) -> None:
    """An unknown form is answered with those that there are, an unknown story with the nearest."""
    answer = desk.reader().get(address)
    assert (answer.status_code, words in answer.text) == (status, True)
