"""From what a subscription is owed to the message: written out of a real database, the same however often."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.made.alerts import (
    AGREES,
    NOON,
    STORY,
    TITLE,
    by_mail,
    by_webhook,
    corroborated,
    denied,
    discovered,
    entry,
    finding,
    updated,
)
from tests.made.story_desk import StoryDesk
from tracker.adapters.sql.engine import open_engine
from tracker.application.bundle import Bundler
from tracker.application.drafts import SEVERAL, Drafts
from tracker.application.erase import erase
from tracker.application.mute import mute, mute_of
from tracker.application.recall import Recall
from tracker.application.review import review
from tracker.application.subscribe import subscribe, subscriptions, unsubscribe
from tracker.application.withdraw import withdraw
from tracker.domain.claims import Relation
from tracker.domain.events import (
    ClaimDenied,
    ClaimTracked,
    EntryRemoved,
    EntryRevised,
    Event,
    NewEvent,
    Recorded,
    StoryOpened,
    StoryRenamed,
    feed_stream,
    finding_of,
    story_stream,
)
from tracker.domain.feed_events import FeedAdded, FeedSilent
from tracker.domain.subscription_events import (
    EndpointDisabled,
    EndpointFailing,
    EndpointRecovered,
    Filter,
    Timing,
    endpoint_stream,
)
from tracker.errors import NotFound
from tracker.ports.log import EVERY_STORY, Notice
from tracker.ports.notify import Message
from tracker.ports.outbox import Delivery

READER = "s-reader"
DAILY = Timing(every="daily", at="18:00")
ENDS = ClaimDenied(entry("e2"), finding(Relation.DENIES, "S01", happening="e2"))
"""Of another claim than the denials are."""
GROUPED = Timing(group_wait=60)


class Desk(StoryDesk):
    """A desk whose messages can be read."""

    def append(self, stream: str, event: Event, *notices: Notice) -> Recorded:
        """Append an event under the name that its stream and version make."""
        version = sum(1 for _ in self.log.read(stream=stream))
        new = NewEvent(f"{stream}-{version}", event, "worker")
        owed = [replace(one, event_id=new.id) for one in notices]
        return self.log.append(stream, version, [new], owed)[0]

    def bundle(self) -> None:
        Bundler(self.outbox, self.log, lambda: subscriptions(self.log)).bundle(self.times[0])

    def deliveries(self) -> list[Delivery]:
        """Return what was made, in the order of the log."""
        return sorted(self.outbox.search(), key=lambda one: one.position)

    def message(self, nth: int = -1) -> Message:
        """Return the message of a delivery, the latest one otherwise."""
        return Drafts(self.log, self.outbox).draft(self.deliveries()[nth])[1]


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    engine = open_engine(sqlite_url)
    made = Desk(engine)
    strike = StoryOpened("strike", "Strike in the harbour", "en", None, None, NOON)
    made.append(story_stream("strike"), strike)
    yield made
    engine.dispose()


def test_a_rejected_update_is_taken_back_in_its_thread(desk: Desk) -> None:
    """The correction answers the alert, says what was told and what holds, and names the alert to webhooks."""
    desk.add(by_mail())
    at = desk.report(updated())
    review(desk, at, "rejected", "Ada")
    first, second = desk.deliveries()
    told = desk.message()
    assert told.subject == f"[{TITLE}] Correction: 100, not 300"
    assert (told.thread, told.answers) == (STORY, (first.id,))
    assert "This is a correction of what you were told on 2024-06-01 12:00 UTC" in told.text
    assert "Holds now: 100\n" in told.text
    assert told.payload["data"]["corrects"] == [
        {"webhook_id": first.id, "position": at, "seen": "2024-06-01T12:00:00Z"}
    ]
    assert Drafts(desk.log, desk.outbox).draft(second)[1] == told


def test_what_others_say_meanwhile_holds(desk: Desk) -> None:
    """A rejected update is corrected to what the latest one says that stands, not to what was before."""
    desk.add(by_mail())
    at = desk.report(updated())
    desk.report(updated(entry("e2"), old="300", new="350"))
    review(desk, at, "rejected", "Ada")
    assert desk.message().subject == f"[{TITLE}] Correction: 350, not 300"


def test_a_correction_of_what_a_digest_told_is_in_its_thread(desk: Desk) -> None:
    """What a digest on several stories told is corrected in the thread of such digests, and names the story."""
    desk.add(replace(by_mail(story=None), timing=DAILY))
    at = desk.report(updated())
    claim = ClaimTracked(replace(AGREES, id="N-9"), "entry", entry("e9"), finding_of(discovered()))
    desk.report(claim, story="strike")
    desk.later(hours=6)
    desk.bundle()
    (digest,) = desk.deliveries()
    assert (digest.kind, desk.message().thread) == ("digest", SEVERAL)
    subscribe(desk.log, by_mail(story=None), "person")
    review(desk, at, "rejected", "Ada")
    told = desk.message()
    assert (told.thread, told.answers) == (SEVERAL, (digest.id,))
    assert told.subject == "[tracker] Correction: 100, not 300"
    assert f"Story: {TITLE}" in told.text


def test_a_withdrawn_claim_names_all_that_was_told_of_it(desk: Desk) -> None:
    """Two updates and the withdrawal of their claim: the last says which two messages it takes back."""
    desk.add(by_mail())
    desk.report(updated())
    desk.report(corroborated(entry("e2")))
    withdraw(desk, STORY, "S01", reason="a hoax", actor="Ada")
    told = desk.message()
    assert told.answers == tuple(one.id for one in desk.deliveries()[:2])
    assert "and 1 more of what you were told before" in told.text
    assert "Why: a hoax" in told.text


def test_a_new_claim_that_is_taken_back_leaves_nothing(desk: Desk) -> None:
    """What was said for the first time and rejected is told to be nothing, with the claim that it brought."""
    desk.add(by_mail())
    review(desk, desk.report(discovered()), "rejected", "Ada")
    assert "Holds now: nothing of it" in desk.message().text
    assert desk.message().payload["data"]["claim"]["id"] == "N-1"


def test_an_edit_corrects_and_tells_what_it_brings(desk: Desk) -> None:
    """Whoever was told of an entry gets one message on its edit: that it is a correction, and what else it says now."""
    desk.add(by_mail())
    desk.report(updated())
    desk.report(EntryRevised(entry(), "France sends 100.", "France sends 300."), denied())
    told = desk.message()
    assert told.payload["type"] == "development.corrected"
    assert "It now reads: France sends [100 → 300]." in told.text
    assert "TOLD WITH IT" in told.text
    assert [one["development"]["kind"] for one in told.payload["data"]["also"]] == ["denied"]


def test_a_removal_says_how_its_claims_stand_without_it(desk: Desk) -> None:
    """A removal corrects what was told of the entry, with each claim that it bore on as it stands."""
    desk.add(by_mail())
    desk.report(updated())
    desk.report(EntryRemoved(entry(), "its page is gone (HTTP 404)", ("S01", "unknown")))
    told = desk.message()
    assert "Correction: taken away by its publisher" in told.text
    assert "Holds now: France may send 100 instructors to Ukraine (2 independent sources: AFP, the seed)" in told.text


def test_a_doubt_that_a_person_settles_is_told_as_a_development(desk: Desk) -> None:
    """Confirmed it is an alert like any other; rejected after all it is corrected as what was told then."""
    desk.add(by_mail())
    desk.report(corroborated(entry("e2"), needs_review=True))
    at = desk.report(denied(needs_review=True))
    assert desk.deliveries() == []
    review(desk, at, "confirmed", "Ada")
    told = desk.message()
    assert told.payload["type"] == "development.denied"
    assert "settled by a person" in told.text
    first = desk.deliveries()[-1]
    review(desk, at, "rejected", "Ada")
    taken_back = desk.message()
    assert taken_back.answers == (first.id,)
    assert "You were told: a denial" in taken_back.text
    review(desk, at, "relabelled", "Ada", Relation.UPDATES)
    assert "It is now taken for: an update" in desk.message().text


def test_a_digest_tells_what_is_new_disputed_and_resolved(desk: Desk) -> None:
    """A dispute that began in the period, and one that was there before and is over, stand under their headings."""
    desk.add(replace(by_mail(), timing=DAILY))
    desk.report(denied(sentence="No."))
    rejected = max(one.position for one in desk.log.read())
    desk.later(hours=6)
    desk.bundle()
    assert "NEWLY DISPUTED: 1" in desk.message().text
    desk.later(hours=1)
    review(desk, rejected, "rejected", "Ada")
    desk.report(ENDS, updated(entry("e2"), happening="e2", field="status"))
    desk.later(hours=23)
    desk.bundle()
    told = desk.message()
    for heading in ("NEW: 1", "CORRECTED: 1", "NEWLY DISPUTED: 1", "RESOLVED: 1"):
        assert heading in told.text
    assert told.payload["data"]["period"] == {
        "from": "2024-06-01T18:00:00Z", "until": "2024-06-02T18:00:00Z", "zone": "UTC", "late": False,
    }  # fmt: skip
    assert told.answers == (desk.deliveries()[0].id,)
    assert told.subject == f"[{TITLE}] 1 new, 1 corrected, 1 newly disputed, 1 resolved, 2 June"


@pytest.mark.parametrize("peace", ["mute", "filter"])
def test_an_end_of_a_dispute_is_told_to_who_wants_to_hear_of_the_claim(desk: Desk, peace: str) -> None:
    """Nobody is told by a digest that a dispute is over about a claim that they muted, or did not ask for."""
    only = Filter(claims=("S01",)) if peace == "filter" else Filter()
    desk.add(replace(by_mail(), timing=DAILY, only=only), by_webhook("https://hook.example/"))
    at = desk.report(denied())
    desk.later(hours=7)
    desk.bundle()
    if peace == "mute":
        mute(desk.log, mute_of(story=STORY, claim="S02"), desk.times[0], "person")
    review(desk, at, "rejected", "Ada")
    desk.report(ENDS)
    desk.later(hours=23)
    desk.bundle()
    (digest,) = [one for one in desk.deliveries() if one.kind == "digest" and one.position > at]
    assert "RESOLVED" not in Drafts(desk.log, desk.outbox).draft(digest)[1].text


def test_a_digest_of_a_story_that_was_not_there_before(desk: Desk) -> None:
    """A story that was opened within the period has no disputes of old."""
    desk.add(replace(by_mail(story=None), timing=Timing(every="daily", at="11:59")))
    desk.append(story_stream("late"), StoryOpened("late", "Late", "en", None, None, NOON))
    desk.report(ClaimTracked(replace(AGREES, id="N-9"), "entry", entry("e9"), finding_of(discovered())), story="late")
    desk.later(days=1)
    desk.bundle()
    assert desk.message().subject == "[Late] 1 new, 2 June"


def test_a_group_and_a_catch_up_are_one_message_each(desk: Desk) -> None:
    """Two entries that waited for each other, and two that waited for the morning, travel together."""
    night = Timing(quiet=("11:00", "13:00"))
    desk.add(replace(by_mail(), timing=GROUPED), replace(by_mail("night@example.org"), timing=night))
    desk.report(updated(), discovered())
    desk.report(denied(entry("e2")))
    desk.later(hours=2)
    desk.bundle()
    drafts = Drafts(desk.log, desk.outbox)
    told = {one.subscription: drafts.draft(one)[1] for one in desk.deliveries()}
    assert told["s-reader"].payload["type"] == "digest.group"
    assert told["s-night"].payload["type"] == "digest.catch_up"
    assert told["s-night"].subject == f"[{TITLE}] While it was quiet: 2 new, 1 newly disputed"
    assert told["s-reader"].thread == told["s-night"].thread == STORY


def test_how_sources_fare_stands_in_a_digest(desk: Desk) -> None:
    """A digest of a reader of sources says that one fell silent."""
    desk.add(replace(by_mail(), sources=True, timing=DAILY))
    desk.append(feed_stream("f"), FeedAdded("f", "https://news.example/feed", "The Paper", STORY))
    waits = Notice(READER, "", STORY, "source", held="digest", due_at=NOON)
    desk.append(feed_stream("f"), FeedSilent("f", NOON, 3600.0), waits)
    desk.later(hours=7)
    desk.bundle()
    told = desk.message()
    assert "Source silent: The Paper." in told.text
    assert [one["type"] for one in told.payload["data"]["items"]] == ["source.silent"]


def test_a_way_in_trouble_is_told_with_those_who_depend_on_it(desk: Desk) -> None:
    """The message names the host of the webhook without the rest of its address, and who is told over it."""
    target = "https://hook.example/secret-key"
    desk.add(by_mail(), by_webhook(target), by_webhook("https://other.example/", "s-other"))
    failing = EndpointFailing("w-1", "webhook", target, 4, NOON, "answered 503")
    recorded = desk.append(endpoint_stream("w-1"), failing, Notice(READER, "", EVERY_STORY, "endpoint"))
    told = desk.message()
    assert told.subject == "[tracker] Alerts do not arrive: webhook at hook.example"
    assert "1 subscription: s-hook (every story)." in told.text
    assert "secret-key" not in f"{told.text}{told.html}{json.dumps(told.payload)}"
    assert told.payload["data"]["subscriptions"] == ["s-hook"]
    assert told.thread == recorded.stream


def test_a_way_that_was_disabled_says_how_to_send_what_was_given_up(desk: Desk) -> None:
    """What was said of the way before it works again decides what is said of what was owed over it."""
    target = "https://hook.example/secret-key"
    desk.add(by_mail(), by_webhook(target))
    desk.append(endpoint_stream("w-1"), EndpointDisabled("w-1", "webhook", target, NOON, "answered 410"))
    recovered = EndpointRecovered("w-1", "webhook", target)
    desk.append(endpoint_stream("w-1"), recovered, Notice(READER, "", EVERY_STORY, "endpoint"))
    assert "replay --since 2024-06-01 --subscription s-hook --state dead" in desk.message().text


def test_what_older_versions_owed_is_told_whole(desk: Desk) -> None:
    """A delivery whose one notice is of no kind holds the developments of its entry that were recorded with it."""
    desk.add(by_mail())
    batch = [updated(), denied(), updated(news=False), corroborated(entry("e2"))]
    new = [NewEvent(f"old-{nth}", one, "judge", "batch") for nth, one in enumerate(batch)]
    desk.log.append(story_stream(STORY), 3, new, [Notice(READER, "old-0", STORY)])
    data = desk.message().payload["data"]
    assert [one["development"]["kind"] for one in (data, *data["also"])] == ["denied", "updated"]


def test_what_older_versions_owed_of_a_source_is_told(desk: Desk) -> None:
    """A notice of a source that is of no kind is told by its event."""
    desk.add(by_mail())
    desk.append(feed_stream("f"), FeedAdded("f", "https://news.example/feed", "The Paper", STORY))
    desk.append(feed_stream("f"), FeedSilent("f", NOON, 3600.0), Notice(READER, "", STORY))
    assert desk.message().payload["type"] == "source.silent"


def test_many_messages_are_written_from_few_reads(desk: Desk) -> None:
    """What is expected is read at once: every message is the same as one written alone, in any order."""
    desk.add(by_mail(), by_webhook("https://hook.example/"))
    for nth in range(12):
        desk.report(updated(entry(f"e{nth}")))
    owed = desk.deliveries()
    drafts = Drafts(desk.log, desk.outbox)
    drafts.expect(owed)
    together = [drafts.draft(one) for one in reversed(owed)]
    assert together[::-1] == [Drafts(desk.log, desk.outbox).draft(one) for one in owed]


def test_drafts_follow_the_log(desk: Desk) -> None:
    """What happens between two messages counts: a new claim, another title, and that a subscription ended."""
    desk.add(by_mail())
    drafts = Drafts(desk.log, desk.outbox)
    desk.report(updated())
    assert drafts.draft(desk.deliveries()[-1])[1].subject.startswith(f"[{TITLE}]")
    desk.append(story_stream("strike"), StoryRenamed("strike", "Another strike"))
    desk.append(story_stream(STORY), StoryRenamed(STORY, "Instructors"))
    desk.report(corroborated(entry("e2")))
    assert drafts.draft(desk.deliveries()[-1])[1].subject.startswith("[Instructors]")
    assert drafts.draft(desk.deliveries()[0])[1].subject.startswith(f"[{TITLE}]")
    unsubscribe(desk.log, READER, "person")
    with pytest.raises(NotFound, match="subscription removed"):
        drafts.draft(desk.deliveries()[0])


def test_what_is_kept_is_bounded_and_missed_by_nobody(desk: Desk) -> None:
    """However much was read before, what is asked for is there; what was expected and never written is let go."""
    desk.add(by_mail())
    desk.report(updated())
    batch = [NewEvent(f"many-{nth}", StoryRenamed(STORY, f"{nth}"), "person") for nth in range(4200)]
    last = desk.log.append(story_stream(STORY), 4, batch)[-1].position
    recall = Recall(desk.log)
    recall.look()
    assert len(recall.events(range(3, last))) == last - 3
    assert [one.position for one in recall.events([1, 2, 40, last, last + 1])] == [1, 2, 40, last]
    assert [recall.story(STORY, upto).title for upto in range(last - 70, last + 1)] == [
        f"{nth}" for nth in range(4129, 4200)
    ]
    with pytest.raises(NotFound, match="no story"):
        recall.story("strike", 1)
    (one,) = desk.deliveries()
    drafts = Drafts(desk.log, desk.outbox)
    drafts.expect(replace(one, id=f"d-{nth}") for nth in range(4200))
    drafts.expect([one])
    assert drafts.draft(one)[1] == desk.message()


def test_drafts_forget_what_was_erased(desk: Desk) -> None:
    """Words that had to go stand in no message that is written after, whatever was read before."""
    desk.add(by_mail())
    drafts = Drafts(desk.log, desk.outbox)
    desk.report(updated(entry(title="Words that go")))
    (one,) = desk.deliveries()
    assert "Words that go" in drafts.draft(one)[1].subject
    erase(desk.log, desk.archive, desk.eraser, "e1", reason="a court", actor="Ada")
    assert "Words that go" not in drafts.draft(one)[1].subject


def test_what_is_not_there_cannot_be_told(desk: Desk) -> None:
    """A delivery of what is no development, or of a story that is not there, is refused with its reason."""
    desk.add(by_mail())
    desk.append(story_stream(STORY), StoryRenamed(STORY, "x"), Notice(READER, "", STORY, "new"))
    with pytest.raises(NotFound, match="no development"):
        desk.message()
    desk.append("story-headless", updated(), Notice(READER, "", "headless", "updated"))
    with pytest.raises(ValueError, match=r"does not begin with story\.opened"):
        desk.message()
    (last, *_) = desk.outbox.search()
    with pytest.raises(NotFound, match="no story"):
        Drafts(desk.log, desk.outbox).draft(replace(last, story="nowhere"))
