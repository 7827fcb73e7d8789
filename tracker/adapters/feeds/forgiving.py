"""feedparser, of which a fault in one of its handlers costs an element and not the feed.

Some of its handlers for places, chapters, media and licences, none of which we need, raise at what feeds really hold,
and `feedparser.parse` lets them. Its strict parser here gives way to its loose one at a fault, as it does where a
document is not well-formed, and its loose one goes on. It looks for no addresses of authors: the time that takes grows
as the square of their length.
"""

from collections.abc import Callable
from typing import Any
from xml.sax import SAXException

import feedparser
from feedparser import api

Method = Callable[..., Any]


def _giving_way(method: Method) -> Method:
    def call(*args: Any) -> Any:
        try:
            return method(*args)
        except SAXException:
            raise
        except Exception as error:
            raise SAXException(f"{type(error).__name__} of a library") from error

    return call


def _going_on(method: Method) -> Method:
    def call(*args: Any) -> Any:
        try:
            return method(*args)
        except Exception:  # noqa: BLE001 - whatever it is, the rest of the document is worth more
            return None

    return call


def _variant(parser: type, wrap: Callable[[Method], Method], *names: str) -> type:
    methods: dict[str, Any] = {name: wrap(getattr(parser, name)) for name in names}
    return type(parser.__name__, (parser,), methods | {"_sync_author_detail": lambda *_: None})


api.StrictFeedParser = _variant(
    api.StrictFeedParser, _giving_way, "startPrefixMapping", "startElementNS", "characters", "endElementNS"
)
api.LooseFeedParser = _variant(
    api.LooseFeedParser,
    _going_on,
    "unknown_starttag",
    "unknown_endtag",
    "handle_charref",
    "handle_entityref",
    "handle_data",
)
parse: Method = feedparser.parse
