"""An alert as plain text."""

from tracker.rendering.alert_view import WORD, AlertView, Told
from tracker.rendering.phrases import PROOF
from tracker.rendering.plain import moment
from tracker.rendering.view import Head


def alert_text(alert: AlertView) -> str:
    """Return the alert for a reader of plain text."""
    blocks = [f"{alert.headline}\nStory: {alert.story_title}"]
    blocks += [finding_text(told) for told in alert.told]
    blocks.append(source_line(alert) + (f"\n{alert.url}" if alert.url else ""))
    blocks.append("-- \n" + "\n".join(footer(alert)))
    return "\n\n".join(blocks) + "\n"


def finding_text(told: Told) -> str:
    """Return one finding: its kind and claim, what changed, the words it rests on, and why it was judged so."""
    lines = [f"{WORD[told.kind]}: {told.claim_text}" if told.claim_text else WORD[told.kind]]
    lines += [f"  {line}" for line in (change(told), f"“{told.sentence}”" if told.sentence else "") if line]
    lines += [f"  Why: {told.reason}"] if told.reason else []
    return "\n".join(lines)


def change(told: Told) -> str:
    """Return what differs, as `date: May -> June`; empty where nothing does."""
    if told.old is None and told.new is None:
        return ""
    values = " → ".join(value for value in (told.old, told.new) if value)
    return f"{told.field}: {values}" if told.field else values


def source_line(alert: AlertView) -> str:
    """Return who says so and when, and when it was seen."""
    who = alert.source
    if alert.publisher and alert.publisher != alert.source:
        who = f"{alert.source} (in {alert.publisher})" if who else alert.publisher
    published = f"published {moment(alert.published)}" if alert.published else "no time of publication given"
    return f"Source: {who or 'unnamed'}, {published}, seen {moment(alert.seen)}"


def footer(alert: AlertView) -> tuple[str, ...]:
    """Return why the reader gets this, how to end it, and what makes the reader a witness of the log."""
    follows = "every story" if alert.every_story else f"the story {alert.story}"
    positions = ", ".join(map(str, sorted(told.position for told in alert.told)[:8]))
    return (
        f"You get this because subscription {alert.subscription} follows {follows}.",
        f"To end it: tracker subscription remove {alert.subscription}",
        f"Recorded in the log at position {positions}: tracker why POSITION explains it.",
        *witness(alert.head),
    )


def witness(head: Head) -> tuple[str, str]:
    """Return the head of the log that makes the reader a witness, and what it is good for."""
    return f"Head of the log at position {head.position}: {head.hash}", f"({PROOF})"
