"""Why the judge was not sure of a finding, in words."""

from tracker.rendering.plain import line


def doubt(entry: str | None, story: str) -> str:
    """Return why a finding waits, by the languages of its entry (None: not known) and of its story.

    What is in another language waits always; else grounds that do not agree, which the reason names.
    """
    theirs, ours = (entry or "").split("-")[0], story.split("-", maxsplit=1)[0]
    if theirs and theirs != ours:
        return f"it is in another language (“{line(theirs)}”) than the story (“{line(ours)}”)"
    return "its grounds speak for it and against it"
