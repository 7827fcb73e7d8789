"""The sentence-pair model as it ships."""

from pathlib import Path

import numpy as np
import pytest

from tracker.adapters.models.pair import LABELS, PairModel
from tracker.adapters.models.session import read_card, shipped_folder
from tracker.errors import TrackerError

SUPPORTS, REFUTES, NEITHER = range(3)
CLAIM = "The ministry plans to close two airports in the north."
PAIRS = [
    (CLAIM, CLAIM),
    (CLAIM, "The ministry denied that it plans to close two airports in the north."),
    (CLAIM, "The choir sang in the cathedral on Sunday evening."),
    (CLAIM, ""),
    (CLAIM, "A long sentence about airports " * 60),
]


@pytest.fixture(scope="module")
def model() -> PairModel:
    return PairModel()


def test_rows_are_chances_of_three_labels(model: PairModel) -> None:
    """Every pair, even with an empty or overlong sentence, gets three chances that add to one."""
    chances = model.classify(PAIRS)
    assert chances.shape == (len(PAIRS), 3)
    assert chances.dtype == np.float32
    assert (chances >= 0).all()
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)


def test_no_pairs_give_no_rows(model: PairModel) -> None:
    """An empty list is no error: it gives a table of no rows."""
    assert model.classify([]).shape == (0, 3)


def test_the_columns_are_those_of_the_model_card() -> None:
    """The order of the labels in the card is the order that the port promises."""
    assert LABELS == ("supports", "refutes", "neither")
    assert tuple(read_card(shipped_folder(), "pair")["labels"]) == LABELS


@pytest.mark.parametrize(
    ("claim", "sentence", "label"),
    [
        (CLAIM, CLAIM, SUPPORTS),
        ("The bridge was closed on Monday.", "Police confirmed that the bridge was closed on Monday.", SUPPORTS),
        (CLAIM, "The ministry denied that it plans to close two airports in the north.", REFUTES),
        ("The bridge was closed on Monday.", "The bridge was not closed on Monday.", REFUTES),
        (CLAIM, "The choir sang in the cathedral on Sunday evening.", NEITHER),
        ("The bridge was closed on Monday.", "The film opened in forty cinemas across the country.", NEITHER),
    ],
)
def test_plain_cases(model: PairModel, claim: str, sentence: str, label: int) -> None:
    """A repetition supports, a denial refutes, another subject does neither."""
    assert model.classify([(claim, sentence)])[0].argmax() == label


def test_chances_do_not_depend_on_the_neighbours() -> None:
    """A pair read alone and read in a batch of other lengths gets the same chances, so a replay does too."""
    together = PairModel().classify(PAIRS)
    alone = np.vstack([PairModel(remembered=0).classify([pair]) for pair in PAIRS])
    assert np.allclose(together, alone, atol=1e-4)


def test_the_same_pairs_give_the_same_bytes() -> None:
    """Two fresh models agree to the last bit."""
    assert PairModel().classify(PAIRS).tobytes() == PairModel().classify(PAIRS).tobytes()


def test_the_version_names_the_file() -> None:
    """The version holds the first digits of the model file's SHA-256 and needs no model to be loaded."""
    name, _, digest = PairModel().version.partition("@")
    assert name == "minilm-pair-marked"
    assert (shipped_folder() / "pair.json").read_text().count(f'"sha256": "{digest}') == 1


@pytest.mark.parametrize("file", ["pair.onnx", "pair.json", "tokenizer.json"])
def test_a_missing_file_is_named_in_one_line(tmp_path: Path, file: str) -> None:
    """A lost model file is a TrackerError of one line that names the file."""
    for kept in {"pair.onnx", "pair.json", "tokenizer.json"} - {file}:
        (tmp_path / kept).write_bytes((shipped_folder() / kept).read_bytes())
    with pytest.raises(TrackerError, match=file) as caught:
        PairModel(tmp_path).classify(PAIRS)
    assert "\n" not in str(caught.value)


def test_of_a_text_without_an_end_the_opening_counts(model: PairModel) -> None:
    """What stands beyond the tokens that count changes nothing, and is not even cut into tokens."""
    long, longer = (f"{CLAIM} " * times for times in (60, 6_000))
    chances = model.classify([(long, CLAIM), (longer, CLAIM), (longer, longer), (long, long)])
    assert np.allclose(chances[0], chances[1], atol=1e-5)
    assert np.allclose(chances[2], chances[3], atol=1e-5)
