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
    answer = decided(call, *call.service.database.one(statement, {**call.about, **values}))
    if isinstance(answer, Refused):
        raise answer
    return answer


def decided(call: Call, state: str | None, role: str | None, problem: str | None, body: str) -> Json | Refused:
    """What such a statement said, as an answer or a refusal."""
    try:
        allow(call.route, state, role)
    except Refused as refused:
        return refused
    return Refused(problem) if problem else Json(body)
