"""Everything put together: a WSGI application made of settings."""

import datetime as dt
import hmac
from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import falcon
import msgspec

from server_sync.accounts.audit import audit
from server_sync.accounts.exporting import export_office
from server_sync.accounts.invitations import invitations, invite, join, withdraw
from server_sync.accounts.offices import erase_office, make_office, office
from server_sync.accounts.people import people, remove_person, set_codes, set_password, set_role
from server_sync.accounts.secrets import Secrets
from server_sync.auth import Challenges, Tokens
from server_sync.billing.buying import checkout, offers, portal, set_addon
from server_sync.billing.pages import licence_back, licence_thanks
from server_sync.billing.shop import open_shop
from server_sync.billing.webhook import stripe_webhook
from server_sync.changes.feed import changes
from server_sync.contract.problems import Refused
from server_sync.contract.routes import ROUTES
from server_sync.contract.things import Health
from server_sync.contract.version import OLDEST, PROTOCOL
from server_sync.database.engine import Database
from server_sync.devices.devices import approve, devices, recover, revoke, this_device
from server_sync.devices.keys import device_keys, recovery, rotate_key
from server_sync.devices.registering import sign_in
from server_sync.devices.tokens import challenge, token
from server_sync.documents.documents import delete_document, document, documents, put_document
from server_sync.licences.licences import licence, licence_file, release_seat, seats
from server_sync.releases.handing_out import ReleaseHeaders, hand_out
from server_sync.reports.reports import delete_report, put_report, put_reports, report, reports
from server_sync.settings import Settings
from server_sync.uploads.uploads import chunk, complete, delete_upload, manifest, put_chunk, upload, uploads
from server_sync.web.bodies import Bodies
from server_sync.web.call import Call, Handler, Service, Statement, Together
from server_sync.web.endpoint import Endpoint, path_for_falcon, problem, resource
from server_sync.web.failures import refusal
from server_sync.web.limits import Limits
from server_sync.web.openapi import describe
from server_sync.web.places import Places
from server_sync.web.watching import Watching

READERS, STRANGERS = 16, 6
"""Bodies read at once: for devices with a token, for others."""
SPARE = 6
"""Threads beside those that read and those that work, so that those that read slowly never leave it without one."""
SHORTLY = 0.5
"""Seconds to wait for one of the places in which the storage is asked."""
ASK_STORAGE = {"put_chunk", "chunk", "complete"}
HEALTHY = "select 1"


def health(call: Call) -> Health:
    """Whether the database answers."""
    call.service.database.one(HEALTHY, {})
    return Health(status="ok", protocol=PROTOCOL, oldest_protocol=OLDEST)


BUSIEST: dict[str, Handler | Statement | Together] = {
    "health": Statement(health),
    "reports": Statement(reports),
    "put_report": Together(put_reports, put_report),
    "uploads": Statement(uploads),
    "changes": Statement(changes),
    "challenge": Statement(challenge),
}
"""Route name → what answers it without a transaction of the endpoint's."""
HANDLERS = BUSIEST | {
    handler.__name__: handler
    for handler in (
        make_office, office, erase_office, export_office, rotate_key, recovery, audit, people, join, set_role,
        remove_person, set_password, set_codes, invitations, invite, withdraw, sign_in, token, devices, this_device,
        device_keys, recover, approve, revoke, manifest, upload, put_chunk, chunk, complete, delete_upload, report,
        delete_report, documents, document, put_document, delete_document, licence, seats, release_seat, licence_file,
        offers, checkout, portal, set_addon, stripe_webhook, licence_thanks, licence_back,
    )
}  # fmt: skip
"""Route name → what answers it."""


def build(settings: Settings, url: str, *, clock: Callable[[], dt.datetime]) -> tuple[falcon.App[Any, Any], Service]:
    """The application on a database that is migrated already, and what it is made of. Nothing connects yet."""
    database = Database(url, settings.places, pooler=settings.pooler)
    service = Service(
        settings=settings,
        database=database,
        tokens=Tokens(settings.signing_keys, settings.audience),
        challenges=Challenges(settings.secret_key),
        secrets=Secrets(settings.secret_key),
        limits=Limits(database, settings.secret_key),
        clock=clock,
        shop=open_shop(settings.selling),
        storage=settings.storage.open(),
    )
    watching, bodies, free = Watching(), Bodies(READERS, STRANGERS), Places(settings.places)
    stored = Places(max(1, settings.places // 2), SHORTLY) if service.storage else None
    app: falcon.App[Any, Any] = falcon.App(middleware=[ReleaseHeaders(watching), Headers()])
    app.req_options.auto_parse_qs_csv = False
    app.set_error_serializer(lambda _req, _resp, _error: None)
    app.add_error_handler(Exception, _unexpected)
    app.add_error_handler(falcon.HTTPError, _unexpected)  # Falcon's own is more to the point than Exception's
    by_path: dict[str, dict[str, Endpoint]] = {}
    for route in ROUTES:
        before = stored if route.name in ASK_STORAGE else None
        endpoint = Endpoint(service, route, HANDLERS[route.name], bodies, free, watching, before)
        by_path.setdefault(path_for_falcon(route), {})[route.method] = endpoint
    for path, endpoints in by_path.items():
        app.add_route(path, resource(dict(endpoints)))
    app.add_route("/openapi.json", Description())
    app.add_route("/metrics", Numbers(watching, settings.metrics_token))
    hand_out(app, settings.data / "releases")
    return app, service


def threads(settings: Settings) -> int:
    """Threads one process needs."""
    return settings.places + READERS + STRANGERS + SPARE


class Headers:
    """What every answer carries."""

    def process_response(self, _req: falcon.Request, resp: falcon.Response, _resource: object, _ok: bool) -> None:
        """Keep answers out of every cache, and browsers from guessing."""
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Content-Type-Options", "nosniff")
        resp.set_header("Autoenroll-Protocol", str(PROTOCOL))


class Description:
    """The OpenAPI description."""

    def __init__(self) -> None:
        self._text = msgspec.json.encode(describe("AutoEnroll central service", version("autoenroll-desktop")))

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Send it."""
        resp.content_type, resp.data = "application/json", self._text


class Numbers:
    """The numbers for Prometheus: to this machine, or to whoever has the token."""

    def __init__(self, watching: Watching, token: str | None) -> None:
        self._watching, self._token = watching, token

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Send them. Raises Refused: not-found."""
        shown = (req.get_header("Authorization") or "").removeprefix("Bearer ")
        here = req.remote_addr in ("127.0.0.1", "::1") and req.get_header("X-Forwarded-For") is None
        allowed = hmac.compare_digest(shown.encode(), self._token.encode()) if self._token else here
        if not allowed:
            raise Refused("not-found")
        resp.content_type, resp.data = "text/plain; version=0.0.4", self._watching.text()


def _unexpected(_req: falcon.Request, resp: falcon.Response, error: Exception, _params: object) -> None:
    """What never reached a route: unknown addresses, methods and the like."""
    request_id = uuid4().hex
    problem(resp, refusal(error, request_id), request_id)
    for name, value in dict(getattr(error, "headers", None) or {}).items():
        resp.set_header(name, value)
