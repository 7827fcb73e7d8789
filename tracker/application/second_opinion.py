"""A second opinion on findings that wait for a person: asked once, within a budget, and never needed.

It is asked for after the judge, between reading the story and the append, in no transaction. Whatever goes wrong, the
finding waits as it did, and says why nobody gave an opinion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from tracker.domain.entry import EntryRef
from tracker.domain.events import ClaimCorroborated, ClaimDenied, ClaimUpdated, Finding, NewEvent, Opinion
from tracker.domain.story import Story
from tracker.judging.language import foreign
from tracker.judging.opinion import unanswered, weigh
from tracker.ports.adviser import Adviser, Budget, NoOpinion, Question
from tracker.ports.clock import Clock

Outcome = Literal["agrees", "differs", "failed", "paused", "spent", "too long"]
"""How a question ended: with an answer, with none, or unasked: after failures, for the budget, for its length."""

FAILURES = 3
"""Questions in a row without an answer, after which the model is left alone; then one more is enough."""

PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """How one question ended, and why there was no answer, in words."""

    outcome: Outcome
    why: str = ""


class SecondOpinion:
    """Asks an adviser about the unsure findings of an entry.

    At most `calls` questions a day of UTC, of all workers together, of at most `longest` characters. `settles`: where
    the adviser agrees with the judge, the finding waits no longer.
    """

    def __init__(
        self, adviser: Adviser, budget: Budget, clock: Clock, *, calls: int, longest: int, settles: bool
    ) -> None:
        self._adviser = adviser
        self._budget = budget
        self._clock = clock
        self._calls = calls
        self._longest = longest
        self._settles = settles
        self._before: Mapping[Question, Opinion] = {}
        self._answers: dict[Question, Opinion] = {}
        self._failures = 0
        self._rests_until: datetime | None = None

    def on(self, events: Sequence[NewEvent], story: Story) -> tuple[tuple[NewEvent, ...], tuple[Asked, ...]]:
        """Return the events about to be appended, unsure findings with an opinion, and how each question ended.

        What was answered the last time is remembered: an entry that is judged again after a lost race asks nobody.
        Raises StoreError where the budget cannot be read.
        """
        self._before, self._answers = self._answers, {}
        answered = [self._on(event, story) for event in events]
        return tuple(event for event, _ in answered), tuple(asked for _, asked in answered if asked)

    def _on(self, new: NewEvent, story: Story) -> tuple[NewEvent, Asked | None]:
        event = new.event
        if not isinstance(event, ClaimCorroborated | ClaimUpdated | ClaimDenied) or not event.finding.needs_review:
            return new, None
        finding, asked = self._weighed(event.finding, event.entry, story)
        return replace(new, event=replace(event, finding=finding)), asked

    def _weighed(self, finding: Finding, entry: EntryRef, story: Story) -> tuple[Finding, Asked]:
        found = self._asked(_question(finding, entry, story, self._clock()))
        if isinstance(found, Asked):
            return unanswered(finding, found.why), found
        read = not foreign(entry.language, story.language)  # else the judge has said nothing that could be agreed with
        weighed = weigh(finding, found, settles=self._settles and read)
        return weighed, Asked("agrees" if found.relation is finding.relation else "differs")

    def _asked(self, question: Question) -> Opinion | Asked:
        found = self._before.get(question) or self._refused(question) or self._answer(question)
        if isinstance(found, Opinion):
            self._answers[question] = found
        return found

    def _refused(self, question: Question) -> Asked | None:
        """Return why a question is not put; else it is paid for."""
        now = self._clock()
        if question.length > self._longest:
            return Asked("too long", f"of {question.length} characters, and at most {self._longest} are sent")
        if self._rests_until and now < self._rests_until:
            return Asked("paused", f"the model did not answer {FAILURES} times and is left alone for a while")
        paid = self._budget.take(now.date(), self._calls)
        return None if paid else Asked("spent", f"the day's budget of {self._calls} is spent")

    def _answer(self, question: Question) -> Opinion | Asked:
        try:
            opinion = self._adviser.ask(question)
        except NoOpinion as error:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = self._clock() + PAUSE
            return Asked("failed", str(error))
        self._failures, self._rests_until = 0, None
        return opinion


def _question(finding: Finding, entry: EntryRef, story: Story, now: datetime) -> Question:
    claim = story.claims[finding.claim or ""].current
    day = min(entry.published or now, now).date()
    return Question(claim.text, claim.attributed_to, finding.sentence, entry.title, day)
