"""Settings from their four sources: flags > TRACKER_* variables > config file > defaults."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tracker.config.check import check
from tracker.config.secrets import anchored, reason
from tracker.config.settings import (
    Database,
    FeedEntry,
    Log,
    Mail,
    Opinion,
    Section,
    Serve,
    Settings,
    SubscriptionEntry,
    Web,
    Webhook,
    Worker,
)
from tracker.errors import ConfigError
from tracker.rendering.near import near

_SECTIONS: dict[str, type[Section]] = {
    "database": Database,
    "worker": Worker,
    "mail": Mail,
    "webhook": Webhook,
    "opinion": Opinion,
    "web": Web,
    "serve": Serve,
    "log": Log,
}
_REPEATED = ("feed", "subscription")
_LISTED = "`tracker config show` lists what there is"
_REFERENCES = frozenset(("password", "login", "cookie", "proxy", "secret", "key", "chat", "token"))


def load(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return the settings. `path` None: `TRACKER_CONFIG`, or no file.

    Raises ConfigError, in one line that names the file or variable, for anything that cannot be used.
    """
    path = path or (Path(environ["TRACKER_CONFIG"]) if environ.get("TRACKER_CONFIG") else None)
    return settings_in(_read(path) if path else "", path or Path(), environ, overrides)


def settings_in(
    text: str, path: Path, environ: Mapping[str, str], overrides: Mapping[str, Mapping[str, Any]]
) -> Settings:
    """Return the settings where the config file holds `text`, which need not be there yet. Raises ConfigError."""
    settings = _convert(_anchored(_parsed(text, path), path.absolute().parent), str(path))
    settings = _overlay(settings, _from_environment(environ), "environment")
    settings = _overlay(settings, overrides, "command line")
    check(settings)
    return settings


def variables() -> dict[str, str]:
    """Return the environment variable of each setting, by `section.key`."""
    return {
        f"{section}.{field}": f"TRACKER_{section}_{field}".upper()
        for section, kind in _SECTIONS.items()
        for field in kind.__struct_fields__
    }


def shown(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain values for a person; references to secrets are shown, secrets never."""
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    url = plain["database"]["url"]
    if url and "@" in url:
        plain["database"]["url"] = _without_password(url)
    return plain


def _anchored(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a table of the config file whose references are found from whichever folder a worker is started."""
    return {name: _anchored_value(name, value, folder) for name, value in table.items()}


def _anchored_value(name: str, value: Any, folder: Path) -> Any:
    if name == "headers" and isinstance(value, dict):
        return {header: _anchored_value("secret", said, folder) for header, said in value.items()}
    if isinstance(value, dict):
        return _anchored(value, folder)
    if isinstance(value, list):
        return [_anchored_value(name, one, folder) for one in value]
    return anchored(value, folder) if name in _REFERENCES and isinstance(value, str) else value


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"config {path}: {reason(error)}") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    if not text:
        return {}
    import tomllib  # noqa: PLC0415 - there is a file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).rstrip(")").partition(" (at ")
        found = re.fullmatch(r"line (\d+), column (\d+)", place)
        line, column = found.groups() if found else (str(text.count("\n") + 1), "")
        where = f"line {line}, column {column}" if column else f"line {line}, the last"
        raise ConfigError(f"config {path}, {where}: {words}") from error


def _convert(table: Mapping[str, Any], origin: str) -> Settings:
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(f"config {origin}: {_unknown(str(error)) or error}") from error


def _unknown(refused: str) -> str | None:
    """Return what to say of a key that there is not, with those that come nearest; None where it is wrong otherwise."""
    found = re.fullmatch(r"Object contains unknown field `(.*?)`(?: - at `\$\.(\w+).*`)?", refused, re.DOTALL)
    if not found:
        return None
    key, section = found.groups()
    kinds: dict[str, type[Section]] = {**_SECTIONS, "feed": FeedEntry, "subscription": SubscriptionEntry}
    known = kinds[section].__struct_fields__ if section else Settings.__struct_fields__
    place = f"[[{section}]] has" if section in _REPEATED else f"[{section}] has" if section else "there is"
    return f"{place} no {'key' if section else 'section'} {ascii(key)[1:-1]}{near(key, known, _LISTED)}"


def _from_environment(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for name, variable in variables().items():
        if variable in environ:
            section, key = name.split(".")
            value = environ[variable]
            out.setdefault(section, {})[key] = value.split(",") if key == "allow_private" else value
    return out


def _overlay(settings: Settings, values: Mapping[str, Mapping[str, Any]], origin: str) -> Settings:
    for section, fields in values.items():
        merged = msgspec.to_builtins(getattr(settings, section)) | dict(fields)
        try:
            replaced = msgspec.convert(merged, _SECTIONS[section], strict=False)
        except msgspec.ValidationError as error:
            raise ConfigError(f"{_named(origin, section, fields)}: {error}") from error
        settings = msgspec.structs.replace(settings, **{section: replaced})
    return settings


def _named(origin: str, section: str, fields: Mapping[str, Any]) -> str:
    """Return where a bad value came from: the variables of that section that are set, or the command line."""
    names = variables()
    return ", ".join(names[f"{section}.{field}"] for field in fields) if origin == "environment" else origin


def _without_password(url: str) -> str:
    head, _, tail = url.rpartition("@")
    scheme, _, user = head.partition("://")
    return f"{scheme}://{user.split(':')[0]}@{tail}"
