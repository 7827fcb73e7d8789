"""The ways to the outside: the HTTP client, the channels over which people are told, the links in what they get.

With what the settings name for them: sources, subscriptions, secrets.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from tracker.bootstrap.store import Store
from tracker.config import secret
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.adapters.http.client import GuardedClient
    from tracker.adapters.notify.mail import MailNotifier
    from tracker.application.declared import Declared
    from tracker.application.second_opinion import SecondOpinion
    from tracker.application.unsubscribe import Links
    from tracker.ports.notify import Notifier


class Channels(Store):
    """A store with ways out of it, made on first use."""

    @cached_property
    def http(self) -> "GuardedClient":
        """The one HTTP client."""
        from tracker.adapters.http.client import GuardedClient

        worker = self.settings.worker
        return GuardedClient(
            allow=frozenset(worker.allow_private), timeout=worker.fetch_timeout, user_agent=worker.user_agent
        )

    @cached_property
    def notifiers(self) -> "Mapping[str, Notifier]":
        """The channels by name; mail is there only where a server is configured. Raises ConfigError."""
        from tracker.adapters.notify.chat import ChatNotifier
        from tracker.adapters.notify.webhook import WebhookNotifier

        timeout = self.settings.webhook.timeout
        channels: dict[str, Notifier] = {
            "webhook": WebhookNotifier(self.http, clock=self.clock, secret=secret, timeout=timeout),
            "chat": ChatNotifier(self.http, clock=self.clock, secret=secret, timeout=timeout),
        }
        if self.settings.mail.host is not None:
            channels["email"] = self.mail
        return channels

    @cached_property
    def mail(self) -> "MailNotifier":
        """The mail channel. Raises ConfigError."""
        from tracker.adapters.notify.mail import MailNotifier, MailServer

        link = self.links.link if self.links else None
        return MailNotifier(MailServer(**asdict(self.settings.mail)), clock=self.clock, secret=secret, link=link)

    @cached_property
    def opinion(self) -> "SecondOpinion | None":
        """What asks for a second opinion on unsure findings; None where nobody is to be asked."""
        wanted = self.settings.opinion
        if wanted.url is None or wanted.model is None:
            return None
        from tracker.adapters.opinion.chat import ChatAdviser
        from tracker.adapters.sql.opinions import SqlBudget
        from tracker.application.second_opinion import SecondOpinion

        adviser = ChatAdviser(
            self.http, wanted.url, wanted.model, key=wanted.key, secret=secret, timeout=wanted.timeout
        )  # fmt: skip
        return SecondOpinion(
            adviser, SqlBudget(self.engine), self.clock,
            calls=wanted.calls, longest=wanted.longest, settles=wanted.settles,
        )  # fmt: skip

    @cached_property
    def links(self) -> "Links | None":
        """What makes and takes the links that end subscriptions; None without a public address. Raises ConfigError."""
        from tracker.application.unsubscribe import Links

        web = self.settings.web
        return Links(web.public_url, secret(web.key or "").encode()) if web.public_url else None

    def declared(self) -> "Declared":
        """Return the feeds and subscriptions that the config file names. Raises ConfigError."""
        from tracker.application.declared import Declared, declared_feed, declared_subscription

        feeds = [declared_feed(**asdict(feed)) for feed in self.settings.feed]
        subscriptions = [declared_subscription(**asdict(entry)) for entry in self.settings.subscription]
        return Declared(feeds, subscriptions)

    def references(self) -> Iterator[tuple[str, str]]:
        """Yield each setting that is a reference to a secret, and is used, with it.

        Not `serve.token`: it is for the page, whose process may read what no worker can.
        """
        mail, opinion, web = self.settings.mail, self.settings.opinion, self.settings.web
        if mail.host and mail.password:
            yield "mail.password", mail.password
        if opinion.url and opinion.key:
            yield "opinion.key", opinion.key
        if web.public_url and web.key:
            yield "web.key", web.key

    def check_channels(self) -> None:
        """Raise ConfigError, which names the setting, for a secret that cannot be read or a channel that cannot be.

        Else it would be told only when a message is due, and whoever waits for it would hear nothing.
        """
        for setting, reference in (*self.references(), *self.declared().references()):
            try:
                secret(reference)
            except ConfigError as error:
                raise ConfigError(f"{setting}: {error}") from error
        _ = self.notifiers

    def close(self) -> None:
        """Give back connections."""
        for part in self._made("http", "mail"):
            part.close()
        super().close()

    def _made(self, *names: str) -> Iterator[Any]:
        return (self.__dict__[name] for name in names if name in self.__dict__)
