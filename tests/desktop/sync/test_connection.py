"""Real connections: an inspecting proxy's certificate, the office's own authority, a proxy that is away or refuses."""

import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoenroll_desktop.sync.api import HttpSyncApi
from autoenroll_desktop.sync.connection import session
from autoenroll_desktop.sync.trouble import NotReached
from tests.desktop.updates.test_fetcher import authority, secure

__all__ = ["authority", "secure"]


def slug_of(address: str, **how: object) -> str:
    with session(**how) as made, pytest.raises(NotReached) as found:  # type: ignore[arg-type]
        HttpSyncApi(address, made).ask("health")
    return found.value.slug


@pytest.fixture
def closed() -> int:
    """A port nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def refusing() -> Iterator[str]:
    """A proxy that wants a password."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_parts: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(407)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_CONNECT = do_GET  # noqa: N815 - the name the library looks for

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_certificate_nobody_trusts_is_told_as_such(secure: str, authority: tuple[Path, Path]) -> None:
    address = secure.rpartition("/")[0]
    assert slug_of(address) == "tls-intercepted"
    assert slug_of(address, extra_ca=authority[0]) == "broken", "it is trusted then, and says nothing of ours"


def test_a_service_that_is_away(closed: int) -> None:
    assert slug_of(f"http://127.0.0.1:{closed}") == "offline"


def test_a_proxy_that_is_away_or_refuses(closed: int, refusing: str) -> None:
    for address in ("http://service.invalid", "https://service.invalid"):
        assert slug_of(address, proxy=f"http://127.0.0.1:{closed}") == "proxy"
        assert slug_of(address, proxy=refusing) == "proxy"
