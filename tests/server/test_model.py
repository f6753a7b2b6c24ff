"""An office as a state machine: whatever its desks do, the service keeps just what a plain model of it says.

Hypothesis chooses the steps; two desks act, a third only follows the feed, and must end with the same things.
"""

import hashlib
import os
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.server.conftest import Databases
from tests.server.desk import Desk, Send, b64, manifest

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
SMALL = st.binary(min_size=1, max_size=40)
CHUNKS = st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=1)


class Office(RuleBasedStateMachine):
    """One office; `send` and `forget_rates` are set by the test."""

    send: Send
    forget_rates: Callable[[], None]
    reports = Bundle("reports")
    documents = Bundle("documents")
    uploads = Bundle("uploads")

    @initialize()
    def begin(self) -> None:
        self.forget_rates()
        self.desks = [Desk(self.send).make_office()]
        self.desks.append(self.desks[0].colleague())
        self.kept: dict[str, tuple[str, bytes]] = {}  # id → what it is, its bytes
        self.versions: dict[str, int] = {}
        self.partial: dict[str, tuple[dict[str, Any], list[bytes]]] = {}
        self.gone: set[str] = set()
        self.cursor = self.desks[0]("office").json["change"]
        self.followed: dict[str, tuple[str, bytes]] = {}

    @rule(target=reports, sealed=SMALL, who=st.integers(0, 1), times=st.integers(1, 3))
    def put_report(self, sealed: bytes, who: int, times: int) -> str:
        which, key = str(uuid4()), uuid4().hex
        for _ in range(times):
            assert (
                self.desks[who]("put_report", {"id": which, "kind": "run", "sealed": b64(sealed)}, key=key).status
                == 201
            )
        self.kept[which] = ("report", sealed)
        return which

    @rule(which=reports, sealed=SMALL)
    def put_it_again(self, which: str, sealed: bytes) -> None:
        reply = self.desks[1]("put_report", {"id": which, "kind": "run", "sealed": b64(sealed)})
        if which in self.gone:
            assert reply.slug == "deleted"
        else:
            assert reply.slug == ("" if self.kept[which][1] == sealed else "exists")

    @rule(target=documents)
    def name_document(self) -> str:
        return str(uuid4())

    @rule(which=documents, sealed=SMALL, who=st.integers(0, 1), behind=st.integers(0, 2))
    def put_document(self, which: str, sealed: bytes, who: int, behind: int) -> None:
        version = self.versions.get(which, 0)
        body = {"kind": "client", "base_version": max(0, version - behind), "sealed": b64(sealed)}
        reply = self.desks[who]("put_document", body, document=which)
        if which in self.gone:
            assert reply.slug == "deleted"
        elif body["base_version"] != version:
            assert (reply.slug, reply.json["version"]) == ("version-conflict", version)
        else:
            assert reply.json["version"] == version + 1
            self.versions[which], self.kept[which] = version + 1, ("document", sealed)

    @rule(target=uploads, chunks=CHUNKS)
    def begin_upload(self, chunks: list[bytes]) -> str:
        body = manifest(chunks)
        assert self.desks[0]("manifest", body).json["state"] == "partial"
        self.partial[body["id"]] = (body, chunks)
        return str(body["id"])

    @rule(which=uploads, who=st.integers(0, 1), send_chunks=st.booleans())
    def finish_upload(self, which: str, who: int, send_chunks: bool) -> None:
        body, chunks = self.partial[which]
        resumed = self.desks[who]("manifest", body)
        if which in self.gone:
            assert resumed.slug == "deleted"
            return
        missing = resumed.json["missing"]
        if send_chunks:
            for name in missing:
                assert (
                    self.desks[who](
                        "put_chunk",
                        next(one for one in chunks if hashlib.sha256(one).hexdigest() == name),
                        upload=which,
                        sha256=name,
                    ).status
                    == 200
                )
        done = self.desks[who]("complete", upload=which)
        if missing and not send_chunks:
            assert done.json["missing"] == missing
        else:
            assert done.json["state"] == "complete"
            self.kept[which] = ("upload", b"".join(chunks))

    @rule(which=st.one_of(reports, documents, uploads), who=st.integers(0, 1))
    def delete(self, which: str, who: int) -> None:
        name = (
            "upload"
            if which in self.partial
            else "document"
            if which in self.versions or which not in self.kept
            else "report"
        )
        if which in self.kept:
            name = self.kept[which][0]
        reply = self.desks[who](f"delete_{name}", **{name: which})
        if which in self.kept or (which in self.partial and which not in self.gone):
            assert reply.status == 200
            self.kept.pop(which, None)
            self.versions.pop(which, None)
            self.gone.add(which)
        else:
            assert reply.slug == "not-found"

    @rule(limit=st.integers(1, 4))
    def follow(self, limit: int) -> None:
        """Read one page of the feed and apply it, as a PC that was away does."""
        page = self.desks[1]("changes", query=f"after={self.cursor}&limit={limit}&sealed=1").json
        for change in page["items"]:
            if change["gone"]:
                self.followed.pop(change["id"], None)
            elif change["what"] in ("report", "document"):
                sealed = self.desks[1](change["what"], **{change["what"]: change["id"]})
                if sealed.status == 200:  # it may be gone by now; the feed says so further on
                    self.followed[change["id"]] = (change["what"], sealed.body)
            elif change["what"] == "upload":
                self.followed[change["id"]] = ("upload", b"")
        self.cursor = page["cursor"]

    @invariant()
    def counts_agree(self) -> None:
        shown = self.desks[0]("office").json
        for what in ("report", "document", "upload"):
            assert shown[f"{what}s"] == sum(1 for one, _ in self.kept.values() if one == what)
        assert shown["stored_bytes"] == sum(len(sealed) for _, sealed in self.kept.values())

    def teardown(self) -> None:
        if not hasattr(self, "cursor"):  # the office was not even made: what made it fail is told
            return
        while self.cursor < self.desks[0]("office").json["change"]:
            self.follow(4)
        assert {which: what for which, (what, _) in self.followed.items()} == {
            which: what for which, (what, _) in self.kept.items()
        }
        for which, (what, sealed) in self.kept.items():
            if what != "upload":
                assert self.desks[1](what, **{what: which}).json["sealed"] == b64(sealed)


@pytest.mark.slow
def test_an_office_keeps_what_its_desks_did(send: Send, databases: Databases) -> None:
    machine = type(
        "OfficeHere", (Office,), {"send": staticmethod(send), "forget_rates": staticmethod(databases.forget_rates)}
    )
    examples, steps = (500, 60) if LONG else (8, 20)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=not LONG, database=None, suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
