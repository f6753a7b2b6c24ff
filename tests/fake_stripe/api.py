"""The calls of Stripe's API the service makes, each answered from the account. A call that is not here is a 404."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.fake_stripe import shapes
from tests.fake_stripe.account import Account
from tests.fake_stripe.library import unknown_params
from tests.fake_stripe.shapes import Object

Answer = tuple[int, Object]


class Refused(Exception):
    """Stripe answers with an error."""

    def __init__(self, status: int, message: str, code: str = "", kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.answer: Answer = (status, {"error": {"type": kind, "code": code, "message": message}})


class Api:
    """The API of one account. Keys are any that begin with sk_test_ or rk_test_."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.calls: list[str] = []
        self._answered: dict[str, tuple[str, Answer]] = {}
        self._routes: list[tuple[str, str, Callable[..., Object]]] = [
            ("POST", "/v1/customers", self._make_customer), ("POST", "/v1/customers/ID", self._change_customer),
            ("GET", "/v1/customers/ID", self._get), ("POST", "/v1/products", self._make_product),
            ("POST", "/v1/prices", self._make_price), ("GET", "/v1/prices", self._prices),
            ("POST", "/v1/checkout/sessions", self._make_session), ("GET", "/v1/checkout/sessions/ID", self._get),
            ("GET", "/v1/checkout/sessions", self._list_of("checkout.session", "/v1/checkout/sessions")),
            ("POST", "/v1/checkout/sessions/ID/expire", self._expire_session),
            ("POST", "/v1/subscriptions", self._make_subscription), ("GET", "/v1/subscriptions", self._subscriptions),
            ("GET", "/v1/subscriptions/ID", self._get), ("POST", "/v1/subscriptions/ID", self._change_subscription),
            ("DELETE", "/v1/subscriptions/ID", self._cancel_subscription),
            ("GET", "/v1/invoices", self._list_of("invoice")), ("GET", "/v1/invoices/ID", self._get),
            ("GET", "/v1/charges", self._list_of("charge")), ("GET", "/v1/charges/ID", self._get),
            ("GET", "/v1/disputes", self._list_of("dispute")), ("GET", "/v1/events", self._events),
            ("POST", "/v1/billing_portal/sessions", self._make_portal),
            ("GET", "/v1/webhook_endpoints", self._list_of("webhook_endpoint")),
        ]  # fmt: skip

    def call(self, method: str, path: str, params: Object, headers: dict[str, str]) -> Answer:
        """Answer one call, the same way again for the same idempotency key."""
        key = headers.get("idempotency-key", "") if method == "POST" else ""
        print_of_call = json.dumps([path, params], sort_keys=True)
        with self.account.lock:
            self.calls.append(f"{method} {path}")
            if key in self._answered:
                before, answer = self._answered[key]
                if before != print_of_call:
                    return Refused(
                        400,
                        "Keys for idempotent requests can only be used with the same parameters",
                        kind="idempotency_error",
                    ).answer
                return answer
            answer = self._answer(method, path, params, headers)
            if key and answer[0] < 500:
                self._answered[key] = (print_of_call, json.loads(json.dumps(answer)))
            return answer

    def _answer(self, method: str, path: str, params: Object, headers: dict[str, str]) -> Answer:
        try:
            return 200, self._routed(method, path, params, headers)
        except Refused as refused:
            return refused.answer

    def _routed(self, method: str, path: str, params: Object, headers: dict[str, str]) -> Object:
        if not re.match(r"Bearer [sr]k_test_", headers.get("authorization", "")):
            raise Refused(401, "Invalid API Key provided", kind="authentication_error")
        for verb, pattern, answer in self._routes:
            found = re.fullmatch(pattern.replace("ID", r"([A-Za-z]+_\w+)"), path)
            if verb == method and found:
                wrong = unknown_params(f"{verb} {pattern}", params)
                if wrong:
                    raise Refused(400, f"Received unknown parameter: {wrong[0]}", "parameter_unknown")
                return self._expanded(answer(*found.groups(), params), params)
        raise Refused(404, f"Unrecognized request URL ({method}: {path})")

    def _expanded(self, answer: Object, params: Object) -> Object:
        """A copy as it goes out; an invoice's payments only where they were asked for, as Stripe does it."""
        copied: Object = json.loads(json.dumps(answer))
        asked = set(params.get("expand", []))
        for one in copied.get("data", [copied]) if copied.get("object") == "list" else [copied]:
            if one.get("object") == "invoice" and not asked & {"payments", "data.payments"}:
                del one["payments"]
            for private in ("_lines", "_subscription"):
                one.pop(private, None)
        return copied

    def thing(self, identity: str) -> Object:
        if identity not in self.account.things:
            raise Refused(404, f"No such object: '{identity}'", "resource_missing")
        return self.account.things[identity]

    def _get(self, identity: str, _params: Object) -> Object:
        return self.thing(identity)

    def _make_customer(self, params: Object) -> Object:
        made = self.account.add(shapes.customer(self.account.identity("cus"), self.account.now, params))
        self.account.emit("customer.created", made)
        return made

    def _change_customer(self, identity: str, params: Object) -> Object:
        found = self.thing(identity)
        for name, value in params.items():
            found[name] = found[name] | value if isinstance(value, dict) else value
        self.account.emit("customer.updated", found)
        return found

    def _make_product(self, params: Object) -> Object:
        identity = params.get("id") or self.account.identity("prod")
        if identity in self.account.things:
            raise Refused(400, "Product already exists.", "resource_already_exists")
        return self.account.add(
            {"id": identity, "object": "product", "active": True, "created": self.account.now, "name": params["name"],
             "description": params.get("description"), "livemode": False, "metadata": params.get("metadata", {}), "tax_code": params.get("tax_code")}
        )  # fmt: skip

    def _make_price(self, params: Object) -> Object:
        self.thing(params["product"])
        if next(self.account.all("price", lookup_key=params.get("lookup_key") or object()), None):
            raise Refused(400, "A price already uses that lookup key.", "resource_already_exists")
        return self.account.add(shapes.price(self.account.identity("price"), self.account.now, params))

    def _prices(self, params: Object) -> Object:
        keys = params.get("lookup_keys", [])
        found = [one for one in self.account.all("price") if not keys or one["lookup_key"] in keys]
        return self._page(found, params, "/v1/prices")

    def _make_session(self, params: Object) -> Object:
        lines = self._lines(params.get("line_items", []))
        if "customer" in params:
            self.thing(params["customer"])
            if (
                shapes._true(params.get("tax_id_collection"))
                and params.get("customer_update", {}).get("name") != "auto"
            ):
                raise Refused(
                    400,
                    "Tax ID collection requires updating business name on the customer: set customer_update[name] to auto.",
                )
            if shapes._true(params.get("automatic_tax")) and params.get("customer_update", {}).get("address") != "auto":
                raise Refused(400, "Automatic tax calculation in Checkout requires a valid address on the Customer.")
        identity = self.account.identity("cs_test")
        made = shapes.session(identity, self.account.now, params, f"{self.account.base}/c/pay/{identity}")
        made.update(_lines=lines, _subscription=params.get("subscription_data", {}))
        return self.account.add(made)

    def _expire_session(self, identity: str, _params: Object) -> Object:
        found = self.thing(identity)
        if found["status"] != "open":
            raise Refused(400, 'Only Checkout Sessions with a status in ["open"] can be expired.')
        found.update(status="expired", url=None)
        self.account.emit("checkout.session.expired", found)
        return found

    def _lines(self, given: list[Object]) -> list[Object]:
        if not given:
            raise Refused(400, "Missing required param: line_items.", "parameter_missing")
        for line in given:
            if self.thing(line["price"])["object"] != "price":
                raise Refused(400, f"No such price: '{line['price']}'", "resource_missing")
        return given

    def _make_subscription(self, params: Object) -> Object:
        lines = [
            (self.thing(line["price"]), int(line.get("quantity", 1))) for line in self._lines(params.get("items", []))
        ]
        self.thing(params["customer"])
        return self.account.subscribe(params["customer"], lines, params)

    def _change_subscription(self, identity: str, params: Object) -> Object:
        found = self.thing(identity)
        if found["status"] in ("canceled", "incomplete_expired"):
            raise Refused(400, "A canceled subscription can only update its cancellation_details.")
        for line in params.get("items", []):
            if "id" in line:
                item = next(one for one in found["items"]["data"] if one["id"] == line["id"])
                self.account.change(found, item, int(line["quantity"]))
            else:
                first = found["items"]["data"][0]
                period = (first["current_period_start"], first["current_period_end"])
                added = shapes.item(self.account.identity("si"), identity, self.thing(line["price"]), 0, *period)
                found["items"]["data"].append(added)
                self.account.change(found, added, int(line["quantity"]))
        if str(params.get("cancel_at_period_end")).lower() == "true":
            self.account.cancel(found, now=False)
        return found

    def _cancel_subscription(self, identity: str, _params: Object) -> Object:
        self.account.cancel(self.thing(identity), now=True)
        return self.thing(identity)

    def _subscriptions(self, params: Object) -> Object:
        wanted = params.get("status")
        found = [
            one for one in self.account.all("subscription")
            if one["customer"] == params.get("customer", one["customer"])
            and (wanted == "all" or one["status"] == wanted or (wanted is None and one["status"] not in ("canceled", "incomplete_expired")))
        ]  # fmt: skip
        return self._page(found, params, "/v1/subscriptions")

    def _list_of(self, kind: str, url: str = "") -> Callable[[Object], Object]:
        fields = ("customer", "status", "charge", "payment_intent", "subscription")

        def answer(params: Object) -> Object:
            wanted = {name: params[name] for name in fields if name in params}
            return self._page(list(self.account.all(kind, **wanted)), params, url or f"/v1/{kind}s")

        return answer

    def _events(self, params: Object) -> Object:
        since = int(params.get("created", {}).get("gte", 0))
        kinds = params.get("types")
        found = [
            one
            for one in reversed(self.account.events)
            if one["created"] >= since and (not kinds or one["type"] in kinds)
        ]
        return self._page(found, params, "/v1/events")

    def _make_portal(self, params: Object) -> Object:
        self.thing(params["customer"])
        identity = self.account.identity("bps")
        return self.account.add(
            shapes.portal(identity, self.account.now, params, f"{self.account.base}/p/session/{identity}")
        )

    def _page(self, found: list[Any], params: Object, url: str) -> Object:
        after = params.get("starting_after")
        if after:
            found = found[[one["id"] for one in found].index(after) + 1 :]
        limit = int(params.get("limit", 10))
        return shapes.listed(found[:limit], url, more=len(found) > limit)
