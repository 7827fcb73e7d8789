"""`tracker` and `python -m tracker`."""

from tracker.entrypoints.hangup import hold


def main() -> None:
    """Run the command line and exit with the documented code."""
    hold()
    from tracker.entrypoints.cli.main import main as run  # noqa: PLC0415 - to import it takes longer than all before

    run()


if __name__ == "__main__":
    main()
