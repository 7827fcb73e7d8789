"""The way to the model: one POST a question, over the guarded client."""

from collections.abc import Callable
from hashlib import sha256

from tracker.adapters.opinion.question import LONGEST, VERSION, answer, request
from tracker.domain.events import Opinion
from tracker.errors import ConfigError, FetchError
from tracker.ports.adviser import NoOpinion, Question
from tracker.ports.http import HttpClient
from tracker.rendering.plain import line

_OK = 200
_REDIRECT = range(300, 400)


class ChatAdviser:
    """Asks a model behind `url`, the base of an OpenAI-compatible API; see `tracker.ports.adviser.Adviser`.

    `key` is a reference that `secret` resolves, None: none is sent. `timeout` is in seconds for the whole exchange.
    """

    def __init__(
        self,
        http: HttpClient,
        url: str,
        model: str,
        *,
        key: str | None,
        secret: Callable[[str], str],
        timeout: float,
    ) -> None:
        self.name = model
        self._http = http
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._key = key
        self._secret = secret
        self._timeout = timeout

    def ask(self, question: Question) -> Opinion:
        """Return the model's opinion. Raises NoOpinion."""
        body = request(self.name, question)
        try:
            said, tokens = answer(self._answered(body))
        except ValueError as error:
            raise NoOpinion(str(error)) from error
        except (FetchError, ConfigError) as error:
            raise NoOpinion(line(str(error), LONGEST)) from error
        reason = line(said.reason, LONGEST)
        return Opinion(self.name, VERSION, sha256(body).hexdigest(), said.meant, reason, tokens)

    def _answered(self, body: bytes) -> bytes:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._key is not None:
            headers["authorization"] = f"Bearer {self._secret(self._key)}"
        said = self._http.post(self._url, body, headers=headers, timeout=self._timeout)
        if said.status in _REDIRECT:
            raise NoOpinion(f"answered {said.status}: redirects are not followed, give the address itself")
        if said.status != _OK:
            raise NoOpinion(f"answered {said.status}")
        return said.body
