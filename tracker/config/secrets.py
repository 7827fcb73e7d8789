"""Secrets are never values: they are references `env:NAME` or `file:PATH`, resolved when they are used."""

import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from tracker.errors import ConfigError

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
            raise ConfigError(f"secret {reference}: {reason(error)}") from error
    raise ConfigError("a secret is given as env:NAME or file:PATH, never as a value")


def anchored(reference: str, folder: Path) -> str:
    """Return a reference `file:PATH` with the whole path, a relative one being in `folder`; anything else as it is."""
    kind, _, name = reference.partition(":")
    if kind != "file" or not name:
        return reference
    path = Path(name).expanduser() if name.startswith("~/") else Path(name)
    return f"file:{folder.absolute() / path}"


def reason(error: Exception) -> str:
    """Return why a file could not be read."""
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else "not UTF-8 text"
