"""The review page over HTTP: clips by their number, and nothing to write but decisions."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from voxgate.adapters.pages.desk import build_desk, read_answer
from voxgate.corpus.reviewing.answers import Answer
from voxgate.corpus.reviewing.room import Room

__all__ = ["build_app"]


def build_app(room: Room, *, token: str) -> Starlette:
    """Return the page and its data below `/TOKEN/`; every other path is unknown."""
    routes = [
        Route("/room", lambda _request: JSONResponse(room.overview())),
        Route("/clips/{number:int}", _clip(room)),
        Route("/clips/{number:int}/audio.flac", _audio(room)),
        Route("/clips/{number:int}/decision", _decision(room), methods=["POST"]),
    ]
    return build_desk("voxgate.adapters.reviewing", routes, token=token)


def _clip(room: Room) -> Any:
    return lambda request: JSONResponse(room.clip(_number(room, request)))


def _audio(room: Room) -> Any:
    def play(request: Request) -> Response:
        return Response(room.audio(_number(room, request)), media_type="audio/flac")

    return play


def _decision(room: Room) -> Any:
    async def decide(request: Request) -> Response:
        number = _number(room, request)
        answer = await read_answer(request, Answer, page="review", what="decisions")
        return JSONResponse(await run_in_threadpool(room.decide, number, answer))

    return decide


def _number(room: Room, request: Request) -> int:
    number: int = request.path_params["number"]
    if number >= room.count:
        raise HTTPException(404, f"there are {room.count} clips here")
    return number
