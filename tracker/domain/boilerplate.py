"""Lines of an article page that are no part of the report: invitations, captions, bylines, headings."""

import re

from tracker.domain.words import fold

_PAGE = re.compile(
    r"\b(?:subscri(?:be|ption|bers? only)|newsletters?|sign up|log ?in|register (?:now|here|for free)|follow (?:us"
    r"|all|our|the latest|live)|read (?:more|also|without limits|the full|next|our)"
    r"|click (?:here|to)|cookies?|privacy policy|terms (?:of|and) (?:use|service|conditions)|all rights reserved"
    r"|copyright|©|advertisement|sponsored|share (?:this|on)|most (?:read|popular)"
    r"|related (?:articles?|stories|topics)|recommended|download (?:our|the) app|whatsapp channel|join (?:our|us"
    r"|the conversation|\w+ \w+ to)|support (?:our|independent) journalism|donate|watch (?:live|the video|more)"
    r"|this article (?:was|is|has been)|have (?:you )?a (?:story|tip)|get in touch|contact us"
    r"|comments? (?:are closed|section)|back to top|enable javascript|supported by|editor's note|listen to|podcast"
    r"|reporting by|editing by|additional reporting|writing by|with (?:files|reporting) from"
    r"|contributed to this report|our standards|is a (?:reporter|correspondent|journalist) (?:for|at))\b",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"^(?:subscribe|sign up|join|follow|click|download|share|read|watch|listen|register|log in|support|get|see also"
    r"|related|more on|don't miss|stay|enter|loading|advertisement|skip to)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:photo|image|picture|video|caption|credit|source|graphic|map|file|illustration|in pictures?|getty|afp|epa"
    r"|reuters)\b\s*[:/|(]|(?:getty images|/ ?afp|/ ?reuters|/ ?ap\b|\bepa-efe|shutterstock|\[[^\]]*(?:photo|file"
    r"|ap|reuters|afp)[^\]]*\]"
    r"|\bis (?:seen|pictured|shown)\b.*|\bpictured\b.*|\((?:file )?photo[^)]*\))\.?$|^(?:a )?(?:file )?(?:photo"
    r"|picture) (?:of|shows|released)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?:(?i:by)\s+[A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){0,3}(?:\s*(?:,|and|in|\|).*)?$|(?i:published|updated"
    r"|last updated|posted|first published|last modified)\b.{0,60}$|\d+ (?:min(?:ute)?s?|hours?) (?:read|ago)$"
    r"|[A-Z][a-z]+ \d{1,2},? \d{4}(?:,? \d.*)?$)"
)
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'/-]{2,40}(?:,\s*(?:[A-Z][a-z]+\.?\s*)?\d{0,2}(?:\s+[A-Z][a-z]+)?)?\s*"
    r"(?:\([^)]{2,30}\)\s*)?[-–—]{1,2}\s+"
)
_LONG_CAPTION = 240  # characters; longer lines tell something
_LONG_NOTICE, _LONG_HEADING = 24, 14  # words


def page_matter(line: str) -> str | None:
    """Return in words what a line of the page is when it is no part of the report; None for text of the report."""
    text = fold(line).strip()
    if not any(char.isalpha() for char in text):
        return "no words"
    if _CAPTION.search(text) and len(text) < _LONG_CAPTION:
        return "a caption or picture credit"
    if _BYLINE.match(text):
        return "a byline or a time stamp"
    if (_CALLS.match(text) and len(text.split()) < _LONG_NOTICE) or (
        _PAGE.search(text) and len(text.split()) < _LONG_NOTICE
    ):
        return "an invitation or notice of the site, not the report"
    return None


def is_heading(line: str) -> bool:
    """Say whether a line is a heading: short and without a full stop."""
    text = fold(line).strip()
    return len(text.split()) <= _LONG_HEADING and not re.search(r"[.!?:;,\"')]$", text)


def without_dateline(sentence: str) -> str:
    """Return a sentence without "PARIS, May 31 (Reuters) -" before it."""
    return _DATELINE.sub("", sentence)
