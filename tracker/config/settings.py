"""What can be set, with the defaults; each table of the config file is a struct."""

from typing import Literal

import msgspec


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the config file; unknown keys are refused."""


class Database(Section, frozen=True):
    """Where the log is kept. `url` None: a SQLite file in the user's data folder.

    `password`, a reference, is that of PostgreSQL's user; None: what the URL holds, or PostgreSQL's client finds.

    `listen`: on PostgreSQL, who follows the log is woken by LISTEN; without it the log is looked at each second, as it
    must be behind a pooler that lends a connection for one transaction.
    """

    url: str | None = None
    password: str | None = None
    listen: bool = True


class Worker(Section, frozen=True):
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


class Mail(Section, frozen=True):
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


class Webhook(Section, frozen=True):
    """How webhooks and chat messages are sent; `timeout` in seconds."""

    timeout: float = 20.0


class Opinion(Section, frozen=True):
    """A language model that is asked about findings of which the judge is not sure; `url` None: nobody is asked.

    `url` is the base of an OpenAI-compatible API, `key` a reference. `timeout` in seconds for one question; `calls`: at
    most so many questions a day, of all workers together; `longest`: characters that a question may quote. `settles`:
    a finding on which judge and model agree waits for nobody.
    """

    url: str | None = None
    model: str | None = None
    key: str | None = None
    timeout: float = 20.0
    calls: int = 100
    longest: int = 4000
    settles: bool = False


class Web(Section, frozen=True):
    """The worker's own web server; `listen` is `HOST:PORT`, None: there is none.

    `public_url`: where readers reach it, as links in mails need it; `key`, a reference, signs those links.
    """

    listen: str | None = None
    public_url: str | None = None
    key: str | None = None


class Serve(Section, frozen=True):
    """The page that `tracker serve` shows; `listen` is `HOST:PORT`.

    `token`, a reference: who has it may review and mark what they have read; None: the page is read only. `url`: where
    readers reach the page, as links in alerts and exports need it.
    """

    listen: str = "127.0.0.1:8378"
    token: str | None = None
    url: str | None = None


class Log(Section, frozen=True):
    """What the worker logs on stderr. `format` "auto": lines for people on a terminal, else one JSON object a line."""

    format: Literal["auto", "text", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class FeedEntry(Section, frozen=True):
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


class SubscriptionEntry(Section, frozen=True):
    """Somebody to tell; added when the worker starts, once. One of `email`, `webhook` and `chat`, a reference.

    `sources`: they are also told when a source fails, falls silent, moves or recovers; `endpoints`: when a way to
    somebody fails. The rest is what the options of those names are to `tracker subscription add`; waits are in seconds,
    or words like "5m". `id` tells several subscriptions of one address to the same story apart.
    """

    id: str | None = None
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


class Settings(Section, frozen=True):
    """Everything that can be set."""

    database: Database = Database()
    worker: Worker = Worker()
    mail: Mail = Mail()
    webhook: Webhook = Webhook()
    opinion: Opinion = Opinion()
    web: Web = Web()
    serve: Serve = Serve()
    log: Log = Log()
    feed: tuple[FeedEntry, ...] = ()
    subscription: tuple[SubscriptionEntry, ...] = ()
