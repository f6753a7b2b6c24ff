"""How selling is set up, from the environment alone; nothing of it is ever logged or kept in the database."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from server_sync.errors import ServiceError
from server_sync.licences.keys import VARIABLE, load_seeds
from server_sync.licences.mail import Mailer, make_mailer


@dataclass(frozen=True)
class Selling:
    """Everything about licences and Stripe a process is told. Holds secrets.

    Attributes:
        licence_keys: as `AUTOENROLL_LICENCE_KEY` has them, "" where there are none.
        stripe_key, stripe_base: Stripe's secret or restricted key; another address of its API, on this machine only.
        webhook_secrets: any of them may have signed; two while one is being replaced.
        public_url: where a browser finds this service.
        smtp_url, mail_from: the mail server, "" where no mail is sent.
    """

    licence_keys: str = ""
    stripe_key: str = ""
    stripe_base: str = ""
    webhook_secrets: tuple[str, ...] = ()
    public_url: str = ""
    smtp_url: str = ""
    mail_from: str = ""

    def __repr__(self) -> str:
        return (
            f"Selling(licences={bool(self.licence_keys)}, stripe={bool(self.stripe_key)}, mail={bool(self.smtp_url)})"
        )

    def environment(self) -> dict[str, str]:
        """The same for a child process, beyond what it has from us already."""
        return {VARIABLE: self.licence_keys} if self.licence_keys else {}

    def mailer(self) -> Mailer | None:
        """The mail server; None where there is none. Raises ServiceError."""
        return make_mailer(self.smtp_url, self.mail_from)


def selling_from(env: Mapping[str, str], folder: Path, *, embedded: bool) -> Selling:
    """Read the settings. `folder` keeps the licence keys of an embedded service.

    Raises:
        ServiceError: a value cannot be used, or one is missing beside another.
    """
    key, base = env.get("STRIPE_SECRET_KEY", ""), env.get("STRIPE_API_BASE", "")
    hooks = tuple(one.strip() for one in env.get("STRIPE_WEBHOOK_SECRET", "").split(",") if one.strip())
    url = env.get("PUBLIC_URL", "").rstrip("/")
    if key and not re.fullmatch(r"[sr]k_(test|live)_\w{8,}", key):
        raise ServiceError("STRIPE_SECRET_KEY is not a secret key of Stripe", "It starts with sk_ or rk_")
    if key and not hooks:
        raise ServiceError("STRIPE_WEBHOOK_SECRET is not set", "Stripe shows it beside the webhook's address")
    if key and not url.startswith(("https://", "http://")):
        raise ServiceError("PUBLIC_URL is not set", "It is where a browser finds this service, such as https://…")
    if base and not (_loopback(base) and "_test_" in key):
        raise ServiceError("STRIPE_API_BASE is for tests: an address on this machine, with a test key")
    selling = Selling(
        licence_keys=load_seeds(env, folder, embedded=embedded),
        stripe_key=key,
        stripe_base=base,
        webhook_secrets=hooks,
        public_url=url,
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", ""),
    )
    selling.mailer()
    return selling


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(address).hostname or "").is_loopback
    except ValueError:
        return False
