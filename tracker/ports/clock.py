"""The clock is a function handed in: replay and demo run the very same code under a simulated one."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware and in UTC."""
