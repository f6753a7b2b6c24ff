"""The wire of protocol 1 is frozen: an example of every message, which today's code must still read and write the same."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server_sync.contract.problems import KINDS, PREFIX, Problem, Refused, slug_of
from server_sync.contract.routes import BY_NAME, ROUTES, problems_of
from server_sync.contract.version import OLDEST, PROTOCOL

WIRE = Path(__file__).with_name("wire")
ROOT = Path(__file__).resolve().parents[2]
MESSAGES = {
    f"{route.name}.{side}": kind
    for route in ROUTES
    for side, kind in (("request", route.request), ("answer", route.answer))
    if kind not in (None, bytes)
}


def example(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MESSAGES)
def test_an_example_is_read_and_written_unchanged(name: str) -> None:
    kept = example(name)
    message = msgspec.convert(kept, MESSAGES[name])
    assert json.loads(msgspec.json.encode(message)) == kept


def test_every_example_is_of_a_message() -> None:
    names = {path.stem for path in WIRE.glob("*.json")}
    assert names == {*MESSAGES, "problem", "routes"}


def test_the_routes_are_those_of_the_protocol() -> None:
    now = [
        [route.name, route.method, route.path, route.access, sorted(route.roles), route.status, route.writes]
        for route in ROUTES
    ]
    assert now == example("routes")


@pytest.mark.parametrize("name", [name for name in MESSAGES if name.endswith(".answer")])
def test_a_desktop_passes_over_what_a_later_service_adds(name: str) -> None:
    assert msgspec.convert({**example(name), "added_later": 1}, MESSAGES[name]) == msgspec.convert(
        example(name), MESSAGES[name]
    )


@pytest.mark.parametrize("name", [name for name in MESSAGES if name.endswith(".request")])
def test_the_service_refuses_what_it_does_not_know(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({**example(name), "added_later": 1}, MESSAGES[name])


def test_a_problem_travels() -> None:
    kept = example("problem")
    problem = msgspec.convert(kept, Problem)
    assert slug_of(problem) == "version-conflict"
    assert json.loads(msgspec.json.encode(problem)) == kept
    assert slug_of(Problem(type="about:blank", title="Bad Gateway", status=502)) == ""
    assert Refused("version-conflict", version=3).document("r").version == 3


def test_every_slug_is_used_and_every_used_one_is_known() -> None:
    used = {slug for route in ROUTES for slug in problems_of(route)} | {"method-not-allowed"}
    assert used == set(KINDS)
    assert all(kind.title and 400 <= kind.status < 600 and PREFIX + slug for slug, kind in KINDS.items())


def test_versions() -> None:
    assert OLDEST in (PROTOCOL, PROTOCOL - 1)
    assert BY_NAME["report"].address(report="x") == "/v1/reports/x"


def test_the_contract_needs_nothing_of_the_service() -> None:
    """What a desktop imports: msgspec and the standard library, however deep."""
    code = (
        "import sys, importlib, pkgutil, server_sync.contract as c\n"
        "[importlib.import_module(f'server_sync.contract.{m.name}') for m in pkgutil.iter_modules(c.__path__)]\n"
        "own = {n.split('.')[0] for n in sys.modules} - {*sys.stdlib_module_names, 'typing_extensions'}\n"
        "print(sorted(n for n in own if not n.startswith('_')))\n"
        "print(sorted(n for n in sys.modules if n.startswith('server_sync.') and not n.startswith('server_sync.contract')))\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            "import sys; sys.path[:0] = "
            + repr([str(ROOT), *(one for one in sys.path if "site-packages" in one)])
            + "\n"
            + code,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["['msgspec', 'server_sync']", "[]"], done.stderr
