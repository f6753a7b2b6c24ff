"""AWS Signature Version 4 of one request, in headers: what every storage that speaks S3 asks for.

Source: "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)" in Amazon's S3 API
Reference, whose examples the tests hold this against.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Credentials:
    """Who signs. `secret` is one: never log it."""

    key_id: str
    secret: str
    region: str

    def __repr__(self) -> str:
        return f"Credentials(region={self.region})"


def signed(
    who: Credentials, method: str, host: str, path: str, body: bytes, now: dt.datetime, more: Mapping[str, str],
    query: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """The headers to send: `more` and those of the signature.

    `path` and `query` are as a person reads them, not escaped; `now` is in UTC.
    """
    digest = hashlib.sha256(body).hexdigest()
    moment, day = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}"
    headers = {
        "host": host, "x-amz-content-sha256": digest, "x-amz-date": moment,
        **{name.lower(): " ".join(value.split()) for name, value in more.items()},
    }  # fmt: skip
    names = ";".join(sorted(headers))
    arguments = "&".join(f"{escaped(name, '')}={escaped(value, '')}" for name, value in sorted(query.items()))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join((method, escaped(path), arguments, lines, names, digest))
    scope = f"{day}/{who.region}/s3/aws4_request"
    text = "\n".join((ALGORITHM, moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{who.secret}".encode()
    for part in (day, who.region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers["authorization"] = (
        f"{ALGORITHM} Credential={who.key_id}/{scope},SignedHeaders={names},Signature={signature}"
    )
    return headers


def escaped(text: str, safe: str = "/") -> str:
    """Text as it stands in an address: all but letters, digits and `-._~` escaped."""
    return quote(text, safe=f"{safe}-._~")
