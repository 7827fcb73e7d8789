"""Whether what is set can be used."""

import re

from tracker.config.settings import Opinion, Settings
from tracker.errors import ConfigError

_PUBLIC = r"(?a)(https://[\w.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?(/[\w./~-]{0,200})?"
_PORTS = 65_535
_SHORTEST = 0.01
_LONGEST = 604_800.0  # seconds, a week: what is longer is a slip, and some of it would overflow a clock


def address(listen: str, setting: str = "web.listen") -> tuple[str, int]:
    """Return host and port of `HOST:PORT`, an IPv6 host being in brackets. Raises ConfigError."""
    host, _, port = listen.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not bare or (":" in bare) != (bare != host) or not (port.isascii() and port.isdigit() and int(port) <= _PORTS):
        raise ConfigError(f"config: {setting} is HOST:PORT, such as 127.0.0.1:8377, not {listen!r}")
    return bare, int(port)


def check(settings: Settings) -> None:
    """Raise ConfigError for what is out of range or does not go together."""
    for name, number, least, most in _ranges(settings):
        if not least <= number <= most:
            raise ConfigError(f"config: {name} is from {least:g} to {most:g}, not {number:g}")
    for name, text in (("worker.user_agent", settings.worker.user_agent), ("mail.sender", settings.mail.sender)):
        if not text.isascii() or not text.isprintable():
            raise ConfigError(f"config: {name} is printable ASCII, not {text!r}")
    if settings.web.listen is not None:
        address(settings.web.listen)
    address(settings.serve.listen, "serve.listen")
    for entry in settings.subscription:
        if (entry.email, entry.webhook, entry.chat).count(None) != 2:  # noqa: PLR2004 - of three
            raise ConfigError("config: a [[subscription]] has one of email, webhook and chat")
    _check_ways_out(settings)
    _check_opinion(settings.opinion)


def _check_opinion(opinion: Opinion) -> None:
    """Raise ConfigError where the model cannot be asked, or a key would travel open."""
    url = opinion.url
    if url is None:
        return
    if not re.fullmatch(r"(?a)https?://[\w.\[\]:-]+(/[\w./~-]{0,200})?", url):
        raise ConfigError(f"config: opinion.url is an address of the form https://host/v1, not {url!r}")
    if opinion.model is None:
        raise ConfigError("config: opinion.url needs opinion.model, the name of the model that is asked")
    if opinion.key is not None and not re.fullmatch(_PUBLIC, url):
        raise ConfigError("config: opinion.key is sent over https, or to this machine, only")


def _check_ways_out(settings: Settings) -> None:
    """Raise ConfigError where a mail would bear a link, or an address, that ends nothing."""
    contact, url = settings.mail.unsubscribe, settings.web.public_url
    if contact is not None and not re.fullmatch(r"(?a)[\w.+-]+@[\w.-]+", contact):
        raise ConfigError(f"config: mail.unsubscribe {contact!r} is no mail address")
    if url is not None and not re.fullmatch(_PUBLIC, url):
        raise ConfigError(f"config: web.public_url is an address of the form https://host/path, not {url!r}")
    if settings.serve.url is not None and not re.fullmatch(_PUBLIC, settings.serve.url):
        raise ConfigError(f"config: serve.url is an address of the form https://host/path, not {settings.serve.url!r}")
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
        ("opinion.timeout", settings.opinion.timeout, _SHORTEST, 60),
        ("opinion.calls", settings.opinion.calls, 1, 1_000_000),
        ("opinion.longest", settings.opinion.longest, 100, 100_000),
    )
