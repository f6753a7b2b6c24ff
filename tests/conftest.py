"""Shared by all tests: no display needed, Hypothesis profiles, where things are."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["AUTOENROLL_DATA"] = tempfile.mkdtemp(prefix="autoenroll-tests-")  # never this user's own store
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # nor this user's keyring
os.environ.pop("AUTOENROLL_PASSPHRASE", None)
atexit.register(shutil.rmtree, os.environ["AUTOENROLL_DATA"], ignore_errors=True)

_quiet = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("default", max_examples=60, derandomize=bool(os.environ.get("CI")), **_quiet)
settings.register_profile("campaign", max_examples=20_000, **_quiet)
settings.register_profile("mutation", max_examples=8, derandomize=True, **_quiet)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="take what is read of tests/data as approved")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sample() -> Path:
    return ROOT / "resources" / "sample"


@pytest.fixture(scope="session", autouse=True)
def _data_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the program remembers goes into a temporary folder, never into the home of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOENROLL_DATA", str(tmp_path_factory.mktemp("data")))
        yield
