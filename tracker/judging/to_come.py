"""A plan is no deed: is a figure of what is done or of what is still to come, and does a sentence only plan a deed.

The verb that a figure hangs on says so: the last one before it in its clause ("plans to deliver 60 jets"), else the
first one after it ("4,500 soldiers will be trained"). What may have happened is no thing to come.
"""

import re
from itertools import takewhile
from typing import Literal

from tracker.domain.claims import Status
from tracker.domain.words import bag
from tracker.judging.predicate import Deed, deeds

Moment = Literal["done", "to come"]

_CLAUSE = re.compile(r"[;:()!?]|[.,](?!\d)|\b(?:and|but|while|after|before|when|as|which|who|that)\b", re.IGNORECASE)
_WILL = bag("will shall 'll")
_MIGHT = bag("may might could would")
_HAVE = bag("has have had having")
_PROSPECTS = bag(
    "is are plan plans planned planning hope hopes hoped hoping want wants wanted intend intends intended intending aim"
    " aims expect expects expected due set scheduled ready prepared willing consider considers considering propose"
    " proposes proposed promise promises promised pledge pledges pledged vow vows vowed agree agrees agreed threatens"
    " threatened urged"
)
_PROMISES = bag(
    "agreed promised pledged vowed approved ordered offered proposed planned scheduled expected announced demanded"
    " asked wanted targeted projected budgeted authorised authorized sought predicted based estimated"
)
_BELIEFS = bag("found said thought known seen shown held seem seems seemed appear appears appeared")
_SAME = 4  # letters that two forms of a verb share at least
_ENDING = 2  # letters that the stems of two forms of a verb differ by at most


def moment(sentence: str, start: int, figure: str) -> Moment | None:
    """Return when the deed is that a figure hangs on, None where no verb beside it tells."""
    if start < 0:
        return None
    before = _CLAUSE.split(sentence[:start])[-1]
    after = _CLAUSE.split(sentence[start + len(figure) :])[0]
    told = [deed for deed in deeds(before) if not deed.headline][-1:] or [
        deed for deed in deeds(f"{figure} {after}") if not deed.headline
    ][:1]
    if not told:
        return None
    if _prospect(told[0]):
        return "to come"
    done = told[0].status is Status.DONE and told[0].words.lower().split()[-1] not in _PROMISES
    return "done" if done else None


def only_planned(claim: str, sentence: str) -> tuple[Deed, Deed] | None:
    """Return the deed that a claim says is done, with the words by which a sentence only says that it is to come."""
    told = [deed for clause in _CLAUSE.split(sentence) for deed in deeds(clause) if not deed.headline]
    for old in deeds(claim):
        if old.headline or not old.so or old.status is not Status.DONE:
            continue
        same = [new for new in told if _same(old.verb, new.verb)]
        if same and all(_prospect(new, surely=True) and new.so for new in same):
            return old, same[0]
    return None


def _prospect(deed: Deed, *, surely: bool = False) -> bool:
    """Say whether a deed is still to come; `surely`: not only perhaps, and not the future seen from the past."""
    *helpers, _ = deed.words.lower().split()
    if _HAVE & set(helpers):
        return False
    if any(one in _WILL or one.endswith("'ll") for one in helpers) or (not surely and _MIGHT & set(helpers)):
        return True
    if helpers[-2:] == ["to", "be"] and not _believed(helpers[-3:-2]):
        return True
    governors = set(takewhile(lambda word: word != "to", helpers)) if "to" in helpers else set()
    return bool(governors & _PROSPECTS)


def _believed(before: list[str]) -> bool:
    """Say whether "to be" follows a belief: who is "feared to be trapped" is, "jets to be delivered" are not yet."""
    return any(word in _BELIEFS or word.endswith("ed") for word in before)


def _same(one: str, other: str) -> bool:
    """Say whether two stems are of one verb: a light stemmer takes "deliver" further off than "delivered"."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SAME and long.startswith(short) and len(long) - len(short) <= _ENDING)
