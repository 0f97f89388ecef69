"""A real mail server on loopback that keeps what it is sent."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class MailReceiver:
    """What arrived, and what is answered to DATA, RCPT, the login and QUIT."""

    port: int = 0
    certificate: Path | None = None
    messages: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    data_answer: str = "250 taken"
    login_answer: str = "235 welcome"
    quit_answer: str = "221 bye"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    receiver: MailReceiver

    def handle_error(self, *_arguments: Any) -> None:
        """A client that hangs up is part of the tests."""


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.encrypted = False
        self.say("220 mail.test")
        while line := self.rfile.readline().decode().strip():
            word, _, rest = line.partition(" ")
            getattr(self, f"do_{word.lower()}", self.do_anything)(rest)
            if word.upper() == "QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()  # after STARTTLS it is not the socket that the server will close

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def do_anything(self, _rest: str) -> None:
        self.say("250 fine")

    def do_ehlo(self, _rest: str) -> None:
        self.say("250-mail.test")
        if self.server.receiver.certificate is not None and not self.encrypted:
            self.say("250-STARTTLS")
        self.say("250 AUTH PLAIN")

    def do_starttls(self, _rest: str) -> None:
        self.say("220 go ahead")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.server.receiver.certificate is not None
        context.load_cert_chain(self.server.receiver.certificate)
        self.request = context.wrap_socket(self.connection, server_side=True)
        self.setup()
        self.encrypted = True

    def do_auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.rsplit(maxsplit=1)[-1]).decode().split("\0")
        self.server.receiver.logins.append((user, password))
        self.say(self.server.receiver.login_answer)

    def do_rcpt(self, rest: str) -> None:
        refused = any(name in rest for name in self.server.receiver.refused)
        self.say(f"550 nobody here: {rest}" if refused else "250 fine")

    def do_data(self, _rest: str) -> None:
        receiver = self.server.receiver
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        if receiver.data_answer.startswith("250"):
            receiver.messages.append(b"".join(lines))
            receiver.encrypted.append(self.encrypted)
        self.say(receiver.data_answer)

    def do_quit(self, _rest: str) -> None:
        self.say(self.server.receiver.quit_answer)


@contextmanager
def mail_receiver(certificate: Path | None = None) -> Iterator[MailReceiver]:
    """Serve SMTP on a free port; with a certificate (and its key, one file) it offers STARTTLS."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.receiver = MailReceiver(port=server.server_address[1], certificate=certificate)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.receiver
        finally:
            server.shutdown()
            thread.join()
