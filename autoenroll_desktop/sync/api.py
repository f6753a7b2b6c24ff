"""The central service's routes, asked over HTTP by the table of the contract. Holds no keys and keeps nothing.

Errors of requests are translated here and nowhere else in syncing. What is no answer of the service (a captive portal's
page, a proxy's, bytes cut or changed on their way) counts as no answer.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import requests
from requests.exceptions import ProxyError, SSLError

from autoenroll_desktop.sync.trouble import NotReached, Refused
from server_sync.contract.problems import KINDS, MEDIA, Problem, slug_of
from server_sync.contract.routes import BY_NAME, Route
from server_sync.contract.version import HEADER, PROTOCOL

TIMEOUT = (10, 60)
"""Seconds to wait for a connection, and between two pieces of an answer."""
_LONGEST_WAIT = 3600.0
Count = Callable[[int, int], None]
"""Told the bytes sent and received by each request, headers included as they are known here."""


class HttpSyncApi:
    """Asks one service. Constructing it connects to nothing.

    Attributes:
        protocol: the number this PC speaks.
        date: the service's clock as its last answer told it (an HTTP date), "" before.
    """

    def __init__(self, address: str, session: requests.Session, count: Count = lambda _sent, _received: None) -> None:
        self._address = address.rstrip("/")
        self._session = session
        self._count = count
        self.protocol = PROTOCOL
        self.date = ""

    def ask(
        self,
        name: str,
        body: Any = None,
        *,
        token: str = "",
        key: str = "",
        query: dict[str, str | int] | None = None,
        **parts: object,
    ) -> Any:
        """Ask a route by its name; the decoded answer, or the bytes of a route that answers bytes.

        Args:
            body: the route's message, or bytes. key: the Idempotency-Key, where the route needs one.
            parts: what stands in the path.

        Raises:
            NotReached, Refused.
        """
        route = BY_NAME[name]
        headers = {HEADER: str(self.protocol)}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if route.request is not None:
            data = body if route.request is bytes else msgspec.json.encode(body)
            headers["Content-Type"] = route.body_media
        answer, content = self._send(route.method, self._address + route.address(**parts), headers, data, query)
        self.date = answer.headers.get("Date", self.date)
        return _read(route, answer, content)

    def _send(
        self, method: str, url: str, headers: dict[str, str], data: bytes | None, query: dict[str, str | int] | None
    ) -> tuple[requests.Response, bytes]:
        sent = len(data or b"") + sum(len(name) + len(value) + 4 for name, value in headers.items()) + len(url)
        received = 0
        try:
            answer = self._session.request(
                method, url, data=data, headers=headers, params=query, timeout=TIMEOUT, allow_redirects=False
            )
            content = answer.content
            received = len(content) + sum(len(one) + len(value) + 4 for one, value in answer.headers.items())
        except SSLError:
            raise NotReached("tls-intercepted") from None
        except ProxyError:
            raise NotReached("proxy") from None
        except requests.Timeout:
            raise NotReached("slow") from None
        except requests.RequestException:
            raise NotReached("offline") from None
        else:
            return answer, content
        finally:
            self._count(sent, received)


def _read(route: Route, answer: requests.Response, content: bytes) -> Any:
    media = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if answer.status_code == route.status and media == route.media.partition(";")[0]:
        if route.answer is bytes or route.answer is None:
            return content
        try:
            return msgspec.json.decode(content, type=route.answer)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise NotReached("broken") from None
    if media != MEDIA:
        raise _foreign(answer.status_code, media)
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NotReached("broken") from None
    slug = slug_of(problem)
    kind = KINDS.get(slug)
    if kind is None and not slug:
        raise NotReached("broken")
    if (kind is not None and kind.retry) or answer.status_code >= 500:
        raise NotReached("too-many-requests" if slug == "too-many-requests" else "busy", _wait(answer))
    raise Refused(slug, problem.detail or "", problem.version)


def _foreign(status: int, media: str) -> NotReached:
    """What answered in the service's place."""
    if status == 407:
        return NotReached("proxy")
    if status in range(300, 400) or (media == "text/html" and status < 500):
        return NotReached("captive-portal")
    return NotReached("busy" if status >= 500 else "broken")


def _wait(answer: requests.Response) -> float | None:
    said = answer.headers.get("Retry-After", "")
    return min(float(said), _LONGEST_WAIT) if said.isascii() and said.isdigit() else None
