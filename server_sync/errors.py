"""The one kind of error the operator of the service reads; callers over HTTP get `contract.problems` instead."""


class ServiceError(Exception):
    """The service cannot go on.

    Attributes:
        title: what happened, in a few plain words.
        action: what the operator can do next, or "".
    """

    def __init__(self, title: str, action: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.action = action

    def __str__(self) -> str:
        return ". ".join(part.rstrip(".") for part in (self.title, self.action) if part) + "."
