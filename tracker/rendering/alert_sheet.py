"""A message laid out, before it has a form: text and HTML are both written from this, line by line."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["new", "changed", "doubted", "corrected", "settled"]
"""What a reader should feel at a glance: something new, a change, a doubt, a correction, peace."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words after a label, such as why something was judged so; or, with `quote`, words of an entry."""

    text: str
    label: str = ""
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A line that says what became of a value: `field: old → new`; one of the two may be missing."""

    field: str | None
    old: str | None
    new: str | None
    label: str = ""

    def __str__(self) -> str:
        values = " → ".join(value for value in (self.old, self.new) if value)
        return f"{self.field}: {values}" if self.field else values


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is told: of which claim, and its lines; `word`: what kind of thing, "" where the title says it."""

    word: str
    claim: str
    lines: tuple[Words | Change, ...]
    tone: Tone = "new"


@dataclass(frozen=True, slots=True)
class Item:
    """What one entry brought, with where it comes from (`whence`, `url`).

    `title` heads it where the message is on several; `name` is what its link is called. `language` is that of quotes.
    """

    points: tuple[Point, ...]
    whence: str = ""
    url: str | None = None
    title: str = ""
    name: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Items, or plain notes, under a heading; "" where there is no need of one."""

    heading: str
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What a message has on one story, or on no story. `title` "": there is only this part."""

    title: str
    sections: tuple[Section, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole message.

    `about` is the title of the one story it is on; `intro` comes before the parts, `outro` after them. `footer` says
    why the reader gets it and how to end it.
    """

    headline: str
    about: str
    intro: tuple[str, ...]
    parts: tuple[Part, ...]
    footer: tuple[str, ...]
    outro: tuple[str, ...] = ()
