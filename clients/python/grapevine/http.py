"""How requests are sent, and sent again: under the same `Idempotency-Key`, so that what is repeated happens once."""

import json
import random
import time
import urllib.error
import urllib.request
import uuid
from http.client import HTTPException
from typing import Any, Callable, Dict, Iterator, Mapping, NoReturn, Optional, Tuple, Union
from urllib.parse import quote, urlencode

AGAIN = (408, 429, 500, 502, 503, 504)
LONGEST_PAUSE = 30.0

Body = Union[Mapping[str, Any], str, bytes]


class Answer(Dict[str, Any]):
    """An answer's body, with what was said beside it."""

    #: For `if_match`.
    etag: Optional[str] = None
    #: The status.
    status: int = 0
    #: By which the shop's log and the server's can be compared.
    request_id: Optional[str] = None
    #: Whether this is the stored answer to an earlier try.
    replayed: bool = False


class Refusal(Exception):
    """The server refused; `code` is stable, the message says what to do, `errors` which fields are wrong."""

    def __init__(self, status: int, problem: Mapping[str, Any], request_id: Optional[str]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or f"status {status}")
        self.status = status
        self.code: str = problem.get("code") or ""
        self.errors = list(problem.get("errors") or [])
        self.request_id = request_id


class Unanswered(Exception):
    """No answer came, in no try. It may have happened all the same: repeat with `idempotency_key`, and it happens once."""

    def __init__(self, what: str, idempotency_key: Optional[str], cause: BaseException) -> None:
        super().__init__(f"{what}: no answer ({cause})")
        self.idempotency_key = idempotency_key


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A key is sent nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_Reply = Tuple[int, Mapping[str, str], bytes]


class Http:
    """Sends requests."""

    def __init__(self, url: str, key: Optional[str] = None, timeout: float = 10.0, tries: int = 4) -> None:
        self._base = url.rstrip("/")
        self._key = key
        self._timeout = timeout
        self._tries = max(1, tries)
        self._opener = urllib.request.build_opener(_StayHere)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        body: Optional[Body] = None,
        type: Optional[str] = None,
        answer: str = "json",
        keyed: bool = False,
        lasts: bool = False,
        once: bool = False,
        idempotency_key: Optional[str] = None,
        if_match: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Any:
        """Sends a request until it is answered, or its tries are used up. `once`: an answer that got lost is not asked for again."""
        key = (idempotency_key or str(uuid.uuid4())) if keyed else None
        request = self._request(method, path, query, body, type, answer, key, if_match)
        limit = timeout if timeout is not None else (None if lasts else self._timeout)
        tried = 0
        while True:
            tried += 1
            reply, lost = self._try(request, limit)
            if reply is not None and reply[0] < 300:
                return _read(reply, answer)
            refusal = None if reply is None else _refusal(reply)
            if tried >= self._tries or not _is_worthwhile(once, refusal):
                _give_up(f"{method} {path}", refusal, key, lost)
            time.sleep(_pause(reply, tried))

    def _request(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, Any]],
        body: Optional[Body],
        type: Optional[str],
        answer: str,
        key: Optional[str],
        if_match: Optional[str],
    ) -> urllib.request.Request:
        asked = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        url = self._base + path + (f"?{urlencode(asked)}" if asked else "")
        headers = {"Accept": "application/json" if answer == "json" else "*/*"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        if key is not None:
            headers["Idempotency-Key"] = key
        if if_match is not None:
            headers["If-Match"] = if_match
        data: Optional[bytes] = None
        if body is not None:
            headers["Content-Type"] = type or "application/json"
            text = body if type else json.dumps(body)
            data = text.encode() if isinstance(text, str) else bytes(text)  # type: ignore[arg-type]
        return urllib.request.Request(url, data=data, headers=headers, method=method)

    def _try(self, request: urllib.request.Request, timeout: Optional[float]) -> Tuple[Optional[_Reply], Optional[BaseException]]:
        try:
            with self._opener.open(request, timeout=timeout) as reply:
                # The body belongs to the try: one that breaks off is asked for again.
                return (reply.status, reply.headers, reply.read()), None
        except urllib.error.HTTPError as error:
            try:
                return (error.code, error.headers, error.read()), None
            except (OSError, HTTPException) as lost:
                return None, lost
        except (OSError, HTTPException) as lost:
            return None, lost


def path(template: str, *values: Any) -> str:
    """A path with its parameters encoded: `path("/v1/customers/{}", id)`."""
    return template.format(*(quote(str(value), safe="") for value in values))


def all_rows(page: Callable[..., Answer], *arguments: Any, **filters: Any) -> Iterator[Dict[str, Any]]:
    """Every row of a list, page by page: `all_rows(grapevine.list_customer_vouchers, "anna", status="active")`."""
    after: Any = filters.pop("after", None)
    while True:
        answer = page(*arguments, after=after, **filters)
        yield from answer["data"]
        after = answer.get("next")
        if after is None:
            return


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(reply: _Reply, answer: str) -> Any:
    status, headers, body = reply
    if answer == "nothing":
        return None
    if answer == "bytes":
        return body
    if answer == "text":
        return body.decode()
    made = Answer(json.loads(body))
    made.status, made.etag = status, headers.get("ETag")
    made.request_id, made.replayed = headers.get("X-Request-Id"), headers.get("Idempotent-Replayed") == "true"
    return made


def _refusal(reply: _Reply) -> Refusal:
    status, headers, body = reply
    try:
        problem = json.loads(body)
        if not isinstance(problem, dict):
            raise ValueError
    except ValueError:
        problem = {"detail": f"status {status}: {body[:200].decode(errors='replace')}"}
    return Refusal(status, problem, headers.get("X-Request-Id"))


def _is_worthwhile(once: bool, refusal: Optional[Refusal]) -> bool:
    """Whether another try may help, and can do no harm."""
    if once:
        return refusal is not None and (refusal.status == 429 or refusal.code in ("busy", "unavailable"))
    return refusal is None or refusal.status in AGAIN


def _give_up(what: str, refusal: Optional[Refusal], key: Optional[str], lost: Optional[BaseException]) -> NoReturn:
    if refusal is not None:
        raise refusal
    raise Unanswered(what, key, lost or TimeoutError()) from lost


def _pause(reply: Optional[_Reply], tried: int) -> float:
    """As long as the server says, or longer each time, never all clients at once; seconds."""
    said = None if reply is None else reply[1].get("Retry-After")
    if said is not None and said.isdigit():
        return min(float(said), LONGEST_PAUSE)
    return min(0.25 * 2.0 ** (tried - 1), 8.0) * random.uniform(0.5, 1.0)
