"""A small server that speaks S3 as far as the service does: signed requests, one bucket, objects in memory.

It works the signature out from what arrived on the wire, by the steps of Amazon's reference, and refuses what differs. It can
be told to fail, to cut lines off and to lose objects.
"""

import hashlib
import hmac
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

KEY_ID, SECRET, REGION, BUCKET = "TESTKEYID", "test/secret+key", "eu-west-1", "sealed"
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/s3/aws4_request,\s?SignedHeaders=([\w;-]+),\s?Signature=([0-9a-f]{64})"
)


class S3Server(ThreadingHTTPServer):
    """Runs in a thread as long as the block lasts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.asked: list[tuple[str, int]] = []
        self.failing = 0
        self.cutting = 0
        self.down = False
        self.hanging = 0
        self.answers = threading.Event()
        self.answers.set()

    @property
    def url(self) -> str:
        """As BLOB_URL has it, with a folder in the bucket."""
        return f"s3://{BUCKET}/office%20chunks?region={REGION}&endpoint=http://127.0.0.1:{self.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        return {"BLOB_URL": self.url, "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A line that was cut off is no error here."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3Server

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._taken(body):
            self.server.objects[self.path] = body
            self._say(200)

    def do_GET(self) -> None:
        if self._taken(b""):
            found = self.server.objects.get(self.path)
            self._say(404 if found is None else 200, _error("NoSuchKey") if found is None else found)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._taken(b""):
            self.server.objects.pop(self.path, None)
            self._say(204)

    def _taken(self, body: bytes) -> bool:
        server = self.server
        server.hanging += not server.answers.is_set()
        server.answers.wait(30)
        if server.down or server.cutting > 0:
            server.cutting -= 1
            self.close_connection = True
            return False
        if server.failing > 0:
            server.failing -= 1
            self._say(503, _error("SlowDown"))
        elif not self._signed(body):
            self._say(403, _error("SignatureDoesNotMatch"))
        elif not self.path.startswith(f"/{BUCKET}/"):
            self._say(404, _error("NoSuchBucket"))
        else:
            return True
        return False

    def _signed(self, body: bytes) -> bool:
        said = AUTHORIZATION.fullmatch(self.headers.get("Authorization", ""))
        if said is None or said[1] != KEY_ID or said[3] != REGION:
            return False
        names = said[4].split(";")
        if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names) or names != sorted(names):
            return False
        digest = hashlib.sha256(body).hexdigest()
        if self.headers["x-amz-content-sha256"] != digest:
            return False
        path, _, query = self.path.partition("?")
        lines = [self.command, path, query, *(f"{name}:{self.headers[name]}" for name in names), "", said[4], digest]
        canonical = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{said[2]}/{REGION}/s3/aws4_request\n{canonical}"
        key = _mac(_mac(_mac(_mac(b"AWS4" + SECRET.encode(), said[2]), REGION), "s3"), "aws4_request")
        return hmac.compare_digest(_mac(key, text).hex(), said[5])

    def _say(self, status: int, body: bytes = b"") -> None:
        self.server.asked.append((self.command, status))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _error(code: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'.encode()
