"""What the jobs brought, as lines of the log and as counts."""

import structlog

from tracker.application.cycle import Gathered
from tracker.application.deliver import Delivered
from tracker.application.judge_entries import Judged
from tracker.application.results import Result
from tracker.domain.events import finding_of
from tracker.entrypoints.metrics import Metrics
from tracker.projections.rows import story_of

logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("tracker")

_ENDS = {"failed": "is to be tried again", "dead": "was given up"}


class Telling:
    """Logs and counts what application functions return."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def gathered(self, gathered: Gathered) -> None:
        """Tell what polls, pages and judgements brought."""
        self._metrics.gathered(gathered)
        for polled in gathered.polled:
            if polled.error:
                logger.warning("feed %s: %s", polled.feed.url, polled.error, feed=polled.feed.id)
        for looked in (one for one in gathered.looked if one.error):
            logger.info("page %s: %s", looked.page.url, looked.error, feed=looked.page.feed)
        for judged in gathered.judged:
            _judged(judged)

    def told(self, told: Delivered) -> None:
        """Tell how deliveries ended."""
        self._metrics.told(told)
        if told.sent or told.failed or told.dead:
            logger.info("alerts: %d sent, %d to retry, %d given up", told.sent, told.failed, told.dead)
        for one in told.results:
            if one.end != "delivered":
                _undelivered(one)


def _undelivered(tried: Result) -> None:
    owed = tried.delivery
    about = logger.bind(
        delivery=owed.id,
        subscription=owed.subscription,
        story=owed.story,
        position=owed.position,
        attempt=owed.attempts,
    )
    about.warning("alert over %s %s: %s", tried.channel or "no way", _ENDS.get(tried.end, tried.end), tried.detail)


def _judged(judged: Judged) -> None:
    entry = judged.verdict.entry.id
    if judged.fault:
        logger.error("entry %s: %s", entry, judged.fault, entry=entry)
    for asked in (one for one in judged.asked if one.outcome == "failed"):
        logger.warning("no second opinion: %s", asked.why, entry=entry)
    for recorded in judged.recorded:
        finding = finding_of(recorded.event)
        if finding and finding.news and not finding.needs_review:
            about = logger.bind(story=story_of(recorded), position=recorded.position, entry=entry)
            about.info("news: %s %s: %s", finding.relation, finding.claim or "a new claim", finding.sentence)
