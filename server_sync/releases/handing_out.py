"""Handing out the release repository: `/v1/releases/metadata/…` and `/v1/releases/targets/…`.

Open to everybody: it is signed, and holds nothing about anybody. All but the timestamp carries its version or hash in
its name and never changes, so it may be kept for ever; in front of many devices let the proxy keep or serve it.
"""

import re
from pathlib import Path
from typing import Any

import falcon

from server_sync.web.watching import Watching

PREFIX = "/v1/releases"
FOR_EVER = "public, max-age=31536000, immutable"
_AGENT = re.compile(r"AutoEnroll/([0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})\b")


def version_asking(agent: str) -> str | None:
    """The version a program's User-Agent names; None where it is not one of ours."""
    found = _AGENT.match(agent)
    return found[1] if found else None


def hand_out(app: "falcon.App[Any, Any]", folder: Path) -> None:
    """Serve a release folder; it need not be there yet."""
    app.add_error_handler(falcon.HTTPRangeNotSatisfiable, _nothing_left)
    for part in ("metadata", "targets"):
        app.add_static_route(f"{PREFIX}/{part}", str((folder / part).absolute()))


def _nothing_left(
    _req: falcon.Request, resp: falcon.Response, error: falcon.HTTPRangeNotSatisfiable, _: object
) -> None:
    """A download that asks for more goes on from the end: it has everything already."""
    resp.status = falcon.HTTP_416
    for name, value in dict(error.headers or {}).items():
        resp.set_header(name, value)


class ReleaseHeaders:
    """What answers about releases carry, and the count of which versions ask."""

    def __init__(self, watching: Watching) -> None:
        self._watching = watching

    def process_response(self, req: falcon.Request, resp: falcon.Response, _resource: object, _ok: bool) -> None:
        """Let what never changes be kept, have the rest asked for each time, and count the asking version."""
        if not req.path.startswith(f"{PREFIX}/"):
            return
        resp.set_header("X-Content-Type-Options", "nosniff")
        newest = req.path == f"{PREFIX}/metadata/timestamp.json"
        good = falcon.http_status_to_code(resp.status) in (200, 206, 304)
        resp.set_header("Cache-Control", FOR_EVER if good and not newest else "no-cache")
        if newest:
            self._watching.asked_for_updates(version_asking(req.get_header("User-Agent") or "") or "")
