"""Works that do two things in the wrong order: kills that do not find them out prove nothing."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from benchmarks.faults.roles import Desk, Role, event, nothing, sources, telling
from tracker.application.deliver import LEASE
from tracker.application.drafts import Drafts
from tracker.domain.events import story_stream
from tracker.errors import FeedError
from tracker.ports.outbox import Attempt, Tried
from tracker.projections import ALL
from tracker.projections.folding import Batch


def _acknowledge_first(desk: Desk) -> None:
    for number in range(3):
        with desk.acknowledged.open("a") as out:
            out.write(f"{number}\n")
        desk.app.log.append(story_stream("s"), number, [event(number)])


def _name_by_place(desk: Desk) -> None:
    for number in range(3):
        place = desk.app.log.head()
        desk.app.log.append(story_stream("s"), place, [replace(event(number), id=str(place))])


def _cursor_first(desk: Desk) -> None:
    room = desk.room()
    for state in room.feeds.due(room.clock(), 100):
        try:
            fetched = room.fetcher.fetch(state.url)
        except FeedError:
            continue
        digest = hashlib.sha256(fetched.body).hexdigest()
        room.feeds.save(replace(state, body_hash=digest, imported=True, due_at=room.clock() + timedelta(hours=1)))
        entries = room.parser.parse(fetched, feed=state.id, name=state.name, seen=room.clock()).entries
        room.archive.keep(state.id, entries, baseline=[False] * len(entries), seen=room.clock())


def _settle_first(desk: Desk) -> None:
    outbox, drafts, notifiers = desk.app.outbox, Drafts(desk.app.log, desk.app.outbox), desk.notifiers()
    while claimed := outbox.claim(desk.app.clock(), 1, LEASE):
        subscription, message = drafts.draft(claimed[0])
        now = desk.app.clock()
        outbox.settle([Tried(claimed[0], Attempt("delivered", "hopefully"), now, now)])
        notifiers["webhook"].send(subscription, message)


def _checkpoint_first(desk: Desk) -> None:
    log, views = desk.app.log, desk.app.views
    for projection in ALL:
        if views.checkpoint(projection.name) == 0:
            rows, head = Batch(projection, tuple(log.read())).fold({}), log.head()
            views.save(projection.name, {}, after=0, position=head)
            views.save(projection.name, rows, after=head, position=head)


CARELESS = (
    Role("acknowledge first", nothing, _acknowledge_first),
    Role("name by place", nothing, _name_by_place),
    Role("cursor first", sources, _cursor_first),
    Role("checkpoint first", telling, _checkpoint_first),
    Role("settle first", lambda desk: telling(desk, 1, 1), _settle_first),
)
