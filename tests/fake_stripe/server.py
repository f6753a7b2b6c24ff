"""The fake on a loopback socket: the API, the checkout page and the customer portal a browser opens.

It cannot show Stripe's own pages, 3-D Secure, tax by address, dunning or the true times of retries; before a release
one purchase is made by hand with real test keys.
"""

import html
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from tests.fake_stripe.account import Account
from tests.fake_stripe.api import Api
from tests.fake_stripe.forms import read_form

Fault = Callable[[str, str], str]
"""Method and path → "" to answer, "500", "429", "lost" (done, but the answer never comes) or "down" (not done)."""
PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}"


class FakeStripe:
    """A Stripe of its own on a free port. Use as a context."""

    def __init__(self, now: int, fault: Fault = lambda method, path: "") -> None:
        self.account = Account(now)
        self.api = Api(self.account)
        self.fault = fault
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.account.base = self.url
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeStripe
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self._answer("GET", address.path, read_form(address.query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer("POST", urlsplit(self.path).path, read_form(body.decode()))

    def do_DELETE(self) -> None:
        address = urlsplit(self.path)
        self._answer("DELETE", address.path, read_form(address.query))

    def _answer(self, method: str, path: str, params: dict[str, Any]) -> None:
        if not path.startswith("/v1/"):
            self._page(method, path, params)
            return
        fault = self.fake.fault(method, path)
        if fault in ("500", "429"):
            message = {"error": {"type": "api_error", "message": "An unknown error occurred"}}
            self._send(int(fault), json.dumps(message).encode(), "application/json")
            return
        if fault == "down":
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer = self.fake.api.call(method, path, params, headers)
        if fault == "lost":
            self.close_connection = True
            return
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _page(self, method: str, path: str, params: dict[str, Any]) -> None:
        account = self.fake.account
        with account.lock:
            thing = account.things.get(path.rpartition("/")[2])
            if thing is None or thing["object"] not in ("checkout.session", "billing_portal.session"):
                self._send(404, b"nothing here", "text/plain")
            elif thing["object"] == "checkout.session":
                self._checkout(method, thing, params)
            else:
                self._portal(method, thing, params)

    def _checkout(self, method: str, session: dict[str, Any], params: dict[str, Any]) -> None:
        account = self.fake.account
        if session["status"] != "open":
            self._html("This page has run out", "<p>It was paid already, or it is more than a day old.</p>")
        elif method == "GET":
            lines = "".join(
                f"<li>{line.get('quantity', 1)} × {html.escape(account.things[line['price']]['lookup_key'])}"
                for line in session["_lines"]
            )
            buttons = "".join(
                f"<button id={way} name=way value={way}>{text}</button> "
                for way, text in (("card", "Pay by card"), ("sepa_debit", "Pay by direct debit"))
            )
            self._html(
                "Checkout",
                f'<ul>{lines}</ul><form method=post>{buttons}</form><a id=back href="{html.escape(session["cancel_url"])}">Back</a>',
            )
        else:
            account.pay(session, params["way"])
            self._go(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))

    def _portal(self, method: str, portal: dict[str, Any], params: dict[str, Any]) -> None:
        account = self.fake.account
        running = [
            one for one in account.all("subscription", customer=portal["customer"]) if one["status"] != "canceled"
        ]
        if method == "POST" and running:
            account.cancel(running[0], now=params["do"] == "cancel-now")
            self._go(portal["return_url"])
        else:
            listed = "".join(f"<li>{one['status']}" for one in running)
            self._html(
                "Your subscription",
                f"<ul>{listed}</ul><form method=post><button id=cancel name=do value=cancel>Cancel at the end</button></form>",
            )

    def _html(self, title: str, body: str) -> None:
        self._send(200, PAGE.format(title=title, body=body).encode(), "text/html; charset=utf-8")

    def _go(self, address: str) -> None:
        self.send_response(303)
        self.send_header("location", address)
        self.send_header("content-length", "0")
        self.end_headers()

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("request-id", "req_fake")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: test output is for tests."""
