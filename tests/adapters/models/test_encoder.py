"""The sentence encoder as it ships."""

from pathlib import Path

import numpy as np
import pytest

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.session import shipped_folder
from tracker.errors import TrackerError

STRIKE = "Workers at the plant have gone on strike over pay."
WALKOUT = "Employees of the factory stopped work in a dispute about wages."
RAIN = "Heavy rain is expected along the coast at the weekend."
TEXTS = [STRIKE, WALKOUT, RAIN, "Rain.", "", "A sentence that goes on for a while " * 40]


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


def copy_of_the_shipped_files(target: Path) -> Path:
    for file in ("encoder.onnx", "encoder.json", "tokenizer.json"):
        (target / file).write_bytes((shipped_folder() / file).read_bytes())
    return target


def test_rows_have_384_columns_and_length_one(encoder: MiniLmEncoder) -> None:
    """Every text, even an empty or overlong one, becomes a 32-bit row of unit length."""
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: MiniLmEncoder) -> None:
    """An empty list is no error: it gives a table of no rows."""
    assert encoder.encode([]).shape == (0, 384)


def test_close_meaning_is_nearer_than_far_meaning(encoder: MiniLmEncoder) -> None:
    """A paraphrase with hardly a word in common is much nearer than another subject."""
    strike, walkout, rain = encoder.encode([STRIKE, WALKOUT, RAIN])
    assert strike @ walkout > strike @ rain + 0.3
    assert strike @ rain < 0.2


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    """A text encoded alone and encoded beside others gives the same vector to the last bit, so a verdict does too."""
    together = MiniLmEncoder().encode(TEXTS)
    alone = np.vstack([MiniLmEncoder(remembered=0).encode([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_the_same_texts_give_the_same_bytes() -> None:
    """Two fresh encoders agree to the last bit."""
    assert MiniLmEncoder().encode(TEXTS).tobytes() == MiniLmEncoder().encode(TEXTS).tobytes()


def test_the_vectors_are_those_of_the_tuned_model(encoder: MiniLmEncoder) -> None:
    """The first numbers of a known sentence are those that the float model gives, up to the rounding to integers."""
    (row,) = encoder.encode(["This is an example sentence"])
    assert np.allclose(row[:6], [0.0367, 0.0977, 0.0553, 0.0936, 0.0153, 0.0066], atol=0.015)


def test_the_order_of_the_texts_is_kept_and_repeats_are_equal(encoder: MiniLmEncoder) -> None:
    """Rows come in the order of the texts although they are computed in order of length."""
    rows = encoder.encode([TEXTS[5], RAIN, STRIKE, RAIN])
    assert np.array_equal(rows[1], rows[3])
    assert np.allclose(rows[2], encoder.encode([STRIKE])[0])


def test_a_changed_row_does_not_change_what_is_remembered() -> None:
    """The caller's array is its own: writing into it leaves later answers alone."""
    encoder = MiniLmEncoder()
    first = encoder.encode([RAIN])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(encoder.encode([RAIN]), kept)


def test_the_version_names_the_file() -> None:
    """The version holds the first digits of the model file's SHA-256 and needs no model to be loaded."""
    name, _, digest = MiniLmEncoder().version.partition("@")
    assert name == "all-MiniLM-L6-v2-stories"
    assert (shipped_folder() / "encoder.json").read_text().count(f'"sha256": "{digest}') == 1


@pytest.mark.parametrize("file", ["encoder.onnx", "encoder.json", "tokenizer.json"])
def test_a_missing_file_is_named_in_one_line(tmp_path: Path, file: str) -> None:
    """A lost model file is a TrackerError of one line that names the file."""
    folder = copy_of_the_shipped_files(tmp_path)
    (folder / file).unlink()
    with pytest.raises(TrackerError, match=file) as caught:
        MiniLmEncoder(folder).encode([RAIN])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", ["encoder.onnx", "encoder.json", "tokenizer.json"])
def test_a_damaged_file_is_named_in_one_line(tmp_path: Path, file: str) -> None:
    """A model file cut short is a TrackerError of one line that names the file."""
    folder = copy_of_the_shipped_files(tmp_path)
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TrackerError, match=file) as caught:
        MiniLmEncoder(folder).encode([RAIN])
    assert "\n" not in str(caught.value)
