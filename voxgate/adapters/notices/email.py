"""Notifications by e-mail. The Message-ID is the notice's key, the same on every attempt."""

from __future__ import annotations

import contextlib
import logging
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from urllib.parse import unquote, urlsplit

from voxgate.adapters.notices.loopback import is_loopback
from voxgate.errors import ConfigError, DeliveryError, ExternalServiceError
from voxgate.release.notices import Notice
from voxgate.settings import Settings

__all__ = ["Mail", "open_mail"]

TIMEOUT_S = 10.0
_REFUSED = 500
"""Codes from here on say that trying again does not help (RFC 5321, 4.2.1)."""

_PORTS = {"smtp": 587, "smtps": 465}
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail server and who is written to; implements `Channel`.

    `scheme` is `smtps` (TLS from the first byte) or `smtp` (STARTTLS). A server that offers no TLS
    is used on loopback only.
    """

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str
    recipients: tuple[str, ...]
    timeout_s: float = TIMEOUT_S

    @property
    def name(self) -> str:
        """Name of the channel."""
        return "e-mail"

    def send(self, notice: Notice) -> None:
        """Hand the notice to the mail server; see `Channel.send`."""
        try:
            with self._session() as session:
                refused = session.send_message(_message(notice, self.sender, self.recipients))
        except OSError as error:  # smtplib's errors are OSErrors too
            refusal = isinstance(error, smtplib.SMTPRecipientsRefused)
            if refusal or getattr(error, "smtp_code", 0) >= _REFUSED:
                raise DeliveryError(f"{self._where} refused: {_words(error)}") from None
            raise ExternalServiceError(f"{self._where} failed: {_words(error)}") from None
        if refused:  # others have it: sending it again would double it for them
            _LOGGER.warning(
                "%s: %d recipients of %s refused", self._where, len(refused), notice.key
            )

    @property
    def _where(self) -> str:
        return f"the mail server at {self.host}:{self.port}"

    @contextlib.contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_s, context=context
            )
        else:
            session = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        try:
            session.ehlo()
            if self.scheme == "smtp" and (
                session.has_extn("starttls") or not is_loopback(self.host)
            ):
                session.starttls(context=context)
            if self.user is not None:
                session.login(self.user, self.password or "")
            yield session
        finally:
            # What follows the acknowledgement does not undo it.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                session.quit()
            session.close()


def open_mail(settings: Settings) -> Mail | None:
    """Return the mail channel of the settings, if there is one.

    Raises:
        ConfigError: the settings do not fit together; the URL is not shown.
    """
    if settings.smtp_url is None:
        return None
    faults = []
    try:
        parts = urlsplit(settings.smtp_url.get_secret_value())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in _PORTS:
        faults.append("VOXGATE_SMTP_URL: expected smtp://user:password@host:port or smtps://…")
    recipients = tuple(a for _, a in getaddresses([settings.mail_to or ""]) if "@" in a)
    sender = settings.mail_from or ""
    if "@" not in sender or not sender.isprintable():
        faults.append("VOXGATE_MAIL_FROM: expected an address")
    if not recipients or not (settings.mail_to or "").isprintable():
        faults.append("VOXGATE_MAIL_TO: expected addresses, separated by commas")
    if faults or host is None:
        raise ConfigError("e-mail", faults)
    return Mail(
        scheme=parts.scheme,
        host=host,
        port=port or _PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        sender=sender,
        recipients=recipients,
    )


def _message(notice: Notice, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.key}@voxgate>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    return message


def _words(error: OSError) -> str:
    """Say what failed without the server's words: some repeat what was sent to them."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"every recipient ({', '.join(str(code) for code, _ in error.recipients.values())})"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return str(error)
    code = getattr(error, "smtp_code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
