"""The desktop's side of the wire on the frozen examples: every answer is read, every refusal keeps its slug."""

from pathlib import Path

import msgspec
import pytest

from autoenroll_desktop.sync.api import HttpSyncApi
from autoenroll_desktop.sync.trouble import Refused
from server_sync.contract.routes import BY_NAME
from tests.desktop.sync.test_on_the_way import Answering
from tests.syncing import ADDRESS, session_over

WIRE = Path(__file__).parent / "wire"
ANSWERS = sorted(path.name.partition(".")[0] for path in WIRE.glob("*.answer.json"))
PARTS = ("person", "device", "upload", "report", "document", "invitation")


@pytest.mark.parametrize("name", ANSWERS)
def test_every_frozen_answer_is_read_as_its_message(name: str) -> None:
    route, example = BY_NAME[name], (WIRE / f"{name}.answer.json").read_bytes()
    request = WIRE / f"{name}.request.json"
    body = None if route.request in (None, bytes) else msgspec.json.decode(request.read_bytes(), type=route.request)
    way = Answering((route.status, {"Content-Type": route.media}, example))
    api = HttpSyncApi(ADDRESS, session_over(way)())
    got = api.ask(
        name,
        b"x" if route.request is bytes else body,
        token="t",
        key="k" * 8,
        sha256="0" * 64,
        **dict.fromkeys(PARTS, "0"),
    )
    assert got == msgspec.json.decode(example, type=route.answer)
    assert way.asked == 1


def test_the_frozen_problem_keeps_its_slug() -> None:
    example = (WIRE / "problem.json").read_bytes()
    told = msgspec.json.decode(example)
    way = Answering((told["status"], {"Content-Type": "application/problem+json"}, example))
    with pytest.raises(Refused) as found:
        HttpSyncApi(ADDRESS, session_over(way)()).ask("office", token="t")
    assert told["type"].endswith(f":{found.value.slug}")
