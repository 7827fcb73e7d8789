"""What `tracker init` is to make, and whether it can be used; nothing is written here."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.config import Settings

TOKEN, KEY, PASSWORD = "page-token", "link-key", "mail-password"
"""The files beside the config file that hold what is secret; only their owner may read them."""
_LISTEN = "127.0.0.1:8377"
_SUBMISSION, _IMPLICIT = 587, 465
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(slots=True)
class Plan:
    """A config file that is not there yet, and the secrets that it names."""

    file: Path
    values: dict[str, str | int] = field(default_factory=dict)
    """By `section.key`; what is not named stays as it ships."""
    told: str | None = None
    """Who is told of every development, by mail."""
    secrets: dict[str, str | None] = field(default_factory=dict)
    """By name of a file: what goes into it, None for something drawn at random."""

    @property
    def text(self) -> str:
        """The config file."""
        from tracker.bootstrap import resource
        from tracker.config.form import filled

        template = (resource("config") / "tracker.toml").read_text(encoding="utf-8")
        return filled(template, str(self.file), self.values, self.told)

    def settings(self) -> "Settings":
        """Return the settings as every command will see them. Raises ConfigError."""
        from tracker.config import settings_in

        return settings_in(self.text, self.file, os.environ, {})

    def check(self) -> None:
        """Raise ConfigError or UsageError for what a worker would refuse; nothing is opened, nor any secret read."""
        from tracker.bootstrap import App

        self.settings()
        unsigned = {key: value for key, value in self.values.items() if not key.startswith("web.")}
        app = App(Plan(self.file, unsigned, self.told).settings())
        try:
            app.declared()
            _ = app.untouched
            if app.settings.mail.host:
                _ = app.mail
        finally:
            app.close()

    def database(self, said: str) -> None:
        """Keep the log there: an address, or the path of a file. Raises UsageError for an address with a password."""
        from urllib.parse import urlsplit

        if "://" not in said:
            said = f"sqlite:///{said}"
        if said.startswith("sqlite:///"):
            said = f"sqlite:///{Path(said.removeprefix('sqlite:///')).expanduser().absolute()}"
        elif urlsplit(said).password:
            raise UsageError(
                "a config file holds no password: put it into ~/.pgpass, or name it with database.password"
            )
        self.values["database.url"] = said

    def mail(self, said: str) -> None:
        """Send mails through `HOST` or `HOST:PORT`; the port says how the way there is kept from listeners."""
        host, _, port = said.rpartition(":") if said.count(":") == 1 else (said, "", str(_SUBMISSION))
        if not host or not port.isdecimal():
            raise UsageError(f"a mail server is HOST or HOST:PORT, not {said!r}")
        tls = "implicit" if int(port) == _IMPLICIT else "none" if host in _HERE else "starttls"
        self.values |= {"mail.host": host, "mail.port": int(port), "mail.tls": tls}

    def token(self) -> None:
        """Let who has a token write on the page."""
        self.values["serve.token"] = f"file:{TOKEN}"
        self.secrets[TOKEN] = None

    def public(self, url: str) -> None:
        """Let mails bear links to the worker, which readers reach there."""
        self.values |= {"web.public_url": url, "web.listen": _LISTEN, "web.key": f"file:{KEY}"}
        self.secrets[KEY] = None
