"""The real service on a real PostgreSQL, as the service's own tests have it, and PCs that talk to it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.conftest import built, clock, databases, postgres, service, settings
from tests.syncing import InProcess, Pc, new_pc

__all__ = ["built", "clock", "databases", "postgres", "service", "settings"]


@pytest.fixture
def pc(built: tuple[object, object], tmp_path: Path) -> Callable[[str], Pc]:
    """A PC by its name."""

    def make(name: str) -> Pc:
        return new_pc(tmp_path / name, InProcess(built[0]))

    return make


@pytest.fixture
def office(pc: Callable[[str], Pc]) -> tuple[Pc, Pc]:
    """Two PCs of one office."""
    first, second = pc("a"), pc("b")
    first.make_office()
    first.let_in(second)
    return first, second
