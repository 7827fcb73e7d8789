"""Who stands behind an entry."""

from collections.abc import Callable

import pytest

from tracker.domain.entry import Entry
from tracker.judging.sources import source_of


@pytest.mark.parametrize(
    ("publisher", "title", "summary", "source"),
    [
        ("AP via Harbour News", "Ferry sinks", "", "AP"),
        ("IANS/Xinhua via Morning Times", "Dam bursts", "", "IANS"),
        ("Island Post (Reuters)", "Dam bursts", "", "Reuters"),
        ("Valley Times (from NASA)", "Probe lands", "", "NASA"),
        ("Northern Blog (TASR copy)", "Count ends", "", "TASR"),
        ("Island Post (German edition)", "Dam bursts", "", "Island Post (German edition)"),
        ("A blog (blog quoting the Guardian)", "Strike ends", "", "Guardian"),
        ("Harbour News", "Ferry sinks", "MANILA (Reuters) - A ferry sank on Friday.", "Reuters"),
        ("Harbour News", "Merger called off", "Relays the Financial Courier: talks ended.", "Financial Courier"),
        ("Harbour News", "AP: ferry sinks", "", "AP"),
        ("Harbour News", "Ferry sinks", "Two dead, according to Xinhua.", "Xinhua"),
        ("The Courier", "Ferry sinks", "Nobody is credited here.", "Courier"),
        ("", "Ferry sinks", "", "unknown"),
    ],
)
def test_the_agency_stands_behind_what_an_outlet_relays(
    write: Callable[..., Entry], publisher: str, title: str, summary: str, source: str
) -> None:
    """An outlet that relays an agency is no source of its own; an edition or a language is no agency."""
    assert source_of(write(title, summary, publisher=publisher)) == source
