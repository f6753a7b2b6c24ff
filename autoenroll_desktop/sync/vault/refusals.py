"""What the vault refuses, each by a name: a program decides by `slug`, a person reads words from the words files."""


class VaultRefused(Exception):
    """Something sealed, signed or handed over is not what it should be."""

    slug = "vault"


class Tampered(VaultRefused):
    """A seal is broken: the bytes were changed, cut, or passed off as another thing or another version."""

    slug = "tampered"


class NotSealed(VaultRefused):
    """These bytes were never sealed by us, or by a later version."""

    slug = "not-sealed"


class KeyUnknown(VaultRefused):
    """Sealed with a generation of the office key this PC was not given."""

    slug = "key-unknown"


class ApprovalForged(VaultRefused):
    """An approval is not signed by the device whose words were compared, or is for other keys."""

    slug = "approval-forged"


class WordsDiffer(VaultRefused):
    """The six words of the two screens are not the same: somebody is in between."""

    slug = "words-differ"


class CodeWrong(VaultRefused):
    """The recovery code is not this office's, or a newer one was made since."""

    slug = "code-wrong"


class NotATicket(VaultRefused):
    """A text that was pasted is no invitation, or a letter of it is wrong."""

    slug = "not-a-ticket"
