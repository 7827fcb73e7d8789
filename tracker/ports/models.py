"""The models that the judge reads with; defined beside it, since judging imports nothing from up here."""

from tracker.judging.models import Encoder, PairClassifier

__all__ = ["Encoder", "PairClassifier"]
