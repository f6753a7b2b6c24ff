"""The three-way reconciliation in words: payroll, AEPNs and contributions, every employment in exactly one bucket."""

from enum import StrEnum


class Bucket(StrEnum):
    """Where an employment stands. The order of the members is the order in which people should look."""

    UNCLEAR = "unclear"
    """Which employment is meant, or what its AEPN says, is not clear; nothing is worked out."""
    WITHOUT_AEPN = "contribution_without_aepn"
    """Something was taken and no AEPN speaks of the employment."""
    NOT_DUE = "contribution_not_due"
    """Something was taken although the AEPN says that nothing is due."""
    MISSING = "contribution_missing"
    """Something is due and nothing was taken."""
    DIFFERS = "amount_differs"
    """What was taken is not what is due."""
    ID_MISMATCH = "id_mismatch"
    """The person is on both sides under another employment ID or PPSN; the amounts agree."""
    CONTRIBUTION_ONLY = "contribution_only"
    """In the contributions file, with no pay line."""
    AEPN_ONLY = "aepn_only"
    """An AEPN in force and no pay line: a leaver, another ID, or left out."""
    MATCHED = "matched"
    """On payroll and under an AEPN, and the amounts agree."""
    PAYROLL_ONLY = "payroll_only"
    """On payroll, no AEPN, nothing taken: normal until NAERSA enrols."""
    AEPN_LEFT = "aepn_left"
    """An AEPN of an employment that has ended, and no pay line: as it should be."""

    @property
    def settled(self) -> bool:
        """Whether nothing has to be looked at."""
        return self in (Bucket.MATCHED, Bucket.PAYROLL_ONLY, Bucket.AEPN_LEFT)
