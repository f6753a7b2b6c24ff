"""What the operator can see: a line a request, and numbers. Ids are random, addresses are templates, nothing is of a
person.
"""

import contextlib
import sys
from typing import Any, TextIO
from uuid import UUID

import orjson
import prometheus_client
import structlog

from server_sync.contract.routes import Route

log = structlog.get_logger("server_sync")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Watching:
    """Counters of one process."""

    def __init__(self) -> None:
        self.registry = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Counter(
            "autoenroll_requests", "Requests by route and status", ["route", "status"], registry=self.registry
        )
        self._seconds = prometheus_client.Histogram(
            "autoenroll_request_seconds", "Seconds a request took", ["route"], buckets=SECONDS, registry=self.registry
        )

    def note(self, route: Route, status: int, seconds: float, request_id: str, office: UUID | None) -> None:
        """Note one answered request."""
        self._requests.labels(route.name, str(status)).inc()
        self._seconds.labels(route.name).observe(seconds)
        level = log.info if status < 500 else log.error
        with contextlib.suppress(OSError, ValueError):  # a log that is gone fails nobody's request
            level(
                "request", request_id=request_id, route=route.name, status=status, ms=round(seconds * 1000, 1),
                office=str(office) if office else None,
            )  # fmt: skip

    def text(self) -> bytes:
        """The numbers as Prometheus reads them."""
        return prometheus_client.generate_latest(self.registry)


def set_up_log(*, as_json: bool, stream: TextIO | None = None) -> None:
    """One log for the process, to standard output."""
    out = stream or sys.stdout
    shared: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    if as_json:
        structlog.configure(
            processors=[*shared, structlog.processors.JSONRenderer(serializer=orjson.dumps)],
            logger_factory=structlog.BytesLoggerFactory(getattr(out, "buffer", None)),
            wrapper_class=structlog.make_filtering_bound_logger(20),
            cache_logger_on_first_use=True,
        )
    else:
        structlog.configure(
            processors=[*shared, structlog.dev.ConsoleRenderer(colors=False)],
            logger_factory=structlog.PrintLoggerFactory(out),
            wrapper_class=structlog.make_filtering_bound_logger(20),
            cache_logger_on_first_use=True,
        )
