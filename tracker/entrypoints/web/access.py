"""Who may write: whoever has the token. People sign in with a name and the token, programs send it with each request.

A session is a signed cookie and nothing else: no list of users or sessions is kept. The key is derived from the token,
so another token ends every session.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit

from itsdangerous import BadData, Signer, URLSafeSerializer
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.config import Serve, secret
from tracker.entrypoints.web.tries import Tries
from tracker.errors import ConfigError, UsageError
from tracker.ports.clock import Clock
from tracker.rendering.plain import line

LASTS = timedelta(days=7)
"""How long somebody stays signed in."""
SHORTEST = 16
"""Bytes that a token has at least."""
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. `name` None: nobody in particular, who may read; `csrf` proves that a form came from our own page."""

    name: str | None = None
    csrf: str = ""

    @property
    def may_write(self) -> bool:
        """Whether reviews and marks may be made."""
        return self.name is not None


NOBODY = Visitor()


class Access:
    """What is asked before anything is written."""

    def __init__(self, serve: Serve, clock: Clock) -> None:
        """Raise ConfigError for a token that cannot be used."""
        try:
            token = secret(serve.token).encode() if serve.token else None
        except ConfigError as error:
            raise ConfigError(f"serve.token: {error}; `tracker doctor` says how to make one") from error
        if token is not None and len(token) < SHORTEST:
            raise ConfigError(f"serve.token is shorter than {SHORTEST} bytes; make one with: openssl rand -base64 24")
        self._token = token
        self._key = hmac.digest(token or b"", b"tracker serve", sha256)
        self._sessions = URLSafeSerializer(self._key, salt="tracker.session", signer_kwargs={"digest_method": sha256})
        self._forms = Signer(self._key, salt=b"tracker.form", digest_method=sha256)
        self._clock = clock
        self._tries = Tries(clock)
        self._public = _origin(serve.url) if serve.url else None
        self._secure = self._public is not None and self._public.startswith("https:")
        self._cookie = "__Host-tracker" if self._secure else "tracker"

    @property
    def writable(self) -> bool:
        """Whether there is a token, so that anybody may write at all."""
        return self._token is not None

    def visitor(self, asked: HTTPConnection) -> Visitor:
        """Return who asks, by the cookie of a session that has neither been changed nor become too old."""
        session = asked.cookies.get(self._cookie)
        if session is None or self._token is None:
            return NOBODY
        try:
            name, since = self._sessions.loads(session)
        except (BadData, ValueError, TypeError):
            return NOBODY
        if self._now() - since >= LASTS.total_seconds():
            return NOBODY
        return Visitor(name, self._forms.get_signature(session).decode())

    def sign_in(self, answer: Response, name: str) -> None:
        """Begin a session for somebody who has shown the token: the answer takes it to the browser."""
        self._set(answer, self._sessions.dumps((name, self._now())), int(LASTS.total_seconds()))

    def sign_out(self, answer: Response) -> None:
        """End a session in the browser."""
        self._set(answer, "", 0)

    def check(self, asked: HTTPConnection, token: str) -> None:
        """Raise HTTPException: 401 where it is not the token, 403 where there is none, 429 after too many tries."""
        if self._token is None:
            raise HTTPException(HTTPStatus.FORBIDDEN, "This page is read only: serve.token is not set.")
        right = hmac.compare_digest(*(sha256(one).digest() for one in (token.encode("utf-8", "replace"), self._token)))
        wait = self._tries.take(asked.client.host if asked.client else "", right=right)
        if wait:
            words = f"Too many wrong tries; please try again in {wait} seconds."
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, words, {"Retry-After": str(wait)})
        if not right:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "That is not the token.", {"WWW-Authenticate": "Bearer"})

    def bearer(self, asked: HTTPConnection) -> None:
        """Check that a program may write: `Authorization: Bearer TOKEN`; a cookie says nothing here.

        Raises HTTPException as `check` does.
        """
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if self._token is not None and (scheme.lower() != "bearer" or not token):
            words = "To write, send the token: Authorization: Bearer TOKEN"
            raise HTTPException(HTTPStatus.UNAUTHORIZED, words, {"WWW-Authenticate": "Bearer"})
        self.check(asked, token.strip())

    def refuse_strangers(self, asked: HTTPConnection) -> None:
        """Raise HTTPException 403 for a form that a page of another site sent."""
        site, origin = asked.headers.get("sec-fetch-site"), asked.headers.get("origin")
        ours = {self._public, *(f"{scheme}://{asked.headers.get('host', '')}" for scheme in ("http", "https"))}
        if site not in (None, "same-origin") or (origin is not None and origin not in ours):
            raise HTTPException(HTTPStatus.FORBIDDEN, "This was sent from another site, so nothing was done.")

    def _set(self, answer: Response, session: str, seconds: int) -> None:
        answer.set_cookie(
            self._cookie, session, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="strict"
        )

    def _now(self) -> int:
        return int(self._clock().timestamp())


class Visitors:
    """Says with each request who asks."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the visitor known."""
        if scope["type"] == "http":
            scope.setdefault("state", {})["visitor"] = self._access.visitor(HTTPConnection(scope))
        await self._app(scope, receive, send)


def named(text: str) -> str:
    """Return the name that somebody gives as it is kept. Raises UsageError for none, and for one that is too long."""
    name = line(text)
    if not name:
        raise UsageError("Please give a name: it is kept with what you say.")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"A name has at most {LONGEST_NAME} characters.")
    return name


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
