"""A SIGHUP during the start waits until it is known what the command makes of it; by default it ends a process.

Whoever changes the settings of a worker does not know how far its start has come. The system keeps the signal.
"""

import signal

_ONE = (signal.SIGHUP,)


def hold() -> None:
    """Let a SIGHUP wait from now on; for the first moment of a process, before anything that takes its time."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ONE)


def let_through() -> None:
    """Let a SIGHUP do what it does, also one that waits."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ONE)
