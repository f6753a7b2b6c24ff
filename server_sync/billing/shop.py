"""What selling needs, put together from the settings."""

import threading
from dataclasses import dataclass, field

from server_sync.billing.gateway import Gateway
from server_sync.billing.plans import Plans, load_plans
from server_sync.billing.selling import Selling
from server_sync.licences.keys import Signer, read_seeds

AT_ONCE = 2
"""Calls of Stripe at once by one process."""


@dataclass(frozen=True)
class Shop:
    """Without a gateway nothing is sold here; without a signer there are no licences at all."""

    plans: Plans
    signer: Signer | None = None
    gateway: Gateway | None = None
    webhook_secrets: tuple[str, ...] = ()
    public_url: str = ""
    counter: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))


def open_shop(selling: Selling) -> Shop:
    """The shop these settings open. Connects to nothing. Raises ServiceError."""
    signer = Signer(read_seeds(selling.licence_keys)) if selling.licence_keys else None
    gateway = Gateway(selling.stripe_key, selling.stripe_base) if selling.stripe_key else None
    return Shop(load_plans(), signer, gateway, selling.webhook_secrets, selling.public_url)
