"""Routes answered by one statement: it enters the office, looks who asks, does the work and builds the JSON."""

from typing import Any

from server_sync.contract.problems import Refused
from server_sync.web.call import Call, Json
from server_sync.web.permission import allow


def single(call: Call, statement: str, **values: Any) -> Json:
    """Ask a statement that gives (state, role, problem, body).

    Raises:
        Refused: what `permission.allow` says, or the problem the statement found.
    """
    state, role, problem, body = call.service.database.one(statement, {**call.about, **values})
    allow(call.route, state, role)
    if problem:
        raise Refused(problem)
    return Json(body)
