"""Views of the log: pure folds of events into rows."""

from tracker.projections.developments import Developments
from tracker.projections.health import Health
from tracker.projections.ledger import Ledger
from tracker.projections.projection import Projection
from tracker.projections.sources import Sources
from tracker.projections.stories import Stories
from tracker.projections.timeline import Timeline

ALL: tuple[Projection, ...] = (Stories(), Ledger(), Timeline(), Developments(), Sources(), Health())
"""Every projection, in the order in which they are folded."""
