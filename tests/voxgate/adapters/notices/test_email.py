from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from tests.fakes.mail_receiver import MailReceiver, mail_receiver
from voxgate.adapters.notices.email import Mail, open_mail
from voxgate.errors import ConfigError, DeliveryError, ExternalServiceError
from voxgate.release.notices import Notice
from voxgate.settings import Settings

NOTICE = Notice(
    key="event-4-abc",
    at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
    subject="voice: version 1 is live – hörbar",
    text="by anna: clear\n",
)


@pytest.fixture
def receiver() -> Iterator[MailReceiver]:
    with mail_receiver() as made:
        yield made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return path


def _settings(url: str, **changes: str) -> Settings:
    values = {"mail_from": "voxgate@test", "mail_to": "Anna <anna@test>, bob@test", **changes}
    return Settings(smtp_url=SecretStr(url), **values)


def _mail(receiver: MailReceiver, login: str = "") -> Mail:
    made = open_mail(_settings(f"smtp://{login}127.0.0.1:{receiver.port}"))
    assert made is not None
    return made


def test_a_notice_arrives_with_its_key_as_message_id(receiver: MailReceiver) -> None:
    _mail(receiver).send(NOTICE)
    [data] = receiver.messages
    message = message_from_bytes(data, policy=default)
    assert message["Message-ID"] == "<event-4-abc@voxgate>"
    assert message["Subject"] == "voice: version 1 is live – hörbar"
    assert (message["From"], message["To"]) == ("voxgate@test", "anna@test, bob@test")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == ["by anna: clear"]
    assert receiver.encrypted == [False]


def test_with_tls_the_login_is_sent_and_the_certificate_is_checked(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_receiver(certificate) as receiver:
        mail = _mail(receiver, "relay:p%40ss@")
        with pytest.raises(ExternalServiceError, match="failed: SSLCertVerificationError"):
            mail.send(NOTICE)
        assert receiver.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        mail.send(NOTICE)
        assert receiver.logins == [("relay", "p@ss")]
        assert receiver.encrypted == [True]


def test_beyond_loopback_nothing_is_sent_without_tls(
    receiver: MailReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voxgate.adapters.notices.email.is_loopback", lambda _host: False)
    with pytest.raises(ExternalServiceError, match="STARTTLS extension not supported"):
        _mail(receiver, "relay:secret@").send(NOTICE)
    assert (receiver.logins, receiver.messages) == ([], [])


def test_a_server_that_is_away_or_busy_is_an_outage(receiver: MailReceiver) -> None:
    receiver.data_answer = "451 try later"
    with pytest.raises(ExternalServiceError, match="failed: SMTPDataError 451"):
        _mail(receiver).send(NOTICE)
    with pytest.raises(ExternalServiceError, match=r":9 failed: ConnectionRefusedError"):
        replace(_mail(receiver), port=9).send(NOTICE)


def test_a_refusal_is_told_apart_and_the_servers_words_are_not_repeated(
    receiver: MailReceiver,
) -> None:
    receiver.login_answer = "535 wrong password hunter2"
    with pytest.raises(DeliveryError, match=r"refused: SMTPAuthenticationError 535$") as error:
        _mail(receiver, "relay:hunter2@").send(NOTICE)
    assert "hunter2" not in f"{error.value} {_mail(receiver, 'relay:hunter2@')!r}"
    receiver.refused = ("anna", "bob")
    with pytest.raises(DeliveryError, match=r"every recipient \(550, 550\)"):
        _mail(receiver).send(NOTICE)


def test_one_refused_recipient_does_not_double_it_for_the_others(
    receiver: MailReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.refused = ("bob",)
    with caplog.at_level(logging.WARNING):
        _mail(receiver).send(NOTICE)
    assert len(receiver.messages) == 1
    assert "1 recipients of event-4-abc refused" in caplog.text


def test_what_follows_the_acknowledgement_does_not_undo_it(receiver: MailReceiver) -> None:
    receiver.quit_answer = "451 not now"
    _mail(receiver).send(NOTICE)
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(
    ("url", "changes", "message"),
    [
        ("http://u:hunter2@mail.test", {}, "VOXGATE_SMTP_URL: expected smtp://"),
        ("smtp://u:hunter2@mail.test:x", {}, "VOXGATE_SMTP_URL: expected smtp://"),
        ("smtp://u:hunter2@mail.test", {"mail_from": ""}, "VOXGATE_MAIL_FROM: expected an address"),
        ("smtp://u:hunter2@mail.test", {"mail_from": "a@b\r\nBcc: c@d"}, "VOXGATE_MAIL_FROM"),
        ("smtp://u:hunter2@mail.test", {"mail_to": "nobody"}, "VOXGATE_MAIL_TO: expected addr"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_and_not_shown(
    url: str, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError) as error:
        open_mail(_settings(url, **changes))
    assert message in str(error.value)
    assert "hunter2" not in str(error.value)


def test_ports_follow_the_scheme_and_without_a_setting_there_is_no_mail() -> None:
    for scheme, port in (("smtp", 587), ("smtps", 465)):
        made = open_mail(_settings(f"{scheme}://mail.test"))
        assert made is not None
        assert made.port == port
    assert open_mail(Settings()) is None
