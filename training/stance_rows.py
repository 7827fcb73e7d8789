"""Headlines, bodies and stances of the Fake News Challenge, and the honest ways to part them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from news_sentences import of_bodies, split
from numpy.typing import NDArray
from rows import part, read
from sklearn.model_selection import GroupKFold
from stories import topics

STANCES = ("agree", "discuss", "disagree", "unrelated")
AGREE, DISCUSS, DISAGREE, UNRELATED = range(4)
_FOLDS = 5
_SENTENCES = 40  # of a body; of the longest ones the end is not read
Ints = NDArray[np.int64]


class Parts(NamedTuple):
    """Places of the pairs to fit on, to choose decisions by, and to report on."""

    train: Ints
    calibration: Ints
    dev: Ints


class Challenge:
    """All labelled pairs: `headline`, `body`, `stance` hold a number a pair, into `headlines`, `bodies`, STANCES."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        bodies, pairs = read(folder, "fnc1_train_bodies"), read(folder, "fnc1_train_stances")
        self.bodies: list[str] = [r["body"] for r in bodies]
        self.names = [r["body_id"] for r in bodies]
        self.headlines: list[str] = sorted({r["headline"] for r in pairs})
        of_headline = {text: at for at, text in enumerate(self.headlines)}
        of_body = {name: at for at, name in enumerate(self.names)}
        self.headline: Ints = np.array([of_headline[r["headline"]] for r in pairs])
        self.body: Ints = np.array([of_body[r["body_id"]] for r in pairs])
        self.stance: Ints = np.array([STANCES.index(r["stance"]) for r in pairs])

    @cached_property
    def sentences(self) -> list[list[str]]:
        """The first sentences of every body, at least one."""
        return [split(body)[:_SENTENCES] or [body.strip() or "."] for body in self.bodies]

    @cached_property
    def stories(self) -> Ints:
        """The story of every body, as a number: bodies and headlines that some stance but unrelated connects."""
        known = {text: at for at, topic in enumerate(topics(self.folder)) for text in topic.bodies}
        return np.array([known.setdefault(text, len(known) + len(self.bodies)) for text in self.bodies])

    @cached_property
    def headline_stories(self) -> Ints:
        """The story of every headline, numbered as `stories`."""
        known = {text: at for at, topic in enumerate(topics(self.folder)) for text in topic.headlines}
        return np.array([known.get(text, -1) for text in self.headlines])

    def by_body(self) -> Parts:
        """Parts in which no text of a body stands twice; a headline may, against other bodies."""
        where = np.array([part(text) for text in self.bodies])[self.body]
        return _parts(where, where)

    def by_story(self) -> Parts:
        """Parts that share no story, as the pair model's do: no body twice, and no headline of a dev story in train.

        A dev body is still asked about headlines of other stories, which are unrelated to it.
        """
        of_body = {s.body: s.part for s in of_bodies(self.folder)}
        parts = np.array([of_body.get(f"fnc-{name}", "train") for name in self.names])
        of_headline = dict(zip(self.stories.tolist(), parts.tolist(), strict=True))
        headlines = np.array([of_headline.get(story, "train") for story in self.headline_stories.tolist()])
        return _parts(parts[self.body], headlines[self.headline])

    def turns(self, *, by_story: bool) -> list[Parts]:
        """Five splits, each of whose dev parts is another fifth; the next fifth calibrates."""
        groups = (self.stories if by_story else _numbers(self.bodies))[self.body]
        folds = np.zeros(len(groups), np.int64)
        for at, (_, held) in enumerate(GroupKFold(_FOLDS, shuffle=True, random_state=7).split(groups, groups=groups)):
            folds[held] = at
        of_story = dict(zip(groups.tolist(), folds.tolist(), strict=True)) if by_story else {}
        asked = self.headline_stories[self.headline].tolist()
        headlines = np.array([of_story.get(story, fold) for story, fold in zip(asked, folds.tolist(), strict=True)])
        names = np.array(["dev", "calibration", *["train"] * (_FOLDS - 2)])
        return [_parts(names[(folds - at) % _FOLDS], names[(headlines - at) % _FOLDS]) for at in range(_FOLDS)]


def _numbers(texts: Sequence[str]) -> Ints:
    """Texts as numbers, equal ones as the same."""
    return np.unique(np.array(texts, dtype=object), return_inverse=True)[1]


def _parts(bodies: Sequence[str] | NDArray[np.str_], headlines: Sequence[str] | NDArray[np.str_]) -> Parts:
    """A pair belongs to the part of its body, and is left out where its headline is of a part kept from that one."""
    of_body, of_headline = np.asarray(bodies), np.asarray(headlines)
    train = (of_body == "train") & (of_headline == "train")
    calibration = (of_body == "calibration") & (of_headline != "dev")
    return Parts(*(np.flatnonzero(mask) for mask in (train, calibration, of_body == "dev")))
