"""Everything that can be refused: RFC 9457 problem documents with a stable `type`.

`type` is `urn:autoenroll:problem:` and the slug; `title` is for people; a client decides by `type`, never by words.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server_sync.contract.fields import Answer

PREFIX = "urn:autoenroll:problem:"
MEDIA = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `retry`: the same request may succeed later by itself."""

    slug: str
    status: int
    title: str
    retry: bool = False


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("malformed", 400, "The request is not JSON, or a header or parameter of it cannot be read"),
        Kind("idempotency-key-missing", 400, "A write needs an Idempotency-Key of 8 to 80 letters, digits and hyphens"),
        Kind("unauthenticated", 401, "A valid token is needed"),
        Kind("device-revoked", 401, "This device was revoked"),
        Kind("sign-in-failed", 401, "The e-mail address, the password or the one-time code is wrong"),
        Kind("device-waiting", 403, "This device waits for approval on another one"),
        Kind("forbidden", 403, "This person's role does not allow that"),
        Kind("invitation-unusable", 403, "The invitation is unknown, used or lapsed"),
        Kind("not-found", 404, "There is no such thing in this office"),
        Kind("method-not-allowed", 405, "That cannot be done to this address"),
        Kind("too-slow", 408, "The request arrived too slowly", retry=True),
        Kind("exists", 409, "That id is taken by something else"),
        Kind("version-conflict", 409, "The document has changed since the version this one was made from"),
        Kind("generation-conflict", 409, "The office key has moved on, or a device is missing from the new one"),
        Kind("wrong-state", 409, "The device is not in the state that needs"),
        Kind("email-taken", 409, "This e-mail address belongs to a person already"),
        Kind("last-owner", 409, "An office keeps at least one owner"),
        Kind("chunks-missing", 409, "Not every chunk has arrived yet"),
        Kind("bad-webhook", 400, "This was not signed by Stripe, or too long ago"),
        Kind("no-licence", 404, "This office has no licence yet"),
        Kind("not-offered", 404, "That plan or add-on is not offered"),
        Kind("not-sold-here", 404, "This service sells no licences"),
        Kind("no-seat-free", 409, "Every seat of the licence is taken by another device"),
        Kind("seat-held", 409, "A licence file was made for that PC less than 30 days ago; we can free its seat"),
        Kind("already-bought", 409, "This office has a subscription already; change it in the portal"),
        Kind("shop-unavailable", 503, "The payment service does not answer; nothing was bought", retry=True),
        Kind("deleted", 410, "It was deleted; its id is not used again"),
        Kind("cursor-ahead", 409, "The cursor is ahead of this office: the service was restored from a backup"),
        Kind("cursor-too-old", 410, "Deletions before this cursor are forgotten: start again from 0"),
        Kind("length-required", 411, "The request does not say how long it is"),
        Kind("too-large", 413, "The request is larger than this address takes"),
        Kind("wrong-media", 415, "The request is of another media type than this address takes"),
        Kind("invalid", 422, "The request does not say what this address expects"),
        Kind("not-a-request", 422, "This is no licence request of this office, or a letter of it is wrong"),
        Kind("idempotency-key-reused", 422, "This Idempotency-Key was used for another request"),
        Kind("hash-mismatch", 422, "The bytes are not those of the hash"),
        Kind("bad-signature", 422, "The signature does not fit what it should sign"),
        Kind("protocol-unsupported", 400, "This protocol number is no longer, or not yet, spoken here"),
        Kind("too-many-requests", 429, "Too many requests; wait as long as Retry-After says", retry=True),
        Kind("internal", 500, "The service failed; nothing was changed", retry=True),
        Kind("busy", 503, "The service cannot take this now", retry=True),
    )
}


class Problem(Answer, frozen=True, kw_only=True):
    """A problem document. `detail` names the place in the request, never a value; `version` is set by version-
    conflict.
    """

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    request_id: str | None = None
    version: int | None = None
    missing: list[str] | None = None
    id: UUID | None = None


class Refused(Exception):
    """A request is refused.

    Attributes:
        kind: which problem.
        detail: the place, without any value of the request.
        more: further members of the document (`version`, `missing`, `id`).
        retry_after: seconds to wait, or None.
    """

    def __init__(self, slug: str, detail: str | None = None, *, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(slug)
        self.kind = KINDS[slug]
        self.detail = detail
        self.more = more
        self.retry_after = retry_after

    def document(self, request_id: str) -> Problem:
        """The problem as it travels."""
        kind = self.kind
        return Problem(
            type=PREFIX + kind.slug,
            title=kind.title,
            status=kind.status,
            detail=self.detail,
            request_id=request_id,
            **self.more,
        )


def slug_of(problem: Problem) -> str:
    """The slug of a problem that arrived; "" for one that is not of ours (a proxy's, say)."""
    return problem.type.removeprefix(PREFIX) if problem.type.startswith(PREFIX) else ""
