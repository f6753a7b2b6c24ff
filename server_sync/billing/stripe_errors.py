"""What can go wrong with Stripe, translated once. Its own texts are not passed on: they may repeat what was sent."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe


class StripeUnavailable(Exception):
    """Stripe cannot be reached, or asks to wait: worth another try."""


class StripeRefused(Exception):
    """Stripe will not do this, now or later. `code` is Stripe's own word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def translated() -> Iterator[None]:
    """Calls to Stripe inside raise only the two errors above."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise StripeUnavailable(type(error).__name__) from None
    except stripe.StripeError as error:
        if error.http_status is None or error.http_status >= 500:
            raise StripeUnavailable(type(error).__name__) from None
        raise StripeRefused(error.code or type(error).__name__) from None
