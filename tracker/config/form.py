"""The config file that ships, filled in: every word in a new one is of that file, so that the two cannot differ."""

import json
import re
from collections.abc import Mapping

_HEADING = re.compile(r"\[(\w+)\]")
_SETTING = re.compile(r"(# )?(\w+) = ")


def filled(template: str, name: str, values: Mapping[str, str | int], told: str | None = None) -> str:
    """Return a config file to be called `name` with values by `section.key`; what is not named stays as it ships.

    The sources and readers of the template are left out; `told` is a mail address that is told of every development.
    """
    kept = [part for part in template.split("\n\n") if not re.search(r"^\[\[", part, re.MULTILINE)]
    text = "\n\n".join(kept).replace("config/tracker.toml", name).rstrip()
    if told is not None:
        text += f"\n\n[[subscription]]\nemail = {_literal(told)}"
    return "\n".join(_with(text.splitlines(), values)) + "\n"


def _with(lines: list[str], values: Mapping[str, str | int]) -> list[str]:
    """Return the lines with each value at the place where its setting stands, or below the example of it."""
    places = _places(lines)
    for key in sorted(values, key=lambda key: places[key], reverse=True):
        at, setting = places[key], f"{key.partition('.')[2]} = {_literal(values[key])}"
        if lines[at].startswith("#"):
            lines.insert(at + 1, setting)
        else:
            lines[at] = setting
    return lines


def _places(lines: list[str]) -> dict[str, int]:
    """Return by `section.key` the last line that holds the setting, or an example of it."""
    places, section = {}, ""
    for number, line in enumerate(lines):
        if heading := _HEADING.fullmatch(line):
            section = heading[1]
        elif setting := _SETTING.match(line):
            places[f"{section}.{setting[2]}"] = number
    return places


def _literal(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)  # a basic string of TOML is written as one of JSON
