"""How this PC connects: the system's certificates and proxies, the office's own authority, and a count of every byte.

Used for syncing and for updates alike, so that a proxy or a certificate that works for one works for the other.
"""

import ssl
from pathlib import Path
from typing import Any

import truststore
from requests import Session
from requests.adapters import HTTPAdapter

__all__ = ["Session", "SystemTrust", "session"]


class SystemTrust(HTTPAdapter):
    """TLS as the operating system trusts it, with the office's own authority beside it where the policy names one."""

    def __init__(self, extra_ca: Path | None) -> None:
        self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        if extra_ca is not None:
            self._context.load_verify_locations(cafile=str(extra_ca))
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        return super().proxy_manager_for(proxy, **options, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the choice of certificates to the context; requests would add its own list to the system's."""


def session(*, proxy: str = "", extra_ca: Path | None = None, agent: str = "AutoEnroll") -> Session:
    """A session for the central service. `proxy` overrides the environment's. Raises OSError for a bad `extra_ca`."""
    made = Session()
    made.mount("https://", SystemTrust(extra_ca))
    made.headers["User-Agent"] = agent
    made.headers["Accept-Encoding"] = "identity"
    if proxy:
        made.trust_env = False
        made.proxies = {"http": proxy, "https": proxy}
    return made
