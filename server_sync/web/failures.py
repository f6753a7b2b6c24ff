"""Whatever goes wrong, as a problem: nothing of it is repeated to the caller or the log but codes and names of ours."""

import traceback

import falcon
import psycopg
import sqlalchemy as sa
import structlog

from server_sync.contract.problems import Refused
from server_sync.database.engine import constraint, sqlstate
from server_sync.storage.interface import StorageFailed

BUSY = {"40001", "40P01", "55P03", "57014", "53300", "57P01", "57P02", "57P03"}
"""Serialisation, deadlock, a lock or a statement that took too long, too many connections, the database going down."""
AGAIN = {"40001", "40P01", "23505"}
"""Worth one more try at once: whoever was first is decided by then."""
UNREPRESENTABLE = {"22021", "22P05", "22003", "22P02"}
BY_STATUS = {
    400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    413: "too-large", 415: "wrong-media", 503: "busy",
}  # fmt: skip

log = structlog.get_logger("server_sync")


def refusal(error: Exception, request_id: str) -> Refused:
    """The refusal an error comes to; one nobody expected is logged by its type and where it was raised."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, falcon.HTTPError):
        return Refused(BY_STATUS.get(falcon.http_status_to_code(error.status), "malformed"))
    if isinstance(error, StorageFailed):
        log.error("storage-failed", request_id=request_id, error=error.args[0])
        return Refused("busy", retry_after=10)
    if isinstance(error, sa.exc.TimeoutError):
        return Refused("busy", retry_after=2)
    if isinstance(error, sa.exc.DBAPIError | psycopg.Error):
        state = sqlstate(error)
        if state in BUSY or not state:
            log.warning("database-busy", request_id=request_id, sqlstate=state)
            return Refused("busy", retry_after=2)
        if state == "23505":
            return Refused("exists")
        if state in UNREPRESENTABLE:
            return Refused("invalid", "a value cannot be kept")
        log.error("database-refused", request_id=request_id, sqlstate=state, constraint=constraint(error))
        return Refused("internal")
    where = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("failed", request_id=request_id, error=type(error).__name__, where=where[-6:])
    return Refused("internal")


def worth_another_try(error: Exception) -> bool:
    """Whether the same work may succeed at once: a deadlock, another who was a moment earlier,
    or a connection that had died while it was idle.
    """
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, sa.exc.DBAPIError | psycopg.Error) and sqlstate(error) in AGAIN
