"""Messages about what an office keeps here: reports, documents, uploads and the feed of changes."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server_sync.contract.fields import (
    CHUNK_SIZE,
    MAX_CHUNKS,
    MAX_PAGE,
    PAGE,
    Answer,
    Count,
    DocumentKind,
    Positive,
    ReportKind,
    Request,
    Sealed,
    Sha256,
    UploadKind,
    UploadState,
    What,
)  # fmt: skip


class NewReport(Request, frozen=True, kw_only=True):
    """Something finished, sealed under an id the desktop made; it never changes. `uploads` are larger parts of it."""

    id: UUID
    kind: ReportKind
    sealed: Sealed
    uploads: Annotated[list[UUID], Meta(max_length=20)] = msgspec.field(default_factory=list)


class ReportEntry(Answer, frozen=True, kw_only=True):
    """A report without its bytes. `sha256` and `size` are of the sealed bytes."""

    id: UUID
    sequence: Count
    kind: ReportKind
    device: UUID
    created_at: dt.datetime
    size: Count
    sha256: Sha256
    uploads: list[UUID]


class Report(ReportEntry, frozen=True, kw_only=True):
    """A report with its sealed bytes."""

    sealed: Sealed


class Reports(Answer, frozen=True, kw_only=True):
    """A page of reports, newest first. `next` is the `before` of the next page."""

    items: list[ReportEntry]
    next: Count | None


class DocumentVersion(Request, frozen=True, kw_only=True):
    """A shared document as it shall be. `base_version` is the version it was made from, 0 for a new one."""

    kind: DocumentKind
    base_version: Count
    sealed: Sealed


class DocumentEntry(Answer, frozen=True, kw_only=True):
    """A document without its bytes."""

    id: UUID
    sequence: Count
    kind: DocumentKind
    version: Positive
    device: UUID
    updated_at: dt.datetime
    size: Count
    sha256: Sha256


class Document(DocumentEntry, frozen=True, kw_only=True):
    """A document with its sealed bytes."""

    sealed: Sealed


class Documents(Answer, frozen=True, kw_only=True):
    """A page of documents, newest first. `next` is the `before` of the next page."""

    items: list[DocumentEntry]
    next: Count | None


class Manifest(Request, frozen=True, kw_only=True):
    """A sealed file cut into chunks. Every chunk but the last holds CHUNK_SIZE bytes. Posting it again resumes."""

    id: UUID
    kind: UploadKind
    sha256: Sha256
    size: Annotated[int, Meta(ge=1, le=CHUNK_SIZE * MAX_CHUNKS)]
    chunks: Annotated[list[Sha256], Meta(min_length=1, max_length=MAX_CHUNKS)]


class UploadEntry(Answer, frozen=True, kw_only=True):
    """An upload. `sequence` is 0 until it is complete."""

    id: UUID
    sequence: Count
    kind: UploadKind
    state: UploadState
    device: UUID
    created_at: dt.datetime
    size: Count
    sha256: Sha256


class Upload(UploadEntry, frozen=True, kw_only=True):
    """An upload with its chunks, and those of them the office's store still lacks."""

    chunks: list[Sha256]
    missing: list[Sha256]


class Uploads(Answer, frozen=True, kw_only=True):
    """A page of complete uploads, newest first. `next` is the `before` of the next page."""

    items: list[UploadEntry]
    next: Count | None


class ChunkKept(Answer, frozen=True, kw_only=True):
    """A chunk that is in the office's store now."""

    sha256: Sha256
    size: Count


class Change(Answer, frozen=True, kw_only=True):
    """What happened last to one thing. `gone`: it was deleted. `sealed` where asked for and small enough."""

    sequence: Count
    at: dt.datetime
    what: What
    id: UUID
    kind: str | None
    version: Count
    device: UUID | None
    gone: bool
    sealed: Sealed | None


class Changes(Answer, frozen=True, kw_only=True):
    """A page of the feed, oldest first. `cursor` is the `after` of the next page; `more`: ask for it at once."""

    items: list[Change]
    cursor: Count
    more: bool


class ByBefore(Request, frozen=True, kw_only=True):
    """Keyset paging, newest first."""

    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = PAGE
    before: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)] | None = None


class ByAfter(Request, frozen=True, kw_only=True):
    """Keyset paging, oldest first."""

    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = PAGE
    after: Count = 0


class ById(Request, frozen=True, kw_only=True):
    """Keyset paging by id."""

    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = PAGE
    after: UUID | None = None


class FeedQuery(ByAfter, frozen=True, kw_only=True):
    """The feed's cursor. `sealed`: 1 carries small things' sealed bytes along."""

    sealed: Annotated[int, Meta(ge=0, le=1)] = 0


class Health(Answer, frozen=True, kw_only=True):
    """The service answers and so does its database."""

    status: str
    protocol: Positive
    oldest_protocol: Positive


class Deleted(Answer, frozen=True, kw_only=True):
    """It is gone, and the feed says so."""

    id: UUID
    sequence: Count
