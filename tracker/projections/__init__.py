"""Views of the log: pure folds of events into rows."""

from tracker.projections.developments import Developments
from tracker.projections.health import Health
from tracker.projections.ledger import Ledger
from tracker.projections.projection import Projection
from tracker.projections.sources import Sources
from tracker.projections.stories import Stories
from tracker.projections.timeline import Timeline

INLINE: tuple[Projection, ...] = (Stories(), Ledger(), Health())
"""What is asked right after a write, and small: folded where the events are recorded."""

ALL: tuple[Projection, ...] = (*INLINE, Timeline(), Developments(), Sources())
"""Every projection, in the order in which they are folded."""
