"""What is told of a way to somebody that fails, is given up, or works again."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import streams
from tests.made.alerts import NOON, by_mail, by_webhook
from tests.made.page import Page
from tests.made.streams import Recorder
from tracker.domain.subscription_events import (
    Channel,
    EndpointDisabled,
    EndpointEvent,
    EndpointFailing,
    EndpointRecovered,
)
from tracker.rendering.alert_endpoint import compose_endpoint, way
from tracker.rendering.alert_letter import Letter
from tracker.rendering.plain import line


def written(event: EndpointEvent, served: int = 0) -> Letter:
    recorded = Recorder().record("endpoint-w-1", event, at=NOON, actor="worker")
    wishes = [by_webhook("https://hook.example/", f"s-{nth}") for nth in range(served)]
    return compose_endpoint(recorded, wishes, by_mail())


@pytest.mark.parametrize(
    ("channel", "target", "said"),
    [
        ("email", "ada@news.example", "mail to ada@news.example"),
        ("email", "smtp.news.example", "mail to smtp.news.example"),
        ("chat", "env:SLACK", "chat env:SLACK"),
        ("webhook", "https://ann:pass@hook.example/key?token=1", "webhook at hook.example"),
        ("webhook", "https://[", "webhook at an unknown host"),
        ("webhook", "no address", "webhook at an unknown host"),
    ],
)
def test_a_way_is_named_without_what_opens_it(channel: Channel, target: str, said: str) -> None:
    """Of a web address only the host is told, for the rest often holds a key."""
    assert way(channel, target) == said


def test_many_who_depend_on_a_way_are_counted() -> None:
    """Of more than ten subscriptions the rest is counted; where there is none any more that is said."""
    event = EndpointDisabled("w-1", "webhook", "https://hook.example/", NOON, "answered 410: gone.")
    many = written(event, 12)
    assert "Over it: 12 subscriptions: s-0 (every story), " in many.text
    assert "s-9 (every story) and 2 more." in many.text
    assert len(many.payload["data"]["subscriptions"]) == 10
    assert "Answered 410: gone. The first failure was on 2024-06-01 12:00 UTC." in many.text
    assert "No subscription goes over it any more." in written(event).text


def test_what_was_given_up_is_sent_by_the_command_that_is_named() -> None:
    """A disabled way, and one that was, name the command for each subscription; one that only failed needs none."""
    disabled = EndpointDisabled("w-1", "webhook", "https://hook.example/", NOON, "answered 410")
    replay = "tracker alert replay --since 2024-06-01 --subscription s-0 --state dead\n"
    assert f"tracker subscription test s-0\n{replay}" in written(disabled, 5).text
    assert "--subscription s-2 --state dead\nand so for 2 more subscriptions\n" in written(disabled, 5).text
    back = Recorder().record("endpoint-w-1", EndpointRecovered("w-1", "webhook", "https://hook.example/"), at=NOON)
    wishes = [by_webhook("https://hook.example/", "s-0")]
    told = compose_endpoint(back, wishes, by_mail(), disabled).text
    assert f"What was given up is not sent by itself. To send it:\n{replay}" in told
    assert "What waited for it is sent now." in compose_endpoint(back, wishes, by_mail()).text
    for gone in (compose_endpoint(back, [], by_mail(), disabled), written(disabled)):
        assert "replay" not in gone.text


long_words = streams.words | st.text(max_size=20).map(lambda text: (text or "<b>") * 900)
events = st.one_of(
    st.builds(
        EndpointFailing, st.just("w-1"), st.just("webhook"), long_words, st.integers(4, 99), st.just(NOON), long_words
    ),
    st.builds(EndpointDisabled, st.just("w-1"), st.just("chat"), long_words, st.just(NOON), long_words),
)


@settings(max_examples=40)
@given(events)
def test_whatever_the_other_side_said_the_message_stays_whole(event: EndpointEvent) -> None:
    """Subject and lines print, the page holds no foreign markup, the document is small."""
    letter = written(event, 3)
    assert letter.subject == line(letter.subject)
    assert all(row.isprintable() for row in letter.text.splitlines())
    assert not {"script", "img", "b", "a"} & {*Page(letter.html).tags}
    assert len(json.dumps(letter.payload, ensure_ascii=False).encode()) < 20_000
