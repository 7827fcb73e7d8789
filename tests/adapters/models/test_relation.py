"""The learnt relation as it ships, over the pair model as it ships."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tracker.adapters.models.pair import PairModel
from tracker.adapters.models.relation import RelationModel
from tracker.adapters.models.session import read_card, shipped_folder
from tracker.errors import TrackerError
from tracker.judging.evidence import evidence
from tracker.judging.learnt import LearntRelation, counted

SUPPORTS, REFUTES, NEITHER = range(3)
CASES = [
    ("At least 40 people were hurt.", "Twelve people were hurt.", REFUTES),
    ("At least 40 people were hurt.", "52 people were hurt, police say.", SUPPORTS),
    ("The play has fewer than 20 roles.", "The play has 26 roles.", REFUTES),
    ("The play has more than 20 roles.", "The play has 26 roles.", SUPPORTS),
    ("The bridge was closed on Monday.", "The bridge was not closed on Monday.", REFUTES),
    ("The bridge was closed on Monday.", "Police confirmed that the bridge was closed on Monday.", SUPPORTS),
    ("The bridge was closed on Monday.", "The choir sang in the cathedral.", NEITHER),
]


@pytest.fixture(scope="module")
def relation() -> LearntRelation:
    return LearntRelation(PairModel(), RelationModel())


def test_bounds_and_denials_are_understood(relation: LearntRelation) -> None:
    """A figure inside a bound supports, one outside refutes, a denial refutes, another subject does neither."""
    chances = relation.classify([(claim, sentence) for claim, sentence, _ in CASES])
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert chances.argmax(axis=1).tolist() == [label for *_, label in CASES]


def test_a_pair_alone_is_as_among_others(relation: LearntRelation) -> None:
    """The chances of a pair do not hang on what is asked beside it; none asked, none given."""
    pairs = [(claim, sentence) for claim, sentence, _ in CASES]
    together = relation.classify(pairs)
    alone = np.concatenate([relation.classify([pair]) for pair in pairs])
    assert np.abs(together - alone).max() < 1e-5
    assert relation.classify([]).shape == (0, 3)


def test_the_card_is_of_this_evidence_and_this_pair_model() -> None:
    """The model was fitted on the columns that are counted today, over the pair model that ships beside it."""
    card = read_card(shipped_folder(), "relation")
    assert card["evidence"] == list(evidence("A claim.", "A sentence."))
    assert card["over"] == PairModel().version


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """One changed byte of the model is a plain error, as is a file that is missing."""
    for name in ("relation.json", "relation.onnx"):
        shutil.copy(str(shipped_folder() / name), tmp_path)
    content = bytearray((tmp_path / "relation.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "relation.onnx").write_bytes(content)
    row, read = counted([("A claim.", "A sentence.")]), np.full((1, 3), 1 / 3, np.float32)
    with pytest.raises(TrackerError, match="damaged"):
        RelationModel(tmp_path).weigh(row, read)
    (tmp_path / "relation.onnx").unlink()
    with pytest.raises(TrackerError, match="missing"):
        RelationModel(tmp_path).weigh(row, read)
