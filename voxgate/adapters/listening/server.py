"""The listening page over HTTP: what is heard, by number, and nothing to write but votes."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from voxgate.adapters.pages.desk import build_desk, read_answer
from voxgate.release.listening.room import SIDES, Answer, Room

__all__ = ["build_app"]


def build_app(room: Room, *, token: str) -> Starlette:
    """Return the page and its data below `/TOKEN/`; every other path is unknown."""
    routes = [
        Route("/room", lambda _request: JSONResponse(room.overview())),
        Route("/result", lambda _request: JSONResponse(room.result())),
        Route("/trials/{number:int}", _trial(room)),
        Route("/trials/{number:int}/vote", _vote(room), methods=["POST"]),
        Route("/trials/{number:int}/{side}.wav", _audio(room)),
    ]
    return build_desk("voxgate.adapters.listening", routes, token=token)


def _trial(room: Room) -> Any:
    return lambda request: JSONResponse(room.trial(_number(room, request)))


def _audio(room: Room) -> Any:
    def play(request: Request) -> Response:
        number, side = _number(room, request), request.path_params["side"]
        if side not in tuple(SIDES[: len(room.trials[number].order)]):
            raise HTTPException(404, f"no side {side!r}")
        return Response(room.audio(number, SIDES.index(side)), media_type="audio/wav")

    return play


def _vote(room: Room) -> Any:
    async def vote(request: Request) -> Response:
        number = _number(room, request)
        answer = await read_answer(request, Answer, page="listening", what="votes")
        _require_asked(answer, sides=len(room.trials[number].order))
        return JSONResponse(await run_in_threadpool(room.vote, number, answer))

    return vote


def _number(room: Room, request: Request) -> int:
    number: int = request.path_params["number"]
    if number >= len(room.trials):
        raise HTTPException(404, f"there are {len(room.trials)} prompts here")
    return number


def _require_asked(answer: Answer, *, sides: int) -> None:
    wanted = ("rating", "choice")[sides - 1]
    if (answer.choice is None, answer.rating is None) != (sides == 1, sides > 1):
        raise HTTPException(400, f"expected a {wanted} and nothing else")
