"""Webhooks as they really come: late, twice, out of order, lost, wrongly signed, replayed.

Stripe calls again until the answer is 2xx, for three days; each time with a fresh signature. `Postman` keeps what is on
its way and delivers it by the dice of one seeded generator, so that a schedule can be run again.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import stripe

from tests.fake_stripe.account import DAY, Account
from tests.fake_stripe.shapes import Object

Send = Callable[[bytes, str], int]
"""Body and Stripe-Signature header → the status that came back."""
GIVE_UP = 3 * DAY


def sign(event: Object, secret: str, age: int = 0) -> tuple[bytes, str]:
    """The body of a call and its Stripe-Signature header, signed `age` seconds ago."""
    body = json.dumps(event)
    return body.encode(), stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age)


@dataclass
class Letter:
    """An event on its way. `due` is when it is tried next; `lost` letters never arrive."""

    event: Object
    due: int
    tries: int = 0
    lost: bool = False


class Postman:
    """Delivers the events of an account."""

    def __init__(self, account: Account, send: Send, secret: str, dice: random.Random) -> None:
        self.account = account
        self.send = send
        self.secret = secret
        self.dice = dice
        self.bag: list[Letter] = []
        self.delivered: list[Object] = []
        self.forged = 0
        self.refused = 0
        account.tell = self.take

    def take(self, event: Object) -> None:
        """A new event: most go at once, some hours or days later, a few never."""
        late = self.dice.choice((0, 0, 0, 60, 3600, DAY, 2 * DAY, GIVE_UP - 1))
        self.bag.append(Letter(event, self.account.now + late, lost=self.dice.random() < 0.1))

    def deliver_due(self) -> None:
        """Deliver everything that is due, in any order; what is refused comes again later."""
        due = [letter for letter in self.bag if letter.due <= self.account.now and not letter.lost]
        self.dice.shuffle(due)
        for letter in due:
            self._try(letter)
        if self.delivered and self.dice.random() < 0.2:
            self._send(self.dice.choice(self.delivered))  # a duplicate out of the blue
        if self.delivered and self.dice.random() < 0.1:
            self.forge(self.dice.choice(self.delivered))

    def forge(self, event: Object) -> None:
        """Somebody else sends it: wrongly signed, or rightly but long ago. Both have to be refused."""
        secret, age = self.dice.choice((("whsec_of_somebody_else", 0), (self.secret, 400)))
        self.forged += 1
        self.refused += self._send(event, secret=secret, age=age) == 400

    def _try(self, letter: Letter) -> None:
        letter.tries += 1
        if 200 <= self._send(letter.event) < 300:
            self.bag.remove(letter)
            self.delivered.append(letter.event)
        else:
            letter.due = self.account.now + min(3600 * 2**letter.tries, DAY)
            letter.lost = letter.due > letter.event["created"] + GIVE_UP

    def _send(self, event: Object, *, secret: str = "", age: int = 0) -> int:
        return self.send(*sign(event, secret or self.secret, age))
