"""`python -m tracker`."""

from tracker.entrypoints.cli.main import main

main()
