"""Columns of numbers for every (headline, body) pair: what is shared, near in meaning, denied or doubted.

None of them knows a label, so they are the same whichever pairs are trained on; `far` and TF-IDF know the bodies of the
training part, for how near a pair is counts beside how near other bodies are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rows import LABELS
from sklearn.feature_extraction.text import TfidfVectorizer
from stance_models import Shipped
from stance_rows import Challenge
from stance_words import CUES, cues, nearest_cue, overlap, said

BEST = 3  # sentences of a body that are nearest to the headline
NEAR = 0.42  # cosine of the best sentence from which a pair is read by the pair model: about the related ones
Floats = NDArray[np.float32]
Columns = dict[str, Floats]
_DENYING = [CUES.index(name) for name in ("false", "doubt", "negation")]
_BLANK = np.float32(np.nan)


class Nearness:
    """Cosines of every headline with every sentence, and the best sentences of each pair."""

    def __init__(self, challenge: Challenge, models: Shipped) -> None:
        self._challenge = challenge
        flat = [text for body in challenge.sentences for text in body]
        self._of_headlines, self._of_sentences = models.vectors(challenge.headlines), models.vectors(flat)
        self._starts = np.cumsum([0, *map(len, challenge.sentences)])
        self.most = np.maximum.reduceat(self._of_headlines @ self._of_sentences.T, self._starts[:-1], axis=1)

    def sentences(self, pair: int) -> Floats:
        """Cosines of a pair's headline with the sentences of its body."""
        body = self._challenge.body[pair]
        return (
            self._of_sentences[self._starts[body] : self._starts[body + 1]]
            @ self._of_headlines[self._challenge.headline[pair]]
        )

    def near(self) -> NDArray[np.bool_]:
        """Which pairs are near enough to be read."""
        return self.most[self._challenge.headline, self._challenge.body] >= NEAR

    def best(self, pair: int) -> list[str]:
        """The texts of the BEST sentences of a pair, the nearest first."""
        texts = self._challenge.sentences[self._challenge.body[pair]]
        return [texts[at] for at in np.argsort(-self.sentences(pair), kind="stable")[:BEST]]

    def denying(self, pair: int) -> str:
        """The text of the nearest sentence with a cue of DENYING; empty where none is near."""
        texts, cosines = self._challenge.sentences[self._challenge.body[pair]], self.sentences(pair)
        held = [at for at, text in enumerate(texts) if cosines[at] >= NEAR and any(cues(text)[n] for n in _DENYING)]
        return texts[max(held, key=lambda at: cosines[at])] if held else ""


def _stacked(rows: Sequence[dict[str, float]]) -> Columns:
    return {name: np.array([row[name] for row in rows], np.float32) for name in rows[0]}


def shared(challenge: Challenge) -> Columns:
    """Words, names, figures and runs that both have."""
    return _stacked(
        [
            dict(overlap(challenge.headlines[h], challenge.bodies[b], challenge.sentences[b]))
            for h, b in zip(challenge.headline, challenge.body, strict=True)
        ]
    )


def meant(challenge: Challenge, nearness: Nearness) -> Columns:
    """Cosines of the headline with the body's sentences: the best, the first, the mean, and where they stand."""
    rows = []
    for pair in range(len(challenge.stance)):
        near = nearness.sentences(pair)
        down = np.sort(near)[::-1]
        rows.append({
            **{f"cosine {n}": float(down[n - 1]) if len(down) >= n else -1.0 for n in (1, 2, 3, 5)},
            "cosine of first": float(near[0]),
            "cosine of second": float(near[min(1, len(near) - 1)]),
            "cosine of last": float(near[-1]),
            "cosine, mean": float(near.mean()),
            "cosine, mean of three": float(down[:BEST].mean()),
            "place of best": float(near.argmax()),
            "share before best": float(near.argmax() / len(near)),
            "sentences near": float((near > 0.5).sum()),
            "share near": float((near > 0.5).mean()),
        })  # fmt: skip
    return _stacked(rows)


def far(challenge: Challenge, nearness: Nearness, train: NDArray[np.int64]) -> Columns:
    """How the best cosine stands to those of the headline with bodies of the training part, and the other way round."""
    heads, bodies = np.unique(challenge.headline[train]), np.unique(challenge.body[train])
    most, at = nearness.most, (challenge.headline, challenge.body)
    rows, columns = most[:, bodies], most[heads]
    return {
        "above other bodies": (most[at] - rows.mean(1)[at[0]]) / rows.std(1)[at[0]],
        "above other headlines": (most[at] - columns.mean(0)[at[1]]) / columns.std(0)[at[1]],
    }


def tfidf(challenge: Challenge, train: NDArray[np.int64]) -> Columns:
    """Cosines of TF-IDF vectors of words and of runs of characters; words are weighed by the training part."""
    known = [challenge.bodies[body] for body in np.unique(challenge.body[train])]
    known += [challenge.headlines[headline] for headline in np.unique(challenge.headline[train])]
    leads = [" ".join(sentences[:3]) for sentences in challenge.sentences]
    found = {}
    for name, settings in {
        "words": {"ngram_range": (1, 2), "stop_words": "english"},
        "characters": {"ngram_range": (3, 4), "analyzer": "char_wb", "min_df": 3},
    }.items():
        vectorizer = TfidfVectorizer(sublinear_tf=True, **settings).fit(known)
        mine = vectorizer.transform(challenge.headlines)
        for whole, texts in (("body", challenge.bodies), ("lead", leads)):
            cosines = (mine @ vectorizer.transform(texts).T).toarray()
            found[f"TF-IDF of {name}, {whole}"] = cosines[challenge.headline, challenge.body].astype(np.float32)
    return found


def cued(challenge: Challenge, nearness: Nearness) -> Columns:
    """Cues of denial, doubt, hedging and report in the headline, in the body, and how near they come to the matter."""
    near = nearness.near()
    rows = [_cued(challenge, nearness, pair) if near[pair] else None for pair in range(len(near))]
    blank = dict.fromkeys(next(row for row in rows if row is not None), float(_BLANK))
    return _stacked([blank if row is None else row for row in rows])


def _cued(challenge: Challenge, nearness: Nearness, pair: int) -> dict[str, float]:
    headline, texts = challenge.headlines[challenge.headline[pair]], challenge.sentences[challenge.body[pair]]
    cosines, counts = nearness.sentences(pair), np.array([cues(text) for text in texts])
    down, mine = np.argsort(-cosines, kind="stable")[:BEST], cues(headline)
    found: dict[str, float] = {}
    for at, name in enumerate(CUES):
        column = counts[:, at]
        holds = np.flatnonzero(column)
        found |= {
            f"{name} in headline": mine[at],
            f"{name} in best": column[down[0]],
            f"{name} in best three": column[down].sum(),
            f"{name} in lead": column[:2].sum(),
            f"{name} in body": column.mean(),
            f"{name} nearest": cosines[holds].max() if len(holds) else -1.0,
            f"{name} against rest": (cosines[holds].max() if len(holds) else 0.0)
            - (np.delete(cosines, holds).max() if len(holds) < len(texts) else 0.0),
            f"{name} from": holds[0] / len(texts) if len(holds) else 1.0,
        }
    found |= {f"{name}, words away": nearest_cue(headline, texts, name) for name in ("false", "doubt", "hedge")}
    for who, text in (("headline", headline), ("best", texts[down[0]]), ("first", texts[0])):
        found |= {f"judge's cue {n} in {who}": value for n, value in enumerate(said(text))}
    return found


def read_pairs(challenge: Challenge, nearness: Nearness, models: Shipped) -> Columns:
    """Chances of the pair model and the learnt relation for the headline and two sentences of a body that is near.

    One is the nearest sentence, the other the nearest that denies, doubts or negates, where one is near.
    """
    pairs = np.flatnonzero(nearness.near())
    chosen = {
        "best": [nearness.best(int(at))[0] for at in pairs],
        "denying": [nearness.denying(int(at)) for at in pairs],
    }
    columns = {}
    headlines = [challenge.headlines[h] for h in challenge.headline[pairs]]
    for which, texts in chosen.items():
        there = [at for at, text in enumerate(texts) if text]
        read = models.chances([(headlines[at], texts[at]) for at in there])
        for at, name in enumerate(f"{who} {label}" for who in ("pair", "relation") for label in LABELS):
            columns[f"{which}: {name}"] = column = np.full(len(challenge.stance), _BLANK, np.float32)
            column[pairs[there]] = read[:, at]
    return columns
