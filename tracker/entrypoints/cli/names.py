"""Types of arguments and options that take an id or a file: a shell completes them."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tracker.adapters.sql.bare import Names

Kind = Literal["stories", "claims", "feeds", "subscriptions"]

_ONE_WORD = re.compile(r"[\w.:/@%+,=~-]+")
"""What a shell takes as one word and nothing else: ids hold what their authors wrote."""
_LONGEST = 60


class Id(click.ParamType[str]):
    """An id of something that the database holds; whether it does is for the command to say."""

    name = "text"

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        """Return the ids that begin so, none where no database answers."""
        del param
        from click.shell_completion import CompletionItem

        from tracker.rendering.plain import line

        found: list[tuple[str, str]] = []
        with suppress(Exception):  # a shell waits at its prompt: there is nobody to tell
            found = _known(self._kind, ctx)
        return [
            CompletionItem(identity, help=line(words, _LONGEST) or None)
            for identity, words in found
            if identity.startswith(incomplete) and _ONE_WORD.fullmatch(identity)
        ]


class File(click.ParamType[str]):
    """A file, or - or an address where the command takes one."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        """Leave it to the shell."""
        del ctx, param
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


STORY, CLAIM, FEED, SUBSCRIPTION = Id("stories"), Id("claims"), Id("feeds"), Id("subscriptions")
FILE = File()


def _known(kind: Kind, ctx: click.Context) -> list[tuple[str, str]]:
    names = _names(ctx.find_root().params)
    if kind == "claims":
        return [found for story in _stories(names, ctx.params) for found in names.claims(story)]
    return list(getattr(names, kind)())


def _stories(names: "Names", typed: dict[str, Any]) -> Iterable[str]:
    """Return the story that was typed already, or the only one."""
    story = typed.get("story_id") or typed.get("story")
    if story:
        return (story,)
    every = [identity for identity, _ in names.stories()]
    return every if len(every) == 1 else ()


def _names(options: dict[str, Any]) -> "Names":
    from tracker.bootstrap import App
    from tracker.entrypoints.cli.context import Context

    return App(Context.of(**options).settings()).names
