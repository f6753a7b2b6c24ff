"""The licence file by e-mail, through a real SMTP server."""

import pytest

from server_sync.contract.licence import Outcome, check_token, sign_licence
from server_sync.contract.licence_file import read_file
from server_sync.errors import ServiceError
from server_sync.licences.mail import Mailer, NotSent, licence_mail, make_mailer
from tests.licences import KEYS, START, licence, private
from tests.mail_server import MailServer

SENDER = "licences@example.ie"


def test_the_file_arrives_whole() -> None:
    mail = licence_mail(SENDER, "office@example.ie", sign_licence(licence(), private("one")), licence())
    with MailServer() as server:
        Mailer(server.address, SENDER).send(mail)
        (message,) = server.messages
    assert (message["To"], message["From"], message["Subject"]) == (
        "office@example.ie",
        SENDER,
        "Your AutoEnroll Desktop licence",
    )
    (file,) = message.iter_attachments()
    assert file.get_filename() == "autoenroll.aelicence"
    assert check_token(read_file(str(file.get_content()).encode()), KEYS, START).outcome is Outcome.GOOD
    body = message.get_body(("plain",))
    assert body is not None
    assert "Bureau licence" in str(body.get_content())
    assert "25/11/2027" in str(body.get_content())


def test_a_server_that_refuses_or_is_away_is_told() -> None:
    mail = licence_mail(SENDER, "office@example.ie", "AEL1.x", licence())
    with MailServer() as server:
        server.refusing = True
        mailer = Mailer(server.address, SENDER)
        with pytest.raises(NotSent):
            mailer.send(mail)
    with pytest.raises(NotSent):
        mailer.send(mail)


def test_tls_is_insisted_on_where_it_was_asked_for() -> None:
    mail = licence_mail(SENDER, "office@example.ie", "AEL1.x", licence())
    with MailServer() as server, pytest.raises(NotSent):
        Mailer(server.address.replace("smtp:", "smtp+starttls:"), SENDER).send(mail)


@pytest.mark.parametrize("address", ["http://x", "smtp://", "nonsense"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ServiceError, match="SMTP_URL"):
        make_mailer(address, SENDER)
    assert make_mailer("", "") is None


def test_no_password_is_shown() -> None:
    assert "secret" not in repr(make_mailer("smtp://user:secret@127.0.0.1", SENDER))
