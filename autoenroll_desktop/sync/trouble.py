"""What can come between this PC and the office's other ones, each by a name (`slug`).

A program decides by the class and the slug; a person reads the words of `sync-trouble.SLUG` in the words files.
"""


class SyncTrouble(Exception):
    """Something went wrong on the way. Nothing local is lost by any of these.

    Attributes:
        slug: its stable name. detail: the place in a request, never a value.
    """

    def __init__(self, slug: str, detail: str = "") -> None:
        super().__init__(slug)
        self.slug = slug
        self.detail = detail


class NotReached(SyncTrouble):
    """No answer, or none of the service's: the same request may succeed later by itself.

    offline, slow, proxy, tls-intercepted, captive-portal, broken (an answer that was cut or changed on its way), busy,
    too-many-requests.

    Attributes:
        wait: seconds the service asked for, or None.
    """

    def __init__(self, slug: str, wait: float | None = None) -> None:
        super().__init__(slug)
        self.wait = wait


class Refused(SyncTrouble):
    """The service said no. The slug is the problem's own (`contract.problems`).

    Attributes:
        version: the version there is, where it told one (version-conflict).
    """

    def __init__(self, slug: str, detail: str = "", version: int | None = None) -> None:
        super().__init__(slug, detail)
        self.version = version


class Distrusted(SyncTrouble):
    """The service, or somebody on the way, told something that cannot be: it is refused and nothing is taken over.

    rolled-back (a version older than one that was seen), replayed (other content under an id that is known),
    feed-went-back, foreign-office (a token or an answer of another office), approval-forged, audit-broken; and the
    slugs of `vault.refusals`.
    """
