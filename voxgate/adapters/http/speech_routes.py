"""The routes that speak: one core, `deliver`, and two dialects that map their fields to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from voxgate.adapters.http.bodies import query_values, read_json
from voxgate.adapters.http.delivery import (
    Pieces,
    SpeechStream,
    as_events,
    as_sound,
    begun,
    unless_gone,
)
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.faults import GoneAwayError, ReleaseGatedError
from voxgate.adapters.http.limits import Slot
from voxgate.adapters.http.metrics import Metrics, Telling
from voxgate.adapters.http.openai_dialect import read_speech
from voxgate.adapters.http.output import Output
from voxgate.adapters.http.problems import explain, problem_of, respond
from voxgate.adapters.http.settings import HttpSettings
from voxgate.adapters.http.studio import Studio
from voxgate.adapters.http.upstream_dialect import read_upstream
from voxgate.audio.encoding import ENCODINGS
from voxgate.errors import OverloadedError, VoxgateError
from voxgate.serving.ports import Answer, Caller, SpeechService
from voxgate.serving.requests import Lane, SpeechRequest

__all__ = ["SpeechRoutes"]

Read = Callable[[Mapping[str, Any], HttpSettings], tuple[SpeechRequest, Output]]

_SPEAK = "speak"
_CLIENT_FAULTS = range(400, 500)
_DIGEST_SHOWN = 12


class SpeechRoutes:
    """What speaks; every request goes the same way through door, service and studio."""

    def __init__(
        self,
        service: SpeechService,
        *,
        door: Door,
        studio: Studio,
        metrics: Metrics,
        settings: HttpSettings,
    ) -> None:
        self._service = service
        self._door = door
        self._studio = studio
        self._metrics = metrics
        self._settings = settings

    async def speech(self, request: Request) -> Response:
        """Speak as OpenAI's API does."""
        return await self._admit(request, read_speech)

    async def tts(self, request: Request) -> Response:
        """Speak as GPT-SoVITS's api_v2 does."""
        try:
            return await self._admit(request, read_upstream)
        except VoxgateError as error:
            return respond(request, error, upstream=True)

    async def refuse_change(self, request: Request) -> Response:
        """Refuse what would change weights, references or the process itself."""
        await self._door.identify(request)
        raise ReleaseGatedError(
            "weights, references and the process are not changed by a request: weights by a "
            "release, speakers by their profiles"
        )

    async def _admit(self, request: Request, read: Read) -> Response:
        try:
            caller, slot = await self._door.enter(request, _SPEAK)
        except OverloadedError as error:
            self._metrics.refused.labels(problem_of(error).code).inc()
            raise
        turn = _Turn(request, caller, slot, Telling(self._metrics, caller.lane.value))
        try:
            wanted, output = read(await self._values(request), self._settings)
            return await self._speak(turn, wanted, output)
        except BaseException as error:
            if isinstance(error, OverloadedError):
                self._metrics.refused.labels(problem_of(error).code).inc()
            turn.end(_outcome(error))
            raise

    async def _values(self, request: Request) -> Mapping[str, Any]:
        if request.method == "GET":
            return query_values(request)
        settings = self._settings
        return await read_json(
            request, max_bytes=settings.max_body_bytes, timeout_s=settings.body_timeout_s
        )

    async def _speak(self, turn: _Turn, wanted: SpeechRequest, output: Output) -> Response:
        deadline_s = self._settings.deadline_s if turn.caller.lane is Lane.REAL_TIME else None
        saying = self._service.say(wanted, caller=turn.caller, deadline_s=deadline_s)
        answer = await unless_gone(turn.request, saying)
        turn.telling.answered(answer)
        recording = self._studio.record(answer, output)
        headers = {**turn.slot.headers, **output.headers, **_headers(answer, recording.rate_hz)}
        media_type = ENCODINGS[output.encoding].media_type
        if output.shape == "whole":
            data, seconds = await unless_gone(turn.request, recording.file())
            turn.telling.ready(seconds)
            turn.end("spoken")
            headers["X-Audio-Duration"] = f"{seconds:.3f}"
            return Response(data, media_type=media_type, headers=headers)
        pieces = await begun(turn.request, _measured(recording.pieces(), turn.telling))
        if output.shape == "sse":
            media_type = "text/event-stream"
            pieces = as_events(pieces, characters=len(wanted.text), problem=turn.explain)
        else:
            pieces = as_sound(pieces, name=turn.caller.request_id)
        return SpeechStream(
            pieces,
            media_type=media_type,
            headers=headers,
            patience_s=self._settings.reader_patience_s,
            ended=turn.end,
        )


@dataclass
class _Turn:
    """One request that was let in, until it has ended."""

    request: Request
    caller: Caller
    slot: Slot
    telling: Telling

    def end(self, outcome: str) -> None:
        """Give the caller's place back, and count what became of it."""
        self.slot.leave()
        self.telling.ended(outcome)

    def explain(self, error: Exception) -> dict[str, Any]:
        """Return the problem of an error that came after the first byte."""
        return explain(
            error,
            instance=self.request.url.path,
            request_id=self.caller.request_id,
            trace_id=self.caller.trace_id,
        )


async def _measured(pieces: Pieces, telling: Telling) -> Pieces:
    async with aclosing(pieces):
        async for data, seconds in pieces:
            if seconds:
                telling.ready(seconds)
            yield data, seconds


def _headers(answer: Answer, rate_hz: int) -> dict[str, str]:
    device = {} if answer.device is None else {"X-Voxgate-Device": answer.device}
    return {
        **device,
        "X-Voxgate-Model": f"{answer.model}@{answer.version}",
        "X-Voxgate-Preset": f"{answer.preset}:{answer.preset_digest[:_DIGEST_SHOWN]}",
        "X-Voxgate-Seed": str(answer.seed),
        "X-Voxgate-Cache": answer.cache,
        "X-Audio-Sample-Rate": str(rate_hz),
        "X-Accel-Buffering": "no",  # proxies that would keep a stream until its end
    }


def _outcome(error: BaseException) -> str:
    if isinstance(error, GoneAwayError | asyncio.CancelledError):
        return "left"
    if isinstance(error, OverloadedError):
        return "overloaded"
    refused = isinstance(error, VoxgateError) and problem_of(error).status in _CLIENT_FAULTS
    return "refused" if refused else "failed"
