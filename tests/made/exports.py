"""Every export of the story of the tunnel, as it is kept in tests/data/exports.

`python -m tests.made.exports` writes the files anew; read the difference before you commit it.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.made import tunnel
from tests.made.stored import stored
from tests.made.streams import words
from tests.made.views import views_of
from tracker.application.export import material
from tracker.application.project import catch_up
from tracker.application.report import report
from tracker.application.then import views_at
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.domain.announced import announced
from tracker.domain.events import Recorded, story_stream
from tracker.projections import ALL
from tracker.rendering.formats import FORMS, Form, Material

FOLDER = Path(__file__).parent.parent / "data" / "exports"
SITE = "https://desk.example/news"
KEPT = {name: form for name, form in FORMS.items() if not form.report and name != "jsonl"}
"""Reports are kept elsewhere, see `tests.made.golden`; the lines of events are those of the log, with its hashes."""


def path(form: Form) -> Path:
    """Return where a form is kept."""
    return FOLDER / f"tunnel.{form.suffix}"


def exported(url: str, *, as_of: datetime | None = None) -> dict[str, str]:
    """Return every form of the story of the tunnel in a database whose log holds it, by name."""
    app = App(Settings(database=Database(url=url)))
    catch_up(app.log, app.views, ALL)
    views = views_at(app.log, app.views, tunnel.STORY, as_of=as_of)
    made: dict[str, str] = {}
    for name, form in FORMS.items():
        given = material(app.log, views, tunnel.STORY, form, describe=app.describe, site=SITE, as_of=as_of)
        made[name] = "".join(form.write(given))
    app.close()
    return made


def given(events: Iterable[Recorded], story: str, *, site: str | None = None) -> Material:
    """Return what the forms of a made-up story are written from; its events are not described."""
    log = tuple(events)
    stream = [recorded for recorded in log if recorded.stream == story_stream(story)]
    return Material(report(views_of(log), None, story, whole=True), tuple(announced(stream)), site=site)


texts = st.one_of(
    st.text(max_size=30),
    words,
    st.text("=+-@\t'\",;:\\\r\n<>&]/script", max_size=30),
    st.sampled_from(['a;b,c\\nd:e"', "]]></title>", "=1;+2", "\x00\x0b\ufffe\ud800x", "</script><b>", "&#0;\\u0000"]),
)
"""What strangers may call their articles."""


brief = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""For laws over hostile stories: each of them holds dozens of words."""


@st.composite
def hostile(draw: st.DrawFn) -> Material:
    """Draw the story of the tunnel with words of strangers in every place where there can be any."""
    told = given(tunnel.events(), tunnel.STORY, site=draw(st.none() | st.just(SITE)))
    claim_id = draw(texts)
    claims = [replace(claim, current=draw(texts), attributed_to=draw(texts)) for claim in told.view.claims[:2]]
    claims[0] = replace(claims[0], id=claim_id)
    developments = tuple(
        replace(
            one, headline=draw(texts), text=draw(texts), sentence=draw(st.none() | texts), old=draw(st.none() | texts),
            new=draw(st.none() | texts), reason=draw(texts), source=draw(texts), publisher=draw(texts),
            claim=draw(st.none() | texts), url=draw(st.none() | texts | texts.map("https://a.example/{}".format)),
        )
        for one in told.view.developments[:2]
    )  # fmt: skip
    dates = [replace(one, when=replace(one.when, text=draw(texts))) for one in told.announced if one.claim == "T01"]
    return replace(
        told,
        view=replace(told.view, title=draw(texts), claims=tuple(claims), developments=developments),
        announced=tuple(replace(one, claim=claim_id) for one in dates),
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/tracker.db"
        stored(address, tunnel.events()).engine.dispose()
        made = exported(address)
        for kept, form in KEPT.items():
            path(form).write_bytes(made[kept].encode())
