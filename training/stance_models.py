"""What the shipped models read of headlines and sentences, kept between runs under build/stance."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.adapters.models.relation import RelationModel
from tracker.judging.learnt import counted

KEPT = Path(__file__).resolve().parents[1] / "build" / "stance"
Floats = NDArray[np.float32]
Text = TypeVar("Text", str, tuple[str, str])
_AT_ONCE = 2000


class Shipped:
    """The encoder, the pair model and the learnt relation of one folder (None: the shipped one), one thread each."""

    def __init__(self, folder: Path | None) -> None:
        self._encoder = MiniLmEncoder(folder, threads=1, remembered=0)
        self._pairs = PairModel(folder, threads=1, remembered=0)
        self._relation = RelationModel(folder)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Vectors of texts, one row a text."""
        return _kept(self._encoder.version, texts, self._encoder.encode)

    def chances(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Chances of LABELS for (headline, sentence): the pair model's, then the learnt relation's."""
        read = _kept(self._pairs.version, pairs, self._pairs.classify)
        seen = _kept("evidence", pairs, counted)
        return np.concatenate([read, self._relation.weigh(seen, read)], axis=1)


def _kept(version: str, texts: Sequence[Text], compute: Callable[[list[Text]], Floats]) -> Floats:
    """Rows of all texts; those of an earlier run are read again where the model and the texts are the same."""
    each = sorted(set(texts), key=lambda text: (len("".join(text)), text))
    digest = hashlib.sha256(repr((version, each)).encode()).hexdigest()[:16]
    path = KEPT / f"{version.partition('@')[0]}-{digest}.npy"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        np.save(path, np.concatenate([compute(each[at : at + _AT_ONCE]) for at in range(0, len(each), _AT_ONCE)]))
    place = {text: at for at, text in enumerate(each)}
    return np.asarray(np.load(path)[[place[text] for text in texts]], np.float32)
