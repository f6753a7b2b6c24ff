"""A release repository as its publisher makes it, served over HTTP by a server that can be told to misbehave."""

import datetime as dt
import http.server
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from autoenroll_desktop.actions.install_update import Setup
from autoenroll_desktop.updates.versions import Versions
from server_sync.contract.release import Offer, offer_target
from server_sync.releases.repository import ReleaseRepository

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packaging" / "release"))
from make_update import list_files, make_update, pack

__all__ = ["Publisher", "Site", "list_files", "pack", "served", "setup_for"]
PLATFORM = "linux-x86_64"
ROLES = ("root", "targets", "channels", "snapshot", "timestamp")
WHOLE = "#!{python}\nimport sys\nprint('ok   everything')\nsys.exit(0)\n"
BROKEN = "#!{python}\nimport sys\nprint('FAIL the database: not there')\nsys.exit(1)\n"


class Publisher:
    """The people and the service that publish, with all their keys at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = ReleaseRepository(folder / "site")
        self.site = folder / "site"
        self.now = dt.datetime.now(dt.UTC)
        self.keys = {role: [CryptoSigner.generate_ed25519() for _ in range(3)] for role in ("root", "targets")}
        self.keys |= {role: [CryptoSigner.generate_ed25519()] for role in ("channels", "snapshot", "timestamp")}
        first = self.repository.create(
            {role: [key.public_key for key in keys] for role, keys in self.keys.items()}, self.now
        )
        for role in ("root", "targets", "channels", "snapshot"):
            self.sign(self.site / "metadata" / f"1.{role}.json", role)
        self.sign(self.site / "metadata" / "timestamp.json", "timestamp")
        self.root = first.read_bytes()

    def sign(self, path: Path, role: str, number: int = 2) -> None:
        for key in self.keys[role][:number]:
            self.repository.sign(path, key)

    def build(self, version: str, program: str = WHOLE, more: dict[str, bytes] | None = None) -> Path:
        """A small program folder of a version, as a frozen one looks."""
        folder = self.folder / "programs" / version
        (folder / "_internal").mkdir(parents=True)
        (folder / "autoenroll-desktop").write_text(program.format(python=sys.executable))
        (folder / "autoenroll-desktop").chmod(0o755)
        (folder / "autoenroll").symlink_to("autoenroll-desktop")
        (folder / "_internal" / "version.txt").write_text(version)
        (folder / "_internal" / "same.bin").write_bytes(bytes(range(256)) * 400)
        for name, data in (more or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return folder

    def release(
        self, version: str, program: str = WHOLE, *, since: tuple[str, ...] = (), **more: dict[str, bytes]
    ) -> None:
        """List and sign a build; it is not published before `publish`."""
        bundle = self.build(version, program, **more)
        earlier = {one: self.folder / "programs" / one for one in since}
        made = make_update(bundle, version, PLATFORM, self.folder / "made", earlier, preset=0)
        self.sign(self.repository.add_targets(made, self.now), "targets")

    def offer(self, version: str, channel: str = "stable", **more: object) -> None:
        path = self.folder / "offer.json"
        path.write_bytes(msgspec.json.encode(Offer(channel=channel, version=version, **more)))
        self.repository.offer({offer_target(channel): path}, self.keys["channels"][0], self.now)

    def publish(self) -> None:
        self.repository.publish(self.keys["snapshot"][0], self.keys["timestamp"][0], self.now)

    def edit(self, name: str, change: Callable[[Metadata], None], *, signed_by: str | None = None) -> None:
        """Change a metadata file as whoever holds a role's key could (or nobody: without `signed_by`)."""
        path = self.site / "metadata" / name
        metadata = Metadata.from_file(str(path))
        change(metadata)
        if signed_by:
            metadata.signatures.clear()
            for key in self.keys[signed_by][:2]:
                metadata.sign(key, append=True)
        path.write_bytes(metadata.to_bytes())

    def newest(self, role: str) -> str:
        found = self.site.glob(f"metadata/*.{role}.json")
        return max(found, key=lambda path: int(path.name.partition(".")[0])).name


@dataclass
class Site:
    """A served folder: its address, what was asked for, and how it misbehaves."""

    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    endless: str = ""  # answers to names that hold this never end
    cut: tuple[str, int] = ("", 0)  # answers to names that hold this break off after so many bytes
    failing: int = 0  # every answer is this status


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Serve a folder on a free port of this machine."""
    site = Site(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_parts: object) -> None:
            pass

        def do_GET(self) -> None:
            _answer(self, site)

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_parts: object) -> None:
            """Clients that are killed or refuse an answer break off; that is what is tried."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _answer(request: http.server.BaseHTTPRequestHandler, site: Site) -> None:
    name = request.path.lstrip("/")
    site.asked.append(name)
    path = site.folder / name
    if site.failing or not path.is_file():
        request.send_response(site.failing or 404)
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    data, start = path.read_bytes(), 0
    if asked := request.headers.get("Range"):
        site.ranges.append(asked)
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
        if start >= len(data):
            request.send_response(416)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206)
        request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    else:
        request.send_response(200)
    part, limit = site.cut
    body = data[start:]
    request.send_header("Content-Length", str(10**12 if site.endless and site.endless in name else len(body)))
    request.end_headers()
    try:
        if site.endless and site.endless in name:
            for _ in range(200):
                request.wfile.write(b"x" * 65536)
            request.close_connection = True
        elif part and part in name:
            request.wfile.write(body[:limit])
            request.close_connection = True
        else:
            request.wfile.write(body)
    except ConnectionError:
        request.close_connection = True


def setup_for(publisher: Publisher, site: Site, home: Path, **more: object) -> Setup:
    """A client's setup: the publisher's first root, this site, a home of its own."""
    plain = {
        "url": site.url,
        "root": publisher.root,
        "versions": Versions(home),
        "platform": PLATFORM,
        "running": "0.1.0",
    }
    return Setup(**{**plain, **more})
