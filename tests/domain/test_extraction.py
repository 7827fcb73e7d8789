"""Claims of articles of several kinds: what must be tracked, what must be left out."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.claims import Claim, Evidence, Status
from tracker.domain.extraction import MOST, Extraction, extract, read_claim

DATA = Path(__file__).parent.parent / "data" / "articles"
SEEDS = Path(__file__).parent.parent.parent / "seeds"
PUBLISHED = date(2025, 3, 12)


def read(name: str) -> tuple[str, Extraction]:
    path, published = (DATA / name, PUBLISHED) if (DATA / name).exists() else (SEEDS / name, date(2024, 5, 31))
    text = path.read_text(encoding="utf-8")
    return text, extract(name, text, published)


def tracked(name: str, words: str) -> Claim:
    found = [claim for claim in read(name)[1].claims if words in claim.text]
    assert len(found) == 1, (words, [claim.text for claim in read(name)[1].claims])
    return found[0]


def slices_back(text: str, claim: Claim) -> bool:
    evidence = claim.evidence
    return evidence is not None and text[evidence.start : evidence.end] == evidence.sentence


TRACKED = [
    ("court.txt", "Supreme Court of Norvania", None, Status.CANCELLED),
    ("court.txt", "nine votes to four", "the judges", Status.DONE),
    ("court.txt", "must delete about 2.3 billion records", "the court", Status.PLANNED),
    ("court.txt", "Lund denied that he had misled", "Lund", Status.DENIED),
    ("court.txt", "at least 60 ongoing investigations", "Police chief Anders Vik", Status.UNDER_WAY),
    ("court.txt", "considering refunds", "The telecommunications regulator", Status.POSSIBLE),
    ("earthquake.txt", "At least 46 people were killed", "the civil protection agency", Status.DONE),
    ("earthquake.txt", "More than 700 were injured", "the civil protection agency", Status.DONE),
    ("earthquake.txt", "death toll could rise", "the Red Cross", Status.POSSIBLE),
    ("earthquake.txt", "Dozens of people are still missing", "Interior Minister Tomas Rell", Status.FACT),
    ("earthquake.txt", "4 million euros in emergency aid", None, Status.PLANNED),
    ("earthquake.txt", "Spain has offered two rescue teams", None, Status.DONE),
    ("earthquake.txt", "denied reports that a dam", "The authorities", Status.DENIED),
    ("earthquake.txt", "Power will be restored by Thursday", "the grid operator", Status.PLANNED),
    ("strike.txt", "8,500 dockworkers will begin a strike", "the Harbour Workers' Union", Status.PLANNED),
    ("strike.txt", "pay rise of 12 percent", None, Status.POSSIBLE),
    ("strike.txt", "91 percent of the vote", "Union president Ilse Brandt", Status.DONE),
    ("strike.txt", "ruled out a government intervention", None, Status.DENIED),
    ("strike.txt", "Talks are scheduled to resume on 14 May", None, Status.PLANNED),
    ("strike.txt", "agreed to buy its rival", None, Status.ANNOUNCED),
    ("strike.txt", "expected to close in the first quarter of 2026", None, Status.PLANNED),
    ("launch.txt", "postponed the first flight", None, Status.PLANNED),
    ("launch.txt", "leak in a helium valve", "mission director Lena Voss", Status.DONE),
    ("launch.txt", "valve would be replaced within ten days", "mission director Lena Voss", Status.PLANNED),
    ("launch.txt", "300 million euros over budget", "The agency", Status.DENIED),
    ("launch.txt", "weighing a joint mission", None, Status.POSSIBLE),
    ("rates.txt", "raised its key interest rate", None, Status.DONE),
    ("rates.txt", "could not be ruled out", "Governor Ines Moreau", Status.POSSIBLE),
    ("rates.txt", "Inflation slowed to 6.8%", "the statistics office", Status.DONE),
    ("rates.txt", "rejected claims", None, Status.DENIED),
    ("rates.txt", "next decision is due on 8 May", None, Status.PLANNED),
    ("western-instructors.txt", "finalizing a plan to send instructors", "several diplomatic sources", Status.PLANNED),
    ("western-instructors.txt", "several dozen specialists", "sources familiar with the negotiation", Status.POSSIBLE),
    ("western-instructors.txt", "Lithuania has already declared", "Lithuania", Status.POSSIBLE),
    ("western-instructors.txt", "Estonia is open", "European sources", Status.POSSIBLE),
    ("western-instructors.txt", "receptive", "European sources", Status.FACT),
    ("western-instructors.txt", "partially lifted restrictions", None, Status.DONE),
    ("western-instructors.txt", "Russia has warned", "Russia", Status.PLANNED),
    ("western-instructors.txt", "nearly a hundred special forces", "the confidential papers", Status.FACT),
    ("western-instructors.txt", "Some 100,000 Ukrainian soldiers", None, Status.DONE),
    ("western-instructors.txt", "the French mission is very advanced", "Oleksandr Syrski", Status.UNDER_WAY),
    ("western-instructors.txt", "install training centers", None, Status.PLANNED),
]
LEFT_OUT = [
    ("court.txt", "By Helen Marsh", "byline"),
    ("court.txt", "The rain had not stopped", "background"),
    ("court.txt", "“This is a great day", "opinion"),
    ("court.txt", "What happens now?", "question"),
    ("court.txt", "Is privacy dead", "question"),
    ("court.txt", "Courts have fascinated people", "background"),
    ("court.txt", "Read more", "invitation"),
    ("court.txt", "Photo:", "caption"),
    ("court.txt", "Sign up", "invitation"),
    ("court.txt", "Top court strikes down", "title"),
    ("earthquake.txt", "“It was terrible", "colour"),
    ("earthquake.txt", "The mountains here", "opinion"),
    ("earthquake.txt", "How to help", "heading"),
    ("earthquake.txt", "Follow us", "invitation"),
    ("strike.txt", "“We want respect", "speech"),
    ("strike.txt", "Ports have always", "background"),
    ("strike.txt", "Should the government", "question"),
    ("strike.txt", "Reporting by", "invitation"),
    ("launch.txt", "“Space is hard", "speech"),
    ("launch.txt", "It all began", "fragment"),
    ("launch.txt", "Listen to our", "invitation"),
    ("rates.txt", "Money, as the saying goes", "background"),
    ("rates.txt", "Related articles", "invitation"),
    ("rates.txt", "This article was updated", "invitation"),
    ("western-instructors.txt", "The military presence of Western", "colour"),
    ("western-instructors.txt", "The French initiative would mean", "colour"),
    ("western-instructors.txt", "Existential threat", "heading"),
    ("western-instructors.txt", "Join Morning Express", "invitation"),
    ("western-instructors.txt", "Subscribe", "invitation"),
    ("western-instructors.txt", "For Camille Grand", "outside view"),
    ("western-instructors.txt", "“Also to show", "opinion"),
    ("western-instructors.txt", "“As will sending", "outside view"),
    ("western-instructors.txt", "Follow all the international", "invitation"),
]


@pytest.mark.parametrize(("name", "words", "who", "status"), TRACKED, ids=[words for _, words, *_ in TRACKED])
def test_tracked(name: str, words: str, who: str | None, status: Status) -> None:
    """What a reader would follow is a claim, with who says it and how far it is."""
    claim = tracked(name, words)
    assert claim.status is status
    assert claim.attributed_to == who or (who and claim.attributed_to and claim.attributed_to.startswith(who))


@pytest.mark.parametrize(("name", "words", "why"), LEFT_OUT, ids=[words for _, words, _ in LEFT_OUT])
def test_left_out(name: str, words: str, why: str) -> None:
    """Colour, opinion, questions, headings and matter of the page are left out, and the reason says so."""
    found = [left for left in read(name)[1].left_out if left.sentence.startswith(words)]
    assert len(found) == 1
    assert why in found[0].reason


@pytest.mark.parametrize("name", ["court.txt", "earthquake.txt", "strike.txt", "launch.txt", "rates.txt"])
def test_every_sentence_is_accounted_for(name: str) -> None:
    """Each sentence is cited by a claim or left out, at its place in the text; ids count up in document order."""
    text, found = read(name)
    cited = {(each.evidence.start, each.evidence.end) for each in found.claims if each.evidence}
    left = {(each.start, each.end) for each in found.left_out}
    assert not cited & left
    assert all(
        each.evidence and text[each.evidence.start : each.evidence.end] == each.evidence.sentence
        for each in found.claims
    )
    assert all(text[each.start : each.end] == each.sentence and each.reason for each in found.left_out)
    assert [each.id for each in found.claims] == [f"C{at:02}" for at in range(1, len(found.claims) + 1)]
    assert sorted(cited) == [*dict.fromkeys((e.evidence.start, e.evidence.end) for e in found.claims if e.evidence)]


def test_titles() -> None:
    """A line over the article is its title; an article may have none."""
    assert read("court.txt")[1].title == "Top court strikes down data retention law"
    assert read("rates.txt")[1].title is None


def test_repeats_and_cap() -> None:
    """What was said before is left out, and so is what weighs least beyond the cap."""
    lines = [f"On {day} May 2024 the company Vel{day:02}ra sold {day * 10} ships to Spain." for day in range(1, 31)]
    found = extract("a", "\n".join([*lines, lines[0]]), PUBLISHED)
    reasons = [left.reason for left in found.left_out]
    assert len(found.claims) == MOST
    assert sum("says again" in reason for reason in reasons) == 1
    assert sum("less to check" in reason for reason in reasons) == 5


def test_link_words_and_dateline_fall_off() -> None:
    """A "But" and a dateline are no part of the claim, but of the evidence."""
    found = extract("a", "ROME, May 3 (Reuters) - But Spain will send 40 doctors to Peru on Monday.", PUBLISHED)
    assert [claim.text for claim in found.claims] == ["Spain will send 40 doctors to Peru on Monday."]
    assert found.claims[0].evidence
    assert found.claims[0].evidence.sentence.startswith("ROME")


def test_joined_statements_part() -> None:
    """Clauses with subjects of their own become claims of their own with one evidence; speech stays whole."""
    text = "Spain will send 40 doctors to Peru; Italy has sent 12 nurses, and at least 9 are in Lima."
    speech = "“We will go to Peru on Monday; Spain has agreed,” Pedro Ruiz said."
    found = extract("a", f"{text}\n{speech}", PUBLISHED).claims
    assert [claim.text for claim in found] == [
        "Spain will send 40 doctors to Peru.",
        "Italy has sent 12 nurses.",
        "At least 9 are in Lima.",
        speech,
    ]
    assert len({claim.evidence for claim in found}) == 2


def test_read_claim_keeps_what_is_given() -> None:
    """What the caller gives stands; the rest is read out of the text."""
    evidence = Evidence("a", 0, 5, "Spain")
    given_ = read_claim(
        "S01",
        "Spain sent 40 doctors.",
        attributed_to="Madrid",
        status=Status.PLANNED,
        quantities=(),
        dates=(),
        evidence=evidence,
    )
    assert given_ == Claim("S01", "Spain sent 40 doctors.", "Madrid", Status.PLANNED, (), (), evidence=evidence)
    read_ = read_claim("S02", "Spain will not send 40 doctors on 3 May 2025, Madrid said.")
    assert (read_.attributed_to, read_.status, read_.polarity) == ("Madrid", Status.PLANNED, False)
    assert [quantity.low for quantity in read_.quantities] == [40]
    assert [when.start for when in read_.dates] == [date(2025, 5, 3)]


@given(st.text(max_size=300))
def test_never_fails(text: str) -> None:
    """Any text has an extraction whose evidence slices back."""
    found = extract("a", text, PUBLISHED)
    assert all(
        each.evidence and text[each.evidence.start : each.evidence.end] == each.evidence.sentence
        for each in found.claims
    )


def test_what_is_dated_in_the_future_is_a_plan() -> None:
    """A headline's present tense about a day to come tells of a plan; about a day gone it tells of what happened."""
    text = "The two candidates meet in the run-off on 8 December 2024."
    assert read_claim("C", text, published=date(2024, 11, 27)).status is Status.PLANNED
    assert read_claim("C", text, published=date(2024, 12, 9)).status is Status.DONE
