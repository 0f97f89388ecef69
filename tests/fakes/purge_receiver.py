"""A real server on loopback that takes purges as Cloudflare documents them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DONE: dict[str, Any] = {"success": True, "errors": [], "messages": [], "result": {"id": "z1"}}


@dataclass
class PurgeReceiver:
    """What arrived. `answers` are status, headers and body of the next answers, then `DONE`."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def tags(self) -> list[list[str]]:
        return [body["tags"] for _, _, body in self.requests]

    def refuse(self, status: int, code: int = 0, **headers: str) -> None:
        """Answer the next request with an error of Cloudflare's form."""
        body = {"success": False, "errors": [{"code": code, "message": "words"}]}
        self.answers.append((status, headers, json.dumps(body).encode()))


@contextmanager
def purge_receiver() -> Iterator[PurgeReceiver]:
    """Serve on a free port."""
    receiver = PurgeReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append((self.path, headers, json.loads(body)))
            default = (200, {}, json.dumps(DONE).encode())
            status, more, content = receiver.answers.pop(0) if receiver.answers else default
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(content))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/client/v4"
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
