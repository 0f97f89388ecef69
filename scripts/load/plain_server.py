"""The straightforward server: what one would write down first, to compare with.

    python -m scripts.load.plain_server VOICE_PACKAGE

One process, torch in an `async def` handler, no queue, no cache: while it speaks it answers nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.load.target import LoadError, ServeSite, Target, listening_address, wait_until_ready
from voxgate.tether import start_tethered

__all__ = ["PlainSite", "package_of"]

_START_S = 120.0
_PEAK = 32_767
_RATE_HZ = 24_000


@dataclass(kw_only=True)
class PlainSite:
    """This server, started with a voice package; implements `Site`."""

    package: Path
    root: Path | None = None
    _process: subprocess.Popen[Any] | None = None

    def start(self) -> Target:
        """See `Site.start`."""
        log_file = Path(tempfile.mkdtemp(prefix="voxgate-load-")) / "plain.log"
        with log_file.open("w", encoding="utf-8") as log:
            self._process = start_tethered(
                [sys.executable, "-m", "scripts.load.plain_server", str(self.package)],
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        address = listening_address(log_file, self._process, within_s=_START_S)
        wait_until_ready(address, self._process, within_s=_START_S)
        return Target(
            address=address,
            pid=self._process.pid,
            model="plain",
            voices=["default"],
            batch_headers=None,
        )

    def stop(self) -> None:
        """See `Site.stop`."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """See `Site.kill`.

        Raises:
            LoadError: always; nothing here would be left to look at.
        """
        raise LoadError("the straightforward server keeps nothing that a kill could lose")


def package_of(site: ServeSite) -> Path:
    """Return the voice package that the run of a checkout chose: the one that was released.

    Raises:
        LoadError: the checkout does not say.
    """
    found = json.loads(site.run("status", "--json"))["checkpoints"]
    chosen = [one["name"] for one in found if one["chosen"]]
    if site.root is None or len(chosen) != 1:
        raise LoadError(f"{site.root}: no checkpoint was chosen; name a voice package by --plain")
    return site.root / "build" / "train" / "checkpoints" / str(chosen[0])


def make_app(package: Path) -> Any:
    """Return the app; it speaks one request at a time, as a whole."""
    from fastapi import FastAPI
    from fastapi.responses import StreamingResponse
    from starlette.requests import Request

    from voxgate.audio.resampling import resample
    from voxgate.speaking import load_voice

    voice = load_voice(package)
    voice.speak("It is warm now.", seed=0)
    app = FastAPI()

    async def readyz() -> dict[str, Any]:
        return {"ready": True, "degraded": []}

    async def speech(request: Any) -> StreamingResponse:
        spoken = voice.speak((await request.json())["input"], seed=0)
        wave = resample(spoken.wave, spoken.sample_rate_hz, _RATE_HZ)
        pcm = (wave.clip(-1, 1) * _PEAK).astype("<i2").tobytes()
        headers = {"X-Audio-Sample-Rate": str(_RATE_HZ)}
        return StreamingResponse(_once(pcm), media_type="audio/pcm", headers=headers)

    app.add_api_route("/readyz", readyz, methods=["GET"])
    speech.__annotations__["request"] = Request  # FastAPI reads it, and it is no global here
    app.add_api_route("/v1/audio/speech", speech, methods=["POST"], response_model=None)
    return app


def _once(pcm: bytes) -> Iterator[bytes]:
    yield pcm


def main() -> None:
    """Listen on a free port of loopback until ended."""
    import uvicorn

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    chosen = parser.parse_args()
    config = uvicorn.Config(make_app(chosen.package), log_level="warning", access_log=False)
    with socket.create_server(("127.0.0.1", 0), backlog=2_048) as listener:
        sys.stdout.write(f"listening on http://127.0.0.1:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
