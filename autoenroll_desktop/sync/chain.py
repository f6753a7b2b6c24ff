"""The office's audit chain: who let whom in, checked link by link from the last one seen."""

import datetime as dt

import msgspec

from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.trouble import Distrusted
from server_sync.contract.identity import AuditEntry
from server_sync.contract.signing import audit_link

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_START = "0" * 64


def follow(caller: Caller) -> Membership:
    """This device with the last link it has seen now.

    Raises:
        Distrusted: audit-broken, the chain does not continue from the link seen last. NotReached, Refused.
    """
    number, last = caller.me.audit
    last = last or _START
    after: int | None = number
    while after is not None:
        page = caller.ask("audit", query={"after": after, "limit": 200})
        for entry in page.items:
            if (entry.sequence, entry.previous) != (number + 1, last) or entry.hash != _link(caller.me, entry):
                raise Distrusted("audit-broken")
            number, last = entry.sequence, entry.hash
        after = page.next
    return msgspec.structs.replace(caller.me, audit=(number, last))


def _link(me: Membership, entry: AuditEntry) -> str:
    at_us = (entry.at - _EPOCH) // dt.timedelta(microseconds=1)
    previous = bytes.fromhex(entry.previous)
    who = (entry.person, entry.device)
    return audit_link(previous, me.office, entry.sequence, at_us, *who, entry.action, entry.subject).hex()
