"""Write docs/reference/cli.md, configuration.md and api.md from the program itself.

usage: python docs/make_reference.py      (or: make reference)
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import click
import msgspec

from tracker import errors
from tracker.config import FeedEntry, Settings, SubscriptionEntry, variables
from tracker.entrypoints.cli.main import INTERRUPTED, cli
from tracker.entrypoints.cli.status import NEWS
from tracker.entrypoints.cli.worker import PARTLY
from tracker.entrypoints.web.api.answers import JSON
from tracker.entrypoints.web.api.openapi import openapi

ROOT = Path(__file__).parents[1]
WIDTH = 100
NOTE = (
    "<!-- Written by docs/make_reference.py (make reference): change the program or config/tracker.toml, not this. -->"
)
CLI = """# Commands

Data goes to stdout, everything else to stderr: errors in one line, hints, progress. `tracker COMMAND --help` prints
what stands here. JSON carries `schema_version`; times in JSON are RFC 3339 in UTC."""
CONFIGURATION = """# Configuration

Flags (`--config`, `--database-url`) go before `TRACKER_*` variables, those before the config file, that before the
defaults. The config file is TOML, named by `tracker --config FILE ...` or `TRACKER_CONFIG=FILE`; else none is read.
[config/tracker.toml](../../config/tracker.toml) shows every setting at its default, and feeds and subscriptions as
examples. An unknown key is refused. `tracker config show` prints what is in force.

A secret (`mail.password`, a subscription's `secret`) is never written down: it is a reference, `env:NAME` or
`file:PATH`, looked up when it is used; a relative PATH in the config file is relative to that file. Neither
`tracker run` nor `tracker poll` starts while one that its settings name cannot be read (exit code 2).
`TRACKER_WORKER_ALLOW_PRIVATE` takes several values parted by commas."""
API = """# JSON API

Under `/api/v1` of `tracker serve`. `tracker serve --get /api/v1/openapi.json` prints the description in OpenAPI 3.1
from which this page is made, and `--get` any other answer, without a server.

{about}

```sh
curl -s http://localhost:8378/api/v1/stories
curl -s 'http://localhost:8378/api/v1/stories/western-instructors/developments?kind=update&limit=5'
curl -s -X POST http://localhost:8378/api/v1/review/133 -H "Authorization: Bearer $(cat page-token)" \\
    -H 'Tracker-Reader: Ada' -H 'Content-Type: application/json' -d '{{"verdict": "confirmed"}}'
```

Refusals are problem details of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).

| status | meaning |
| --- | --- |
{refusals}"""
TABLES: dict[str, type[msgspec.Struct]] = {"feed": FeedEntry, "subscription": SubscriptionEntry}


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (ROOT / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return each page's text by its path in the project."""
    return {
        "docs/reference/cli.md": cli_page(),
        "docs/reference/configuration.md": configuration_page(),
        "docs/reference/api.md": api_page(),
    }


def cli_page() -> str:
    """Return the page of all commands, as their own help describes them."""
    described = [_described(path, command) for path, command in commands(cli, "tracker")]
    return "\n\n".join([NOTE, CLI, _exit_codes(), _described("tracker", cli), *described]) + "\n"


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def configuration_page() -> str:
    """Return the page of all settings: names, variables and defaults of the model, words of config/tracker.toml."""
    said = _comments((ROOT / "config" / "tracker.toml").read_text(encoding="utf-8"))
    types = get_type_hints(Settings)
    parts = [NOTE, CONFIGURATION]
    for section in dict.fromkeys(name.split(".")[0] for name in variables()):
        rows = _rows(section, types[section], said)
        head = "| setting | variable | default | what it does |\n| --- | --- | --- | --- |\n"
        parts.append(f"## [{section}]\n\n{head}{rows}")
    for name, kind in TABLES.items():
        keys = ", ".join(f"`{field.name}`" + (" (required)" if field.required else "") for field in _fields(kind))
        parts.append(f"## [[{name}]]\n\n{_sentence(kind.__doc__)} Keys: {keys}.")
    return "\n\n".join(parts) + "\n"


def api_page() -> str:
    """Return the page of the JSON API, as its OpenAPI document describes it."""
    document = openapi()
    parts = document["components"]
    refusals = "\n".join(f"| {status} | {said['description']} |" for status, said in parts["responses"].items())
    asked = [
        _operation(method.upper(), path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    held = [_schema(name, schema) for name, schema in sorted(parts["schemas"].items()) if name != "Page"]
    head = API.format(about=document["info"]["description"], refusals=refusals)
    return "\n\n".join([NOTE, head, "## What can be asked", *asked, "## Documents", *held]) + "\n"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "\n".join(
        f"| `{one['name']}` | {one['in']} | {_kind(one['schema'])} | {one['description']} |"
        for one in operation.get("parameters", ())
        if one["name"] not in {"limit", "cursor"}
    )
    table = f"\n\n| parameter | in | takes | what it does |\n| --- | --- | --- | --- |\n{rows}" if rows else ""
    paged = " In pages." if any(one["name"] == "cursor" for one in operation.get("parameters", ())) else ""
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    taken = f" Takes {_kind(body)}." if body else ""
    (answer,) = operation["responses"]["200"]["content"].values()
    summary = operation["summary"].removesuffix(".")
    return f"### {method} {path}\n\n{summary}.{paged}{taken} Returns {_kind(answer['schema'])}.{table}"


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = "\n".join(
        f"| `{field}` | {_kind(of)} | {of.get('description', '')} |" for field, of in schema["properties"].items()
    )
    said = " ".join(schema.get("description", "").split())
    return f"### {name}\n\n{said}\n\n| field | holds | what it is |\n| --- | --- | --- |\n{rows}"


def _kind(schema: dict[str, Any]) -> str:
    """Return in words what a schema takes."""
    match schema:
        case {"$ref": reference}:
            name = str(reference).rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        case {"allOf": [first, *_]}:
            return _kind(first)
        case {"enum": words}:
            return ", ".join(f"`{word}`" for word in words)
        case {"anyOf": several}:
            return " or ".join(dict.fromkeys(_kind(one) for one in several))
        case {"type": "array", "items": item}:
            return f"list of {_kind(item)}"
        case {"type": "object", "additionalProperties": dict(item)}:
            return f"{_kind(item)} by name"
        case _:
            return str(schema.get("const") or schema.get("format") or schema.get("type", "anything"))


def _described(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path, terminal_width=WIDTH, help_option_names=["-h", "--help"])
    return f"## {path}\n\n```text\n{command.get_help(context).strip()}\n```"


def _exit_codes() -> str:
    rows = (
        (0, "done"),
        (
            errors.TrackerError.exit_code,
            "failed: a source, the database, another worker at work, a log that does not verify",
        ),
        (errors.UsageError.exit_code, "usage or configuration: an option, a setting, a seed that cannot be used"),
        (errors.NotFound.exit_code, "nothing matched the name that was given"),
        (
            PARTLY,
            "partly done: a feed or an alert failed, an event fits no view, a file still holds erased words",
        ),
        (errors.DeadlineExceeded.exit_code, "timed out; no command ends so yet"),
        (NEWS, "`tracker status --exit-code`: there is news"),
        (INTERRUPTED, "interrupted with Ctrl-C"),
    )
    table = "\n".join(f"| {code} | {meaning} |" for code, meaning in rows)
    return f"## Exit codes\n\n| code | meaning |\n| --- | --- |\n{table}"


def _rows(section: str, kind: type[msgspec.Struct], said: dict[str, str]) -> str:
    names = variables()
    rows = ((field, f"{section}.{field.name}") for field in _fields(kind))
    return "\n".join(f"| `{field.name}` | `{names[at]}` | {_default(field)} | {said[at]} |" for field, at in rows)


def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default
    return "none" if value in (None, ()) else f"`{value}`"


def _comments(text: str) -> dict[str, str]:
    """Return what the config file says above each setting, and behind one that is only shown as an example."""
    section = ""
    above: list[str] = []
    found: dict[str, str] = {}
    for line in text.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            section, above = header[1], []
        elif key := re.match(r"(?:# )?(\w+) = ([^#]*)", line):
            example = f"E.g. `{key[2].strip()}`." if line.startswith("#") else ""
            found.setdefault(f"{section}.{key[1]}", " ".join(filter(None, (*above, example))))
            above = []
        else:
            above = [*above, line.removeprefix("#").strip()] if line.startswith("#") else []
    return found


def _sentence(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


if __name__ == "__main__":
    main()
