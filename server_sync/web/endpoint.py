"""One address: from a request to its handler and back, the same for every route."""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import falcon
import psycopg
import sqlalchemy as sa

from server_sync.contract.problems import MEDIA, Refused
from server_sync.contract.routes import Route
from server_sync.contract.version import HEADER, OLDEST, PROTOCOL
from server_sync.database.engine import ENTER
from server_sync.web import messages
from server_sync.web.bodies import Bodies
from server_sync.web.call import Call, Caller, Handler, Json, Service, Statement, Stream, Together
from server_sync.web.failures import refusal, worth_another_try
from server_sync.web.gathering import Gathering
from server_sync.web.idempotency import Replay, claim, keep
from server_sync.web.limits import Limit
from server_sync.web.permission import allow
from server_sync.web.places import Places
from server_sync.web.watching import Watching

KEY = re.compile(r"[A-Za-z0-9-]{8,80}\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
JSON = "application/json"
TOGETHER = 64
"""Calls answered in one transaction at most."""


class Endpoint:
    """Answers one route. `before`: places to be had before a place to work in."""

    def __init__(
        self, service: Service, route: Route, handler: Handler | Statement | Together, bodies: Bodies, places: Places,
        watching: Watching, before: Places | None = None,
    ) -> None:  # fmt: skip
        self.service, self.route, self.bodies, self.places, self.watching = service, route, bodies, places, watching
        self.before = before
        self.single = isinstance(handler, Statement | Together)
        self.gathering: Gathering[Call, Json | Refused | None] | None = None
        self.handle: Handler
        match handler:
            case Statement():
                self.handle = handler.run
            case Together():
                self.handle, self._together = handler.alone, handler.run
                self.gathering = Gathering(self._lot, TOGETHER)
            case _:
                self.handle = handler
        self.per_device = Limit("device", service.settings.requests_per_minute, 60)
        self.per_address = Limit("stranger", service.settings.strangers_per_minute, 60)

    def __call__(self, req: falcon.Request, resp: falcon.Response, **parts: Any) -> None:
        """Answer one request; whatever goes wrong becomes a problem document."""
        started = time.perf_counter()
        request_id = uuid4().hex
        call: Call | None = None
        try:
            call = self._checked(req, parts)
            self._answer(resp, self._work(call))
        except Replay as replay:
            resp.status = falcon.code_to_http_status(replay.status)
            resp.content_type, resp.data = JSON, replay.answer
            resp.set_header("Idempotency-Replayed", "true")
        except Exception as error:  # noqa: BLE001 - the edge: everything becomes a problem here
            problem(resp, refusal(error, request_id), request_id)
        resp.set_header("X-Request-Id", request_id)
        status, seconds = falcon.http_status_to_code(resp.status), time.perf_counter() - started
        self.watching.note(self.route, status, seconds, request_id, call.office if call else None)

    def _checked(self, req: falcon.Request, parts: dict[str, Any]) -> Call:
        """The call as far as it can be told without the database."""
        service, route = self.service, self.route
        _protocol(req)
        now = service.clock()
        if not HASH.match(parts.get("sha256", "0" * 64)):
            raise Refused("not-found")
        call = Call(service, route, now, parts)
        call.header = lambda name: req.get_header(name) or ""
        if route.access != "anyone":
            bearer = service.tokens.check(_token(req), now)
            call.office, call.device = bearer.office, bearer.device
            service.limits.count(self.per_device, bearer.device.bytes, now.timestamp())
        elif route.request is not None and route.counted:
            address = service.limits.hashed(_address(req, service.settings.hops))
            service.limits.count(self.per_address, address, now.timestamp())
        if route.writes:
            call.key = req.get_header("Idempotency-Key") or ""
            if not KEY.match(call.key):
                raise Refused("idempotency-key-missing")
        if route.query is not None:
            call.query = messages.query(dict(req.params), route.query)
        raw = self._body(req) if route.request is not None else b""
        if route.writes:
            place = f"{route.name} {sorted((name, str(part)) for name, part in parts.items())}"
            call.fingerprint = service.secrets.fingerprint(place.encode(), raw)
        if route.request is not None:
            call.body = raw if route.request is bytes else messages.decode(raw, route.request)
        return call

    def _body(self, req: falcon.Request) -> bytes:
        wanted = self.route.body_media
        if (req.content_type or "").partition(";")[0].strip().lower() != wanted:
            raise Refused("wrong-media", f"it takes {wanted}")
        if req.content_length is None:
            raise Refused("length-required")
        if req.content_length > self.route.limit:
            raise Refused("too-large", f"it takes {self.route.limit} bytes")
        known = self.route.access != "anyone"
        return self.bodies.read(req.bounded_stream, req.content_length, known=known)

    def _work(self, call: Call) -> Any:
        """Do the work; where it waits for the storage, only as much at once as leaves places to others."""
        if self.before is None:
            return self._placed(call)
        with self.before.one():
            return self._placed(call)

    def _placed(self, call: Call) -> Any:
        """Run the handler in a place and a transaction; once more where that is worth it, for every write is
        idempotent.
        """
        outcome = self.gathering.ask(call) if self.gathering else None
        if isinstance(outcome, Refused):
            raise outcome
        if outcome is not None:
            return outcome
        with self.places.one():
            try:
                return self._run(call)
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                if not worth_another_try(error):
                    raise
            call.claimed = None
            return self._run(call)

    def _lot(self, calls: Sequence[Call]) -> Sequence[Json | Refused | None]:
        with self.places.one():
            return self._together(calls)

    def _run(self, call: Call) -> Any:
        if self.single:
            return self.handle(call)
        with self.service.database.transaction() as call.db:
            if self.route.access != "anyone":
                call.caller_ = self._enter(call)
                if self.route.writes:
                    claim(call, call.caller_.office)
            answer = self.handle(call)
            if call.claimed is not None:
                keep(call, self.route.status, messages.encode(answer))
            return answer

    def _enter(self, call: Call) -> Caller:
        office, device = call.office, call.device
        assert office is not None
        assert device is not None
        row = call.db.execute(ENTER, {"office": office, "device": device}).one()
        allow(self.route, row.state, row.role)
        return Caller(office, device, row.person, row.role, row.state)

    def _answer(self, resp: falcon.Response, answer: Any) -> None:
        resp.status = falcon.code_to_http_status(self.route.status)
        resp.content_type = self.route.media
        if isinstance(answer, Json):
            resp.data = answer.text.encode()
        elif isinstance(answer, Stream):
            resp.stream = answer.pieces
        elif isinstance(answer, bytes | memoryview):
            resp.data = bytes(answer)
        else:
            resp.data = messages.encode(answer)


def problem(resp: falcon.Response, refused: Refused, request_id: str) -> None:
    """Make a response of a refusal."""
    resp.status = falcon.code_to_http_status(refused.kind.status)
    resp.content_type = MEDIA
    resp.data = messages.encode(refused.document(request_id))
    if refused.kind.status == 401:
        resp.set_header("WWW-Authenticate", "Bearer")
    if refused.retry_after is not None:
        resp.set_header("Retry-After", str(refused.retry_after))
    resp.set_header("X-Request-Id", request_id)


def resource(endpoints: dict[str, Callable[..., None]]) -> object:
    """What Falcon wants at an address: an object with a responder for each method."""
    names = {f"on_{method.lower()}": staticmethod(endpoint.__call__) for method, endpoint in endpoints.items()}  # type: ignore[operator]
    return type("Address", (), names)()


def path_for_falcon(route: Route) -> str:
    """The path with UUIDs converted; anything else at their place is not found."""
    return re.sub(r"\{(?!sha256)(\w+)\}", r"{\1:uuid}", route.path)


def _protocol(req: falcon.Request) -> None:
    text = req.get_header(HEADER)
    if text is not None and not (
        text.isascii() and text.isdigit() and len(text) < 6 and OLDEST <= int(text) <= PROTOCOL
    ):
        raise Refused("protocol-unsupported", f"spoken here: {OLDEST} to {PROTOCOL}")


def _token(req: falcon.Request) -> str:
    scheme, _, token = (req.get_header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 2048:
        raise Refused("unauthenticated", "the Authorization header holds no bearer token")
    return token


def _address(req: falcon.Request, hops: int) -> str:
    """Where a request came from, as the last proxy of ours saw it; headers are believed for as many proxies as there
    are.
    """
    seen = [part.strip() for part in (req.get_header("X-Forwarded-For") or "").split(",") if part.strip()]
    return seen[-hops] if hops and len(seen) >= hops else req.remote_addr
