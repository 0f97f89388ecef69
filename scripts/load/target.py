"""The server under load: started as a child, asked where it listens, ended for certain."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from scripts.load.machine import command, descendants
from scripts.load.wire import Address
from voxgate.stage import Workspace
from voxgate.tether import start_tethered

__all__ = ["LoadError", "ServeSite", "Site", "Target", "listening_address", "wait_until_ready"]

BROKER_SETTING = "VOXGATE_BROKER_URL"
"""The setting that names Redis, for L10."""

QUEUE_WORKER = ("speech-worker",)
"""The command, after `voxgate`, that runs jobs whose ids come from Redis."""

_LISTENING = re.compile(r"listening on https?://([\w.\-]+):(\d+)")
_START_S = 120.0
_WHOLE_S = 60.0
_POLL_S = 0.1
_BATCH_KEY = (
    "--class",
    "batch",
    "--purpose",
    "evaluation",
    "--per-minute",
    "600000",
    "--concurrency",
    "1000",
)


class LoadError(Exception):
    """A scenario cannot be run as it was asked for; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server that answers. `batch_headers` are those of a key of the batch lane."""

    address: Address
    pid: int
    model: str
    voices: Sequence[str]
    batch_headers: Mapping[str, str] | None


class Site(Protocol):
    """Where a server can be started, again and again, with the same voice."""

    root: Path | None
    """The checkout, where there is one."""

    def start(self) -> Target:
        """Start the server and wait until it can speak; no sentence of before is kept.

        Raises:
            LoadError: it did not start; says what it printed.
        """
        ...

    def stop(self) -> None:
        """End the server, if it runs."""
        ...

    def kill(self) -> None:
        """Send SIGKILL to the server's own process."""
        ...


@dataclass(kw_only=True)
class ServeSite:
    """`voxgate serve` on a checkout with a released voice; implements `Site`.

    `settings` are variables of the environment.
    """

    root: Path | None
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    _process: subprocess.Popen[Any] | None = None
    _pid: int = 0
    _key: str | None = None
    _log: Path | None = None

    def start(self) -> Target:
        """See `Site.start`."""
        self._key = self._key or self._make_key()
        self._forget_sentences()
        self._log = Path(tempfile.mkdtemp(prefix="voxgate-load-")) / "server.log"
        words = ["serve", "--root", str(self.root), "--host", "127.0.0.1", "--port", "0"]
        with self._log.open("w", encoding="utf-8") as log:
            self._process = start_tethered(
                [_voxgate(), *words, "--anonymous", *self.arguments],
                env={**os.environ, **self.settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        address = listening_address(self._log, self._process, within_s=_START_S)
        wait_until_ready(address, self._process, within_s=_START_S)
        self._pid = next(pid for pid in descendants(self._process.pid)[1:] if command(pid))
        models = fetch_json(address, "/v1/models")["data"]
        if not models or models[0]["live"] is None:
            raise LoadError(f"{self.root}: no released voice; see `python -m scripts.load.prepare`")
        voices = [one["name"] for one in fetch_json(address, "/v1/audio/voices")["voices"]]
        return Target(
            address=address,
            pid=self._pid,
            model=models[0]["id"],
            voices=list(dict.fromkeys(["default", *voices])),
            batch_headers={"Authorization": f"Bearer {self._key}"},
        )

    def stop(self) -> None:
        """See `Site.stop`."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_WHOLE_S)
            self._process = None

    def kill(self) -> None:
        """See `Site.kill`."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait(_WHOLE_S)
            self._process = None

    def start_queue_worker(self) -> subprocess.Popen[Any]:
        """Start a process that runs jobs whose ids come from Redis; it ends with this one."""
        words = [_voxgate(), *QUEUE_WORKER, "--root", str(self.root)]
        return start_tethered(
            words,
            env={**os.environ, **self.settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *words: str) -> str:
        """Run a `voxgate` command on the checkout and return what it prints.

        Raises:
            LoadError: it failed; says what it printed.
        """
        found = subprocess.run(
            [_voxgate(), *words, "--root", str(self.root)],
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
            check=False,
        )
        if found.returncode:
            raise LoadError(f"voxgate {' '.join(words)}: {found.stderr.strip()[-500:]}")
        return found.stdout

    def _forget_sentences(self) -> None:
        """Remove what was kept on disk: nothing is measured of an earlier run."""
        if self.root is not None:
            shutil.rmtree(Workspace(self.root).speech_dir / "sentences", ignore_errors=True)

    def _make_key(self) -> str:
        rights = ("--right", "speak", "--right", "jobs")
        made = self.run("keys", "create", "load report", *_BATCH_KEY, *rights, "--json")
        return str(json.loads(made)["token"])


def listening_address(log: Path, process: subprocess.Popen[Any], *, within_s: float) -> Address:
    """Wait until a server says in its log where it listens.

    Raises:
        LoadError: it ended, or did not say so in time.
    """
    end_s = time.monotonic() + within_s
    while (found := _LISTENING.search(log.read_text(encoding="utf-8"))) is None:
        if process.poll() is not None or time.monotonic() > end_s:
            raise LoadError(f"the server did not start: {log.read_text(encoding='utf-8')[-1000:]}")
        time.sleep(_POLL_S)
    return found[1], int(found[2])


def wait_until_ready(address: Address, process: subprocess.Popen[Any], *, within_s: float) -> None:
    """Wait for /readyz, and then, for a minute at most, until nothing is short besides.

    Raises:
        LoadError: it ended, or was not ready in time.
    """
    end_s, ready_s = time.monotonic() + within_s, None
    while True:
        with suppress(OSError, urllib.error.URLError):
            found = fetch_json(address, "/readyz")
            ready_s = ready_s or time.monotonic()
            if not found["degraded"] or time.monotonic() - ready_s > _WHOLE_S:
                return
        if process.poll() is not None or time.monotonic() > end_s:
            raise LoadError(f"the server at {address[0]}:{address[1]} did not become ready")
        time.sleep(_POLL_S)


def fetch_json(address: Address, path: str) -> Any:
    """Return what a path answers; waits for it, so not for use under load.

    Raises:
        OSError: it does not answer, or not with 200.
    """
    with urllib.request.urlopen(f"http://{address[0]}:{address[1]}{path}", timeout=30) as answer:
        return json.load(answer)


def _voxgate() -> str:
    return str(Path(sys.executable).parent / "voxgate")
