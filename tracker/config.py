"""Settings: flags > TRACKER_* variables > config file > defaults; frozen once read.

Every setting `section.key` has the variable `TRACKER_SECTION_KEY` (`TRACKER_DATABASE_URL`). Secrets are never values:
they are references `env:NAME` or `file:PATH`, resolved when they are used. A PATH in a config file is relative to its
folder.
"""

import os
import re
import tomllib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from tracker.errors import ConfigError


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the config file; unknown keys are refused."""


class Database(_Section, frozen=True):
    """Where the log is kept. `url` None: a SQLite file in the user's data folder.

    `listen`: on PostgreSQL, who follows the log is woken by LISTEN; without it the log is looked at each second, as it
    must be behind a pooler that lends a connection for one transaction.
    """

    url: str | None = None
    listen: bool = True


class Worker(_Section, frozen=True):
    """How the worker polls. Times in seconds; `allow_private` lists `host:port` (or "loopback") that may be private.

    A feed is polled as often as it brings something, between `feed_interval` and `longest_interval`; one host is asked
    for one thing at a time, with `host_gap` between.

    `lost_after`: on PostgreSQL, how long a worker may be silent before others do its jobs; the same on all machines.
    """

    tick: float = 15.0
    lost_after: float = 30.0
    feed_interval: float = 900.0
    longest_interval: float = 86_400.0
    host_gap: float = 1.0
    fetch_timeout: float = 30.0
    fetchers: int = 8
    allow_private: tuple[str, ...] = ()
    user_agent: str = "tracker (+https://github.com/story-tracker/tracker)"


class Mail(_Section, frozen=True):
    """The mail server that sends alerts; `host` None: no mail is sent. `password` is a reference.

    `unsubscribe`: the address of a person who ends subscriptions when asked to by mail.
    """

    host: str | None = None
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    username: str | None = None
    password: str | None = None
    sender: str = "tracker@localhost"
    unsubscribe: str | None = None
    timeout: float = 20.0


class Webhook(_Section, frozen=True):
    """How webhooks and chat messages are sent; `timeout` in seconds."""

    timeout: float = 20.0


class Web(_Section, frozen=True):
    """The worker's own web server; `listen` is `HOST:PORT`, None: there is none.

    `public_url`: where readers reach it, as links in mails need it; `key`, a reference, signs those links.
    """

    listen: str | None = None
    public_url: str | None = None
    key: str | None = None


class Log(_Section, frozen=True):
    """What the worker logs on stderr. `format` "auto": lines for people on a terminal, else one JSON object a line."""

    format: Literal["auto", "text", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class FeedEntry(_Section, frozen=True):
    """A source to follow; added when the worker starts, once, and asked from then on as it says here.

    `headers` is a table. `login` (user:password), `cookie` and `proxy` are references, a proxy without a password may
    be an address; `article`: the page of each entry is read, too.
    """

    url: str
    name: str | None = None
    story: str | None = None
    user_agent: str | None = None
    headers: dict[str, str] = {}
    login: str | None = None
    cookie: str | None = None
    proxy: str | None = None
    article: bool = False


class SubscriptionEntry(_Section, frozen=True):
    """Somebody to tell; added when the worker starts, once. One of `email`, `webhook` and `chat`, a reference.

    `sources`: they are also told when a source fails, falls silent, moves or recovers; `endpoints`: when a way to
    somebody fails. The rest is what the options of those names are to `tracker subscription add`; waits are in seconds,
    or words like "5m".
    """

    email: str | None = None
    webhook: str | None = None
    chat: str | None = None
    story: str | None = None
    secret: str | None = None
    sources: bool = False
    person: str | None = None
    endpoints: bool = False
    kind: tuple[str, ...] = ()
    standing: str | None = None
    claim: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    every: str | None = None
    at: str | None = None
    day: str | None = None
    zone: str | None = None
    quiet: str | None = None
    urgent: tuple[str, ...] = ()
    group_wait: str | float | None = None
    group_interval: str | float | None = None


class Settings(_Section, frozen=True):
    """Everything that can be set."""

    database: Database = Database()
    worker: Worker = Worker()
    mail: Mail = Mail()
    webhook: Webhook = Webhook()
    web: Web = Web()
    log: Log = Log()
    feed: tuple[FeedEntry, ...] = ()
    subscription: tuple[SubscriptionEntry, ...] = ()


_SECTIONS: dict[str, type[_Section]] = {
    "database": Database,
    "worker": Worker,
    "mail": Mail,
    "webhook": Webhook,
    "web": Web,
    "log": Log,
}

_REFERENCES = frozenset(("password", "login", "cookie", "proxy", "secret", "key", "chat"))
_PUBLIC = r"(?a)(https://[\w.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?(/[\w./~-]{0,200})?"
_PORTS = 65_535
_SHORTEST = 0.01
_LONGEST = 604_800.0  # seconds, a week: what is longer is a slip, and some of it would overflow a clock


def load(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return the settings. `path` None: `TRACKER_CONFIG`, or no file.

    Raises ConfigError, in one line that names the file or variable, for anything that cannot be used.
    """
    path = path or (Path(environ["TRACKER_CONFIG"]) if environ.get("TRACKER_CONFIG") else None)
    table = _anchored(_read(path), path.absolute().parent) if path else {}
    settings = _convert(table, str(path))
    settings = _overlay(settings, _from_environment(environ), "environment")
    settings = _overlay(settings, overrides, "command line")
    _check(settings)
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


_SEEN: set[str] = set()
_TOO_SHORT = 4
"""Characters from which on a secret can be told from other words."""


def secret(reference: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the secret behind `env:NAME` or `file:PATH`.

    Raises ConfigError when it is neither, or when there is nothing behind it.
    """
    found = _behind(reference, os.environ if environ is None else environ)
    if found not in _SEEN:
        _SEEN.update(one for one in _forms(found) if len(one) >= _TOO_SHORT)
    return found


def seen_secrets() -> tuple[str, ...]:
    """Return the secrets that were looked up so far, in each form in which they are sent, longest first."""
    return tuple(sorted(_SEEN.copy(), key=len, reverse=True))


def _forms(value: str) -> Iterator[str]:
    """Yield what must not be shown of a secret: itself, as part of an address, as a login, the password of a login."""
    yield value
    yield quote(value, safe="")
    yield b64encode(value.encode()).decode()
    user, colon, password = value.partition(":")
    if user and colon and not password.startswith("//"):
        yield password


def _behind(reference: str, environ: Mapping[str, str]) -> str:
    kind, _, name = reference.partition(":")
    if kind == "env" and name:
        if not environ.get(name):
            raise ConfigError(f"secret {reference}: the variable {name} is not set")
        return environ[name]
    if kind == "file" and name:
        try:
            return Path(name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"secret {reference}: {_reason(error)}") from error
    raise ConfigError("a secret is given as env:NAME or file:PATH, never as a value")


def address(listen: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`, an IPv6 host being in brackets. Raises ConfigError."""
    host, _, port = listen.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not bare or (":" in bare) != (bare != host) or not (port.isascii() and port.isdigit() and int(port) <= _PORTS):
        raise ConfigError(f"config: web.listen is HOST:PORT, such as 127.0.0.1:8377, not {listen!r}")
    return bare, int(port)


def anchored(reference: str, folder: Path) -> str:
    """Return a reference `file:PATH` with the whole path, a relative one being in `folder`; anything else as it is."""
    kind, _, name = reference.partition(":")
    if kind != "file" or not name:
        return reference
    path = Path(name).expanduser() if name.startswith("~/") else Path(name)
    return f"file:{folder.absolute() / path}"


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


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"config {path}: {_reason(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"config {path}: {error}") from error


def _reason(error: Exception) -> str:
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else "not UTF-8 text"


def _convert(table: Mapping[str, Any], origin: str) -> Settings:
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(f"config {origin}: {error}") from error


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


def _check(settings: Settings) -> None:
    for name, number, least, most in _ranges(settings):
        if not least <= number <= most:
            raise ConfigError(f"config: {name} is from {least:g} to {most:g}, not {number:g}")
    for name, text in (("worker.user_agent", settings.worker.user_agent), ("mail.sender", settings.mail.sender)):
        if not text.isascii() or not text.isprintable():
            raise ConfigError(f"config: {name} is printable ASCII, not {text!r}")
    if settings.web.listen is not None:
        address(settings.web.listen)
    for entry in settings.subscription:
        if (entry.email, entry.webhook, entry.chat).count(None) != 2:  # noqa: PLR2004 - of three
            raise ConfigError("config: a [[subscription]] has one of email, webhook and chat")
    _check_ways_out(settings)


def _check_ways_out(settings: Settings) -> None:
    """Raise ConfigError where a mail would bear a link, or an address, that ends nothing."""
    contact, url = settings.mail.unsubscribe, settings.web.public_url
    if contact is not None and not re.fullmatch(r"(?a)[\w.+-]+@[\w.-]+", contact):
        raise ConfigError(f"config: mail.unsubscribe {contact!r} is no mail address")
    if url is not None and not re.fullmatch(_PUBLIC, url):
        raise ConfigError(f"config: web.public_url is an address of the form https://host/path, not {url!r}")
    if url is not None and settings.web.key is None:
        raise ConfigError("config: web.public_url needs web.key, which signs the links: env:NAME or file:PATH")


def _ranges(settings: Settings) -> tuple[tuple[str, float, float, float], ...]:
    """Return each number with its name, the least and the most that it may be."""
    worker, mail = settings.worker, settings.mail
    return (
        ("worker.tick", worker.tick, _SHORTEST, _LONGEST),
        ("worker.lost_after", worker.lost_after, 1, _LONGEST),
        ("worker.feed_interval", worker.feed_interval, _SHORTEST, _LONGEST),
        ("worker.longest_interval", worker.longest_interval, _SHORTEST, _LONGEST),
        ("worker.host_gap", worker.host_gap, 0, _LONGEST),
        ("worker.fetch_timeout", worker.fetch_timeout, _SHORTEST, _LONGEST),
        ("worker.fetchers", worker.fetchers, 1, 256),
        ("mail.port", mail.port, 1, _PORTS),
        ("mail.timeout", mail.timeout, _SHORTEST, _LONGEST),
        ("webhook.timeout", settings.webhook.timeout, _SHORTEST, _LONGEST),
    )


def _without_password(url: str) -> str:
    head, _, tail = url.rpartition("@")
    scheme, _, user = head.partition("://")
    return f"{scheme}://{user.split(':')[0]}@{tail}"
