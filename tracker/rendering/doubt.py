"""Why the judge was not sure of a finding, in words."""

from tracker.judging.language import READ, primary
from tracker.rendering.plain import line


def doubt(entry: str | None, story: str) -> str:
    """Return why a finding waits, by the languages of its entry (None: not known) and of its story.

    What is in another language waits always, or in one that the judge does not read; else grounds that do not agree,
    which the reason names.
    """
    theirs, ours = primary(entry) or primary(story), primary(story)
    if theirs != ours:
        return f"it is in another language (“{line(theirs)}”) than the story (“{line(ours)}”)"
    if theirs != READ:
        return f"it is in a language (“{line(theirs)}”) that the judge does not read"
    return "its grounds speak for it and against it"
