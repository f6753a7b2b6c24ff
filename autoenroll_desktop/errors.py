"""The one kind of error that is meant to be read by a person.

An `AppError` says that we cannot go on, why, and what to do about it. Anything wrong *inside* a file that
could be read is not an error but a finding (`domain.finding`), so that one bad line never hides the others.
"""


class AppError(Exception):
    """We cannot go on.

    Attributes:
        title: what happened, in a few plain words ("This file is empty").
        why: the detail with its place ("line 12, column 5: a comma is missing"), or "".
        action: what the person can do next, or "".
    """

    def __init__(self, title: str, why: str = "", action: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.why = why
        self.action = action

    def __str__(self) -> str:
        more = [part[0].upper() + part[1:] for part in (self.why, self.action) if part]
        return ". ".join(part.rstrip(".") for part in (self.title, *more) if part) + "."  # a title may name a file


class UnreadableFile(AppError):
    """A file that cannot be read as anything we know. `code` is its entry in the catalogue of findings."""

    code = "file-unreadable"


class ForeignFile(UnreadableFile):
    """A file that is plainly none of ours (a PDF, a picture); left out where it came along in a folder or archive."""


class EmptyFile(UnreadableFile):
    """A file without a single pay line."""

    code = "file-empty"


class FileTooLarge(UnreadableFile):
    """A file over the limit, or one that would grow past it when unpacked."""

    code = "file-too-large"


class StoreFailed(AppError):
    """The store on this computer cannot be read or written; a check goes on without it."""


class Cancelled(Exception):
    """The person pressed Cancel; nothing was kept."""
