"""Whether the shipped models are there and run."""

from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel


def run_once() -> str:
    """Run every model on a word and return their versions. Raises TrackerError when a file is missing or damaged."""
    encoder, pair = MiniLmEncoder(), PairModel()
    encoder.encode(["ready"])
    pair.classify([("ready", "ready")])
    return f"{encoder.version}, {pair.version}"
