"""What the judge would say of a text, without writing anything."""

from datetime import datetime

from tracker.domain.entry import Entry, whole
from tracker.domain.ids import content_id
from tracker.domain.story import Story
from tracker.judging.judge import Judge, Verdict
from tracker.judging.otherwise import otherwise


def dry_run(judge: Judge, story: Story, *, title: str, text: str, published: datetime | None, now: datetime) -> Verdict:
    """Return the verdict on a text as if it were an entry seen now, and what would have changed it."""
    identity = content_id("e", ("dry-run", title, text))
    entry = Entry(identity, whole(title), whole(text), seen=now, published=published)
    return otherwise(judge.judge(entry, story), story, lambda altered: judge.judge(altered, story))
