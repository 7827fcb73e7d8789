"""How far the same deed is in two sentences: the claim says "plans to ask for aid", the report "has asked for aid".

Both sentences are searched for a verb that they share; the verb group in front of it (auxiliaries, adverbs, negation,
and the word that governs a "to") says whether the deed is possible, planned, announced, under way or done, and whether
it is so at all. No parser stands behind it: verbs that are also nouns are told apart by the word before them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from tracker.domain.claims import Status
from tracker.domain.naming import names
from tracker.domain.words import bag, content_words, fold, stem

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|[.,;:!?()\"]")
_LEAST = 3
_NOT = bag("not never n't without cannot neither nor hardly no")
_COULD = bag("could may might can would")
_WILL = bag("will shall must should")
_HAVE = bag("has have had having")
_BE = bag("is are was were am be been being got")
_DO = bag("do does did")
_ADVERBS = bag("already also now just still soon then yet ever even again since only first")
_GROUP = _NOT | _COULD | _WILL | _HAVE | _BE | _DO | _ADVERBS | {"to"}
_WEIGHS = bag(
    "ready open willing prepared hopes hope hoping wants want wanted considers considering considered weighs threatens"
    " threatened proposes proposed asks asked urges urged demands able likely free"
)
_SAYS_SO = bag("announce announced announces agree agreed agrees decide decided decides vow vowed pledged")
_BEGINS = bag("began begun begins start started starts resumed resumes continued continues keeps kept")
_REFUSES = bag("refuse refused refuses decline declined declines fail failed fails")
_DENIES = bag("deny denied denies denying retract retracted retracts retracting")
_TOLD = bag(
    "report reports claim claims statement statements story stories article articles rumour rumours rumor rumors"
    " suggestion suggestions allegation allegations account accounts assertion assertions"
)
_ENDS = frozenset({*",;:.", "and", "but"})
_FALSE = bag("false wrong untrue incorrect mistaken inaccurate baseless unfounded fabricated")
_DETERMINERS = bag(
    "the a an its their his her this that these those some any more of in on for by with from at and or two three"
)
_BASES: dict[str, str] = dict(
    re.findall(
        r"(\w+)/(\w+)",
        """
    begun/begin began/begin broke/break broken/break brought/bring built/build bought/buy came/come caught/catch
    chose/choose chosen/choose drew/draw drawn/draw drove/drive fell/fall fallen/fall fled/flee flew/fly flown/fly
    fought/fight found/find gave/give given/give went/go gone/go grew/grow grown/grow held/hold heard/hear hit/hit
    kept/keep laid/lay led/lead left/leave lost/lose made/make met/meet paid/pay put/put quit/quit ran/run rose/rise
    risen/rise saw/see seen/see sent/send set/set shot/shoot shut/shut sold/sell sank/sink sunk/sink spoke/speak
    spoken/speak spent/spend split/split stood/stand stole/steal stolen/steal struck/strike stricken/strike
    swore/swear sworn/swear took/take taken/take threw/throw thrown/throw taught/teach won/win withdrew/withdraw
    withdrawn/withdraw wrote/write written/write cut/cut
        """,
    )
)
_REPORTING = frozenset(
    map(stem, bag("say said tell told report claim add note state according warn think believe be have do"))
)


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb in a sentence: its stem, how far the deed is, whether it is so, and the words that say it.

    `headline`: it is read out of a bare present ("lands"), which could be a plural noun. `actors` are the names before
    the verb.
    """

    verb: str
    status: Status
    so: bool
    words: str
    headline: bool
    actors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """The same deed in a claim and in a sentence: what it was, what it is now."""

    old: Deed
    new: Deed

    @property
    def turned(self) -> bool:
        """Say whether one says that it is so and the other that it is not."""
        return self.old.so != self.new.so

    @property
    def advanced(self) -> bool:
        """Say whether what was possible, planned or announced is under way or done."""
        ahead = self.new.status in (Status.UNDER_WAY, Status.DONE)
        return ahead and not self.turned and self.old.status in (Status.POSSIBLE, Status.PLANNED, Status.ANNOUNCED)


def step(claim: str, sentence: str) -> Step | None:
    """Return the deed that a claim and a sentence share; None when they share none, or when two tell otherwise."""
    told = {deed.verb: deed for deed in deeds(sentence)}
    steps = [Step(old, told[old.verb]) for old in deeds(claim) if old.verb in told and not old.headline]
    steps = [one for one in steps if not one.old.actors or not one.new.actors or one.old.actors & one.new.actors]
    if len({(one.turned, one.advanced) for one in steps}) != 1:
        return None
    return steps[0]


def deeds(sentence: str) -> Iterator[Deed]:
    """Yield the verbs of a sentence whose state the words before them tell, once each."""
    written = _WORD.findall(fold(sentence))
    words = [word.lower() for word in written]
    prose = _is_prose(written)
    seen: set[str] = set()
    for at, word in enumerate(words):
        root = stem(_BASES.get(word, word))
        if len(word) < _LEAST or root in seen or root in _REPORTING or not content_words(word):
            continue
        if prose and written[at][0].isupper():
            continue
        group = _group(words[:at])
        governor = words[at - len(group) - 1] if at > len(group) else ""
        status = _status(word, group, governor)
        if status is not None:
            seen.add(root)
            said = " ".join(written[max(at - len(group) - 1, 0) : at + 1])
            actors, so = names(" ".join(written[:at])), _so(words[:at], group, governor) and not _false(words, at)
            yield Deed(root, status, so, said, _is_headline(word, group), actors)


def _is_prose(written: Sequence[str]) -> bool:
    """Say whether capitals mark names here, and not every word of a headline."""
    long = [word for word in written if len(word) > _LEAST]
    return sum(word[0].isupper() for word in long) * 2 <= len(long)


def _group(before: Sequence[str]) -> list[str]:
    """Return the auxiliaries, adverbs, negations and "to" that stand unbroken before a verb."""
    at = len(before)
    while at and (before[at - 1] in _GROUP or before[at - 1].endswith(("ly", "n't", "'ll", "'ve"))):
        at -= 1
    return list(before[at:])


def _so(before: Sequence[str], group: Sequence[str], governor: str) -> bool:
    denied = any(one in _NOT or one.endswith("n't") for one in group) or ("to" in group and governor in _REFUSES)
    return not (denied or _DENIES & set(before))


def _false(words: Sequence[str], at: int) -> bool:
    """Say whether a verb is of what is called false: "a report that work has begun was wrong"."""
    clause = list(takewhile(lambda word: word not in _ENDS, words[at:]))
    called = any(one in _BE and other in _FALSE for one, other in pairwise(clause))
    return called and any(one in _TOLD and other == "that" for one, other in pairwise(words[:at]))


def _status(word: str, group: Sequence[str], governor: str) -> Status | None:
    """Return how far a deed is, None for a word that is no verb here as far as its neighbours tell."""
    helpers = {"will" if one.endswith("'ll") else "have" if one.endswith("'ve") else one for one in group}
    past = word.endswith("ed") or word in _BASES
    if helpers & _COULD:
        return Status.POSSIBLE
    if "to" in helpers and (not word.endswith("ing")):
        return _governed(governor)
    if helpers & _WILL:
        return Status.PLANNED
    if word.endswith("ing"):
        return Status.UNDER_WAY if helpers & _BE or governor in _BEGINS else None
    if past and (helpers & (_HAVE | _BE) or governor not in _DETERMINERS):
        return Status.DONE
    # "did not land"; and a headline's present: "Capsule lands in New Mexico".
    headline = _is_headline(word, group) and governor.isalpha() and governor not in _DETERMINERS
    return Status.DONE if helpers & _DO or headline else None


def _is_headline(word: str, group: Sequence[str]) -> bool:
    return word.endswith("s") and not group


def _governed(governor: str) -> Status:
    """Return what the word before "to" makes of the deed: "plans to", "agreed to", "ready to", "began to"."""
    if governor in _SAYS_SO:
        return Status.ANNOUNCED
    if governor in _BEGINS:
        return Status.UNDER_WAY
    return Status.POSSIBLE if governor in _WEIGHS else Status.PLANNED
