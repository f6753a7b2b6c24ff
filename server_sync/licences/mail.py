"""The licence file by e-mail, so that a closed laptop loses nothing. The receipt itself is Stripe's.

The address is asked of Stripe when the mail is sent and is never kept here.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from server_sync.contract.licence import Licence
from server_sync.contract.licence_file import write_file
from server_sync.errors import ServiceError

TIMEOUT = 20
TEXT = """Hello,

thank you for your payment. Your {plan} licence of AutoEnroll Desktop is paid until {until}.

Usually there is nothing to do: the program fetches its licence by itself. If a PC has no network, save the attached
file and open it there on the Office page, or with: autoenroll licence activate FILE

The receipt comes in a separate e-mail.
"""


class NotSent(Exception):
    """The mail server could not be reached, or refused: worth another try."""


@dataclass(frozen=True)
class Mailer:
    """A mail server. `address` as smtp://, smtp+starttls:// or smtps://user:password@host:port; `sender` as shown.

    `context` makes what TLS is checked with.
    """

    address: str
    sender: str
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def __repr__(self) -> str:
        return "Mailer()"

    def send(self, message: EmailMessage) -> None:
        """Hand a message over. Raises NotSent."""
        parts = urlsplit(self.address)
        try:
            if parts.scheme == "smtps":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    parts.hostname or "", parts.port or 465, timeout=TIMEOUT, context=self.context()
                )
            else:
                server = smtplib.SMTP(parts.hostname or "", parts.port or 587, timeout=TIMEOUT)
            with server:
                if parts.scheme == "smtp+starttls":
                    server.starttls(context=self.context())
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from None


def make_mailer(address: str, sender: str) -> Mailer | None:
    """The mailer of the settings; None where there is none. Raises ServiceError."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname or "@" not in sender:
        raise ServiceError(
            "SMTP_URL or MAIL_FROM cannot be used",
            "SMTP_URL=smtp+starttls://user:password@host:587, MAIL_FROM=name@host",
        )
    return Mailer(address, sender)


def licence_mail(sender: str, to: str, token: str, licence: Licence) -> EmailMessage:
    """The mail with the licence file attached."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = "Your AutoEnroll Desktop licence"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(TEXT.format(plan=licence.plan.capitalize(), until=licence.valid_until.strftime("%d/%m/%Y")))
    content = write_file(token, licence).encode()
    message.add_attachment(content, maintype="text", subtype="plain", filename="autoenroll.aelicence")
    return message
