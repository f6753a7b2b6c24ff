"""Asking the service as this device: tokens renewed, cut-off requests made again, answers of another office refused.

A request that got no answer is made again with the same key, after what the service asked for or after a growing,
random pause, a few times; then the round ends and the next one goes on. A token is renewed before it lapses by a clock
that only runs forward, and once more when the service says so: the PC's own time does not matter.
"""

import email.utils
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from autoenroll_desktop.sync.api import HttpSyncApi
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.trouble import Distrusted, NotReached, Refused
from server_sync.contract import signing
from server_sync.contract.identity import ChallengeFor, TokenRequest
from server_sync.contract.version import OLDEST

TRIES = 4
"""How often a request is made in one round."""
FIRST, MOST = 0.5, 300.0
"""Seconds: the first pause at most, and any."""
_RENEW = 480.0
"""Seconds a token of ten minutes is used."""
_NOT_WORTH_IT = ("offline", "tls-intercepted", "proxy", "captive-portal")
"""What does not go away within seconds."""
Wait = Callable[[float], bool]
"""Waits so many seconds; False when the person does not want to wait any longer."""


def pause(tries: int, asked: float | None, chance: random.Random) -> float:
    """Seconds until the next try: what the service asked for, else anything up to a bound that doubles ("full jitter").

    Args:
        tries: how often it was tried, from 1.
    """
    bound = min(MOST, FIRST * 2.0 ** min(tries - 1, 12))
    return chance.uniform(0, bound) if asked is None else asked + chance.uniform(0, 1)


@dataclass
class Caller:
    """One device's access to its office.

    Attributes:
        wait: between tries. chance: for the pauses. monotonic: seconds that only run forward.
        tries: how often a request is made.
    """

    api: HttpSyncApi
    me: Membership
    wait: Wait
    chance: random.Random = field(default_factory=random.Random)
    monotonic: Callable[[], float] = time.monotonic
    tries: int = TRIES
    _token: str = ""
    _since: float = 0.0

    def ask(self, name: str, body: Any = None, **more: Any) -> Any:
        """Ask a route as this device (`HttpSyncApi.ask`). Raises NotReached, Refused, Distrusted."""
        return self._again(lambda: self._with_token(name, body, more))

    def ask_as_anyone(self, name: str, body: Any = None, **more: Any) -> Any:
        """Ask a route that needs no token. Raises NotReached, Refused."""
        return self._again(lambda: self._ask(name, body, more))

    def token(self) -> str:
        """A bearer token that is good now. Raises NotReached, Refused (device-revoked …), Distrusted."""
        if not self._token or self.monotonic() - self._since > _RENEW:
            self._token = self._again(self._new_token)
            self._since = self.monotonic()
        return self._token

    def skew(self, now: float) -> float | None:
        """Seconds this PC's clock (`now`, of 1970) is ahead of the service's; None where it told none yet."""
        told = email.utils.parsedate_to_datetime(self.api.date) if self.api.date else None
        return None if told is None else now - told.timestamp()

    def _again(self, once: Callable[[], Any]) -> Any:
        for tried in range(1, self.tries + 1):
            try:
                return once()
            except NotReached as trouble:
                hopeless = trouble.slug in _NOT_WORTH_IT or tried == self.tries
                if hopeless or not self.wait(pause(tried, trouble.wait, self.chance)):
                    raise
        raise AssertionError("tries is at least one")

    def _with_token(self, name: str, body: Any, more: dict[str, Any]) -> Any:
        try:
            return self._ask(name, body, {**more, "token": self.token()})
        except Refused as refused:
            if refused.slug != "unauthenticated":
                raise
        self._token = ""
        return self._ask(name, body, {**more, "token": self.token()})

    def _ask(self, name: str, body: Any, more: dict[str, Any]) -> Any:
        try:
            return self.api.ask(name, body, **more)
        except Refused as refused:
            if refused.slug != "protocol-unsupported" or self.api.protocol <= OLDEST:
                raise
        self.api.protocol -= 1
        return self.api.ask(name, body, **more)

    def _new_token(self) -> str:
        challenge = self._ask("challenge", ChallengeFor(device=self.me.device), {}).challenge
        signature = self.me.signing_key.sign(signing.token_request(self.me.device, challenge))
        request = TokenRequest(device=self.me.device, challenge=challenge, signature=signature)
        got = self._ask("token", request, {})
        if got.office != self.me.office:
            raise Distrusted("foreign-office")
        if got.role != self.me.role:
            self.me = msgspec.structs.replace(self.me, role=got.role)
        return str(got.token)
