"""The same deed in two sentences: how far it is, and whether it is so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.judging.predicate import deeds, step

ADVANCED = [
    ("The government plans to ask for international aid.", "The government has asked for international aid."),
    ("The capsule will land in the desert with its crew.", "Empty capsule lands in the desert at midnight"),
    ("The court will hear the case on Monday.", "The court heard the case on Monday."),
    ("The bank could raise interest rates in May.", "The bank raised interest rates by a quarter point."),
    ("Norland is finalising a plan to send advisers to Tarvania.", "Norland has sent advisers to Tarvania."),
]
TURNED = [
    ("The dam was not damaged by the flood.", "Cracks were found in the dam, which was damaged by the flood."),
    ("The council plans to build a bridge.", "The council has not built the bridge."),
    ("The government plans to raise taxes.", "The government will not raise taxes, the minister said."),
    ("The company denied that it had sold the plant.", "The company sold the plant."),
    ("The chairman has not been elected yet.", "The chairman was elected on Sunday."),
    ("The council has begun to build a bridge.", "A report that the council has begun to build a bridge was wrong."),
    ("The council has begun to build a bridge.", "The Post retracted its report that it has begun to build a bridge."),
]
SAME = [
    ("The dam was damaged by the flood.", "The flood has damaged the dam, the operator said."),
    ("The council plans to build a bridge.", "The council intends to build a bridge over the river."),
    ("The council has begun to build a bridge.", "Reports say the council has begun to build the wrong bridge."),
    (
        "The army has captured the town.",
        "A report says that the army has captured the town, and officials admitted that their maps were inaccurate.",
    ),
]
NONE = [
    ("Norland plans to send advisers to Tarvania.", "Ostria declined to send advisers to Tarvania."),
    ("The council plans to build a bridge.", "Rovers win the cup on penalties."),
    ("The council plans to build a bridge.", ""),
]


@pytest.mark.parametrize(("claim", "sentence"), ADVANCED)
def test_what_was_planned_is_done(claim: str, sentence: str) -> None:
    """A deed that the claim calls possible or planned, and the report done, has advanced; not the other way round."""
    found = step(claim, sentence)
    assert found is not None
    assert found.advanced
    assert not found.turned
    back = step(sentence, claim)
    assert back is None or not back.advanced


@pytest.mark.parametrize(("claim", "sentence"), TURNED)
def test_what_was_so_is_not_so(claim: str, sentence: str) -> None:
    """A deed that one sentence affirms and the other negates has turned, whatever its status."""
    found = step(claim, sentence)
    assert found is not None
    assert found.turned
    assert not found.advanced


@pytest.mark.parametrize(("claim", "sentence"), SAME)
def test_the_same_state_is_no_step(claim: str, sentence: str) -> None:
    """Other words for the same state neither turn nor advance the deed."""
    found = step(claim, sentence)
    assert found is not None
    assert not found.turned
    assert not found.advanced


@pytest.mark.parametrize(("claim", "sentence"), NONE)
def test_another_actor_or_another_deed_says_nothing(claim: str, sentence: str) -> None:
    """What somebody else does, and what shares no verb, is no step of the claim's deed."""
    assert step(claim, sentence) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(claim: str, sentence: str) -> None:
    """No text makes the reader raise, and a sentence compared with itself has not moved."""
    step(claim, sentence)
    assert all(deed.words for deed in deeds(claim))
    alone = step(claim, claim)
    assert alone is None or not (alone.turned or alone.advanced)
