"""A sentence where it stands."""

from datetime import UTC, datetime

from tracker.domain.entry import Entry
from tracker.rendering.context import Said, context

SUMMARY = "The ferry capsized at dawn. Nine people died, it was said. Divers search on. The sea is calm."
ENTRY = Entry("e1", "Ferry toll at 9", SUMMARY, datetime(2031, 6, 2, tzinfo=UTC))


def test_a_sentence_stands_between_its_neighbours() -> None:
    """The sentence is marked, with the one before and the one after it, and no more."""
    assert context(ENTRY, "Nine people died, it was said.") == (
        Said("The ferry capsized at dawn.", quoted=False, title=False),
        Said("Nine people died, it was said.", quoted=True, title=False),
        Said("Divers search on.", quoted=False, title=False),
    )


def test_a_headline_is_known_as_one() -> None:
    """Of a finding that rests on headline and a sentence both are marked."""
    found = context(ENTRY, "Ferry toll at 9\nThe ferry capsized at dawn")
    assert [(one.quoted, one.title) for one in found] == [(True, True), (True, False), (False, False)]


def test_what_an_entry_does_not_hold_has_no_place() -> None:
    """Where the words are not there any more, nothing is shown in their place."""
    assert context(ENTRY, "Ten people died.") == ()
    assert context(ENTRY, "") == ()


def test_sentences_far_apart_are_cut() -> None:
    """However far apart the quoted sentences are, few are shown."""
    text = "It begins. " + "Words pass by. " * 50 + "It ends."
    found = context(Entry("e1", "Long", text, ENTRY.seen), "It begins.\nIt ends.")
    assert [one.text for one in found][:2] == ["Long", "It begins."]
    assert len(found) == 9
