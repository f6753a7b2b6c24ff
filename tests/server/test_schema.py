"""Whatever the OpenAPI description allows, and much that it does not: no failure of ours, nothing undescribed.

Short in the suite; `python3 packaging/dev.py campaign service-schema` runs thousands.
"""

import os
from collections.abc import Iterable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from server_sync.contract.problems import PREFIX
from server_sync.contract.routes import BY_NAME, ROUTES
from server_sync.web.call import Service
from server_sync.web.openapi import describe
from tests.server.desk import Desk, b64, put_upload

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
CASES = 400 if LONG else 3


@pytest.fixture(scope="module")
def api(built: tuple[Any, Service], office: Desk) -> Any:
    """The description, asked with a token that always fits: what a token may do is tested by the route table."""

    def with_token(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {office.token}"
        answer: Iterable[bytes] = built[0](environ, start_response)
        return answer

    description = describe("AutoEnroll", "1")
    for methods in description["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    schema = schemathesis.openapi.from_dict(description)
    schema.app = with_token
    return schema


@pytest.fixture(scope="module")
def parts(office: Desk) -> dict[str, str]:
    """Ids of things that exist, so that not every request ends in not-found."""
    upload = put_upload(office, [b"chunk"])
    document = "5d1d0f8e-6f3e-4a39-9b0c-0d5ad2f4a111"
    office("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"x")}, document=document)
    return {
        "upload": upload,
        "document": document,
        "report": office.put_report(),
        "person": str(office.colleague().person),
    }


@pytest.mark.parametrize("name", [route.name for route in ROUTES if route.name != "erase_office"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_every_answer_is_described(api: Any, parts: dict[str, str], name: str, mode: GenerationMode) -> None:
    route = BY_NAME[name]
    operation = api[route.path][route.method]
    good = mode is GenerationMode.POSITIVE

    @settings(
        max_examples=CASES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def run(case: Any, real: bool) -> None:
        if good and real:
            case.path_parameters = (case.path_parameters or {}) | {
                key: one for key, one in parts.items() if key in route.path
            }
        answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
        if good and answer.status_code in (400, 411, 413, 415, 422):
            told = answer.json()
            adds_up = (name, told["detail"]) != ("manifest", "at $.chunks: not as many as the size needs")
            assert told["type"].removeprefix(PREFIX) not in ("malformed", "invalid", "too-large") or not adds_up, told

    run()
