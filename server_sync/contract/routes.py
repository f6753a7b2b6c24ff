"""Every address of the service in one typed table: the desktop calls by it, the service dispatches and documents by
it.
"""

from dataclasses import dataclass
from typing import Any, Literal

from server_sync.contract import identity as who
from server_sync.contract import licensing, things
from server_sync.contract.fields import CHUNK_SIZE, Role

Access = Literal["anyone", "waiting", "active"]
"""Who may call: anyone; a registered device even while it waits; a device that was let in."""
BYTES = "application/octet-stream"
LINES = "application/x-ndjson"

READERS: tuple[Role, ...] = ("owner", "manager", "clerk", "read-only")
WRITERS: tuple[Role, ...] = ("owner", "manager", "clerk")
LEADERS: tuple[Role, ...] = ("owner", "manager")
KEEPERS: tuple[Role, ...] = ("owner", "manager", "it")
EVERYBODY: tuple[Role, ...] = ("owner", "manager", "clerk", "read-only", "it")


@dataclass(frozen=True)
class Route:
    """One thing that can be asked.

    Attributes:
        name: how code names it.
        summary: what it does, one sentence.
        access, roles: which devices, and which of their people.
        request: the message in the body; bytes for raw bytes, None for no body.
        query: the message the query string is read as.
        answer: the message that comes back; bytes for raw bytes, None for none.
        status: of success.
        problems: slugs that are its own, beside those every route may give.
        idempotent: the write needs no Idempotency-Key, for its address or body names one outcome already.
        limit: bytes the body may have.
        media, takes: of the answer; of the body, where it is not JSON or plain bytes.
        counted: strangers may ask it only so often, for answering costs something.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    summary: str
    access: Access = "active"
    roles: tuple[Role, ...] = EVERYBODY
    request: Any = None
    query: Any = None
    answer: Any = None
    status: int = 200
    problems: tuple[str, ...] = ()
    idempotent: bool = False
    limit: int = 65_536
    media: str = "application/json"
    takes: str = ""
    counted: bool = True

    @property
    def writes(self) -> bool:
        """Whether an Idempotency-Key is needed."""
        return self.method != "GET" and not self.idempotent

    @property
    def body_media(self) -> str:
        """The media type its body has to be of."""
        return self.takes or (BYTES if self.request is bytes else "application/json")

    def address(self, **parts: object) -> str:
        """The path with its parts filled in."""
        return self.path.format(**parts)


SHOP = ("not-sold-here", "shop-unavailable")
HTML = "text/html; charset=utf-8"
SEALED_BODY = 360_448  # a sealed 256 KiB in base64, and the fields around it

ROUTES = (
    Route("health", "GET", "/health", "Whether the service and its database answer.", "anyone", answer=things.Health, problems=("busy",)),
    # Offices and the people in them
    Route("make_office", "POST", "/v1/offices", "Make an office with its first person and device.", "anyone", request=who.NewOffice, answer=who.Registered, status=201, problems=("exists", "email-taken", "bad-signature")),
    Route("office", "GET", "/v1/office", "The office in counts and sizes.", answer=who.Office),
    Route("erase_office", "DELETE", "/v1/office", "Erase the office: its keys now, its bytes within minutes.", roles=("owner",), request=who.Erasure, answer=who.Erased, status=202, problems=("sign-in-failed", "wrong-state")),
    Route("export_office", "GET", "/v1/office/export", "Everything the office keeps here, one JSON object a line.", roles=("owner",), answer=bytes, media=LINES),
    Route("rotate_key", "PUT", "/v1/office/key", "The next office key, sealed to every active device.", roles=LEADERS, request=who.Rotation, answer=who.OfficeKeys, problems=("generation-conflict", "bad-signature"), limit=1_048_576),
    Route("recovery", "GET", "/v1/office/recovery", "The office key sealed to the printed recovery code.", "waiting", answer=who.RecoverySealed),
    Route("audit", "GET", "/v1/audit", "The audit chain, oldest first.", roles=KEEPERS, query=things.ByAfter, answer=who.AuditPage),
    Route("people", "GET", "/v1/people", "The people of the office.", query=things.ById, answer=who.People),
    Route("join", "POST", "/v1/people", "Take up an invitation on a first device.", "anyone", request=who.Joining, answer=who.Registered, status=201, problems=("invitation-unusable", "exists", "email-taken", "bad-signature")),
    Route("set_role", "PUT", "/v1/people/{person}/role", "Give a person another role.", roles=("owner",), request=who.NewRole, answer=who.Person, problems=("last-owner",)),
    Route("remove_person", "DELETE", "/v1/people/{person}", "Remove a person and revoke their devices.", roles=("owner",), answer=things.Deleted, problems=("last-owner",)),
    Route("set_password", "PUT", "/v1/people/me/password", "Change one's own password.", request=who.NewPassword, answer=who.Person, problems=("sign-in-failed",)),
    Route("set_codes", "PUT", "/v1/people/me/codes", "Turn one-time codes on or off.", request=who.OneTimeCodes, answer=who.Person, problems=("sign-in-failed",)),
    Route("invitations", "GET", "/v1/invitations", "Invitations, open and used.", roles=LEADERS, query=things.ById, answer=who.Invitations),
    Route("invite", "POST", "/v1/invitations", "Invite a person by a code handed to them.", roles=LEADERS, request=who.NewInvitation, answer=who.Invitation, status=201, problems=("exists", "forbidden")),
    Route("withdraw", "DELETE", "/v1/invitations/{invitation}", "Withdraw an invitation.", roles=LEADERS, answer=who.Invitation, problems=("wrong-state",)),
    # Devices and tokens
    Route("sign_in", "POST", "/v1/devices", "Sign in on a new device, which then waits for approval.", "anyone", request=who.SignIn, answer=who.Registered, status=201, problems=("sign-in-failed", "exists", "bad-signature")),
    Route("challenge", "POST", "/v1/challenges", "A challenge to sign for a token.", "anyone", request=who.ChallengeFor, answer=who.Challenge, idempotent=True),
    Route("token", "POST", "/v1/tokens", "A short-lived token for a signed challenge.", "anyone", request=who.TokenRequest, answer=who.Token, idempotent=True, problems=("bad-signature", "device-revoked", "unauthenticated")),
    Route("devices", "GET", "/v1/devices", "The devices of the office.", query=things.ById, answer=who.Devices),
    Route("this_device", "GET", "/v1/devices/me", "This device, while it waits and after.", "waiting", answer=who.Device),
    Route("device_keys", "GET", "/v1/devices/me/keys", "The office keys sealed to this device.", answer=who.OfficeKeys),
    Route("recover", "POST", "/v1/devices/me/recovery", "Let this device in with the printed recovery code.", "waiting", request=who.Recovered, answer=who.Device, problems=("bad-signature", "wrong-state", "generation-conflict", "forbidden")),
    Route("approve", "POST", "/v1/devices/{device}/approval", "Let a waiting device in.", roles=LEADERS, request=who.Approval, answer=who.Device, problems=("bad-signature", "wrong-state", "generation-conflict")),
    Route("revoke", "DELETE", "/v1/devices/{device}", "Revoke a device; its tokens stop at once.", "waiting", answer=who.Device, problems=("wrong-state", "forbidden")),
    # Things
    Route("manifest", "POST", "/v1/uploads", "Begin or resume an upload; says which chunks are missing.", roles=WRITERS, request=things.Manifest, answer=things.Upload, idempotent=True, problems=("exists", "deleted"), limit=131_072),
    Route("uploads", "GET", "/v1/uploads", "Complete uploads, newest first.", roles=READERS, query=things.ByBefore, answer=things.Uploads),
    Route("upload", "GET", "/v1/uploads/{upload}", "An upload and what it lacks.", roles=READERS, answer=things.Upload),
    Route("put_chunk", "PUT", "/v1/uploads/{upload}/chunks/{sha256}", "One sealed chunk.", roles=WRITERS, request=bytes, answer=things.ChunkKept, idempotent=True, problems=("hash-mismatch",), limit=CHUNK_SIZE),
    Route("chunk", "GET", "/v1/uploads/{upload}/chunks/{sha256}", "One sealed chunk's bytes.", roles=READERS, answer=bytes, media=BYTES),
    Route("complete", "POST", "/v1/uploads/{upload}/completion", "Check every chunk and the whole, and show the upload to the office.", roles=WRITERS, answer=things.Upload, idempotent=True, problems=("chunks-missing", "hash-mismatch")),
    Route("delete_upload", "DELETE", "/v1/uploads/{upload}", "Delete an upload.", roles=WRITERS, answer=things.Deleted),
    Route("put_report", "POST", "/v1/reports", "Keep a finished thing; it never changes.", roles=WRITERS, request=things.NewReport, answer=things.ReportEntry, status=201, problems=("exists", "deleted", "not-found"), limit=SEALED_BODY),
    Route("reports", "GET", "/v1/reports", "Reports, newest first.", roles=READERS, query=things.ByBefore, answer=things.Reports),
    Route("report", "GET", "/v1/reports/{report}", "A report with its sealed bytes.", roles=READERS, answer=things.Report),
    Route("delete_report", "DELETE", "/v1/reports/{report}", "Delete a report.", roles=WRITERS, answer=things.Deleted),
    Route("documents", "GET", "/v1/documents", "Shared documents, newest first.", roles=READERS, query=things.ByBefore, answer=things.Documents),
    Route("document", "GET", "/v1/documents/{document}", "A document with its sealed bytes.", roles=READERS, answer=things.Document),
    Route("put_document", "PUT", "/v1/documents/{document}", "The next version of a document.", roles=WRITERS, request=things.DocumentVersion, answer=things.DocumentEntry, problems=("version-conflict", "exists", "deleted"), limit=SEALED_BODY),
    Route("delete_document", "DELETE", "/v1/documents/{document}", "Delete a document.", roles=WRITERS, answer=things.Deleted),
    Route("changes", "GET", "/v1/changes", "What changed after a cursor, each thing once, in order of commit.", roles=READERS, query=things.FeedQuery, answer=things.Changes, problems=("cursor-ahead", "cursor-too-old")),
    # Licences
    Route("licence", "GET", "/v1/licence", "What the office has bought, and this device's licence token.", answer=licensing.LicenceNow, problems=("no-seat-free",)),
    Route("seats", "GET", "/v1/licence/seats", "Every seat that is taken.", answer=licensing.Seats),
    Route("release_seat", "DELETE", "/v1/licence/seats/{device}", "Free a device's seat.", answer=licensing.SeatReleased, problems=("seat-held",)),
    Route("licence_file", "POST", "/v1/licence/files", "The licence file for a PC without a network; that PC takes a seat.", roles=KEEPERS, request=licensing.RequestText, answer=licensing.LicenceFile, problems=("no-seat-free", "not-sold-here", "no-licence", "not-a-request")),
    Route("offers", "GET", "/v1/offers", "What can be bought, with and without VAT.", answer=licensing.Offers, problems=("shop-unavailable",)),
    Route("checkout", "POST", "/v1/checkout", "A page to pay on.", roles=LEADERS, request=licensing.Order, answer=licensing.Page, problems=(*SHOP, "already-bought", "not-offered")),
    Route("portal", "POST", "/v1/portal", "The customer portal's page, made anew each time.", roles=LEADERS, answer=licensing.Page, idempotent=True, problems=(*SHOP, "no-licence")),
    Route("set_addon", "PUT", "/v1/licence/addons", "Another quantity of an add-on, prorated and paid at once.", roles=LEADERS, request=licensing.AddonQuantity, answer=licensing.LicenceNow, problems=(*SHOP, "no-licence", "not-offered", "no-seat-free")),
    Route("stripe_webhook", "POST", "/v1/stripe/webhook", "What Stripe calls; signed by it.", "anyone", request=bytes, takes="application/json", answer=licensing.Received, idempotent=True, counted=False, limit=262_144, problems=("bad-webhook", "not-sold-here")),
    Route("licence_thanks", "GET", "/licence/thanks", "The page after paying.", "anyone", answer=bytes, media=HTML),
    Route("licence_back", "GET", "/licence/back", "The page after leaving the checkout or the portal.", "anyone", answer=bytes, media=HTML),
)  # fmt: skip
BY_NAME = {route.name: route for route in ROUTES}
EVERY = ("malformed", "protocol-unsupported", "too-many-requests", "internal", "busy")
"""Problems any route may give."""


def problems_of(route: Route) -> tuple[str, ...]:
    """Every problem a route may give, its own and those of its kind."""
    slugs = [*EVERY, *route.problems]
    if route.access != "anyone":
        slugs += ["unauthenticated", "device-revoked", "forbidden"]
    if route.access == "active":
        slugs.append("device-waiting")
    if "{" in route.path:
        slugs.append("not-found")
    if route.request is not None:
        slugs += ["length-required", "too-large", "wrong-media", "too-slow", "invalid"]
    if route.query is not None:
        slugs.append("invalid")
    if route.writes:
        slugs += ["idempotency-key-missing", "idempotency-key-reused"]
    return tuple(dict.fromkeys(slugs))
