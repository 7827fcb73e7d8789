"""A document of whatever format to what it holds; runs in a process apart."""

from dataclasses import replace
from datetime import datetime

from tracker.adapters.feeds.item import Channel
from tracker.adapters.feeds.jsonfeed import read_json
from tracker.adapters.feeds.limits import MORE_ENTRIES, first_entries, refuse_monsters
from tracker.adapters.feeds.rss import read_xml
from tracker.adapters.feeds.sniff import is_empty, is_json
from tracker.errors import NotAFeed
from tracker.ports.feeds import Fetched


def read(fetched: Fetched, seen: datetime) -> Channel:
    """Return what a document holds, in its own order. Raises NotAFeed, never anything else."""
    if is_empty(fetched.body):
        raise NotAFeed("empty answer")
    json = is_json(fetched.body)
    body = fetched.body if json else first_entries(fetched.body)
    refuse_monsters(body)
    try:
        channel = read_json(fetched, seen) if json else read_xml(replace(fetched, body=body), seen)
    except NotAFeed:
        raise
    except Exception as error:  # no document of a stranger may stop the others, whatever it provokes in a library
        raise NotAFeed(f"a document that cannot be read ({type(error).__name__})") from error
    return channel if len(body) == len(fetched.body) else replace(channel, complaint=MORE_ENTRIES)
