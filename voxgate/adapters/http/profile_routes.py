"""One voice, one preset, and a recording that becomes the draft of a voice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.door import Door
from voxgate.adapters.http.forms import Part, read_form, text_of
from voxgate.adapters.http.schemas import body_schema
from voxgate.adapters.http.settings import HttpSettings
from voxgate.errors import SpeechRequestError, UnknownProfileError
from voxgate.excerpts import excerpt
from voxgate.serving.catalogue import Catalogue, EnrolmentForm

__all__ = ["add_profile_routes"]

VOICES = "/v1/audio/voices"
PRESETS = "/v1/presets"
RIGHT = "profiles:write"

_LABEL = re.compile(r"([A-Za-z0-9_-]{1,64})(?:@([1-9][0-9]{0,8}))?")
_TEXTS = ("name", "consent", "text", "speaker")
_FORM = body_schema(
    "multipart/form-data",
    {
        "type": "object",
        "required": ["name", "recording", "consent"],
        "properties": {
            "name": {"type": "string"},
            "recording": {"type": "string", "format": "binary"},
            "consent": {"type": "string", "description": "The speaker's record, YAML."},
            "text": {"type": "string", "description": "What the recording says, word by word."},
            "speaker": {"type": "string", "description": "The speaker's id; without it the name."},
        },
    },
)


def add_profile_routes(
    app: FastAPI, catalogue: Catalogue, *, door: Door, settings: HttpSettings
) -> None:
    """Add the routes of single voices and presets, and the one that enrols."""
    routes = _ProfileRoutes(catalogue, door=door, settings=settings)
    app.add_api_route(VOICES, routes.enrol, methods=["POST"], status_code=201, openapi_extra=_FORM)
    app.add_api_route(f"{VOICES}/{{name}}", routes.voice, methods=["GET"])
    app.add_api_route(f"{PRESETS}/{{label}}", routes.preset, methods=["GET"])


class _ProfileRoutes:
    """Questions have threads; recordings are checked one at a time, as that takes a core."""

    def __init__(self, catalogue: Catalogue, *, door: Door, settings: HttpSettings) -> None:
        self._catalogue = catalogue
        self._door = door
        self._settings = settings
        self._turn = asyncio.Lock()

    async def voice(self, request: Request, name: str) -> Response:
        """Show `NAME`, or one version of it: `NAME@2`."""
        await self._door.identify(request)
        found = _LABEL.fullmatch(name)
        if found is None:
            raise UnknownProfileError(f"there is no speaker profile {excerpt(name)}")
        version = None if found[2] is None else int(found[2])
        document = await asyncio.to_thread(self._catalogue.show_voice, found[1], version)
        return JSONResponse(document)

    async def preset(self, request: Request, label: str) -> Response:
        """Show `name@version`, or the newest version of `name`."""
        await self._door.identify(request)
        return JSONResponse(await asyncio.to_thread(self._catalogue.show_preset, label))

    async def enrol(self, request: Request) -> Response:
        """Make a draft of a profile; a person activates it."""
        caller, slot = await self._door.enter(request, RIGHT)
        try:
            form = await self._form(request)
            async with self._turn:
                enrolled = await asyncio.to_thread(
                    self._catalogue.enrol, form, by=f"key {caller.key_id}"
                )
        finally:
            slot.leave()
        answer = {
            **enrolled.document,
            "added": enrolled.added,
            "actions": list(enrolled.actions),
        }
        return JSONResponse(
            answer,
            status_code=201 if enrolled.added else 200,
            headers={
                **slot.headers,
                "Location": f"{VOICES}/{enrolled.name}@{enrolled.version}",
            },
        )

    async def _form(self, request: Request) -> EnrolmentForm:
        form = await read_form(
            request,
            names=("recording", *_TEXTS),
            max_bytes=self._settings.max_upload_bytes,
            timeout_s=self._settings.upload_timeout_s,
        )
        texts = {name: text_of(form, name) for name in _TEXTS}
        return EnrolmentForm(
            name=_needed(texts, "name"),
            recording=_recording(form).content,
            file_name=_recording(form).file_name,
            consent=_needed(texts, "consent"),
            text=texts["text"],
            speaker=texts["speaker"],
        )


def _recording(form: Mapping[str, Part]) -> Part:
    if "recording" not in form:
        raise _missing("recording")
    return form["recording"]


def _needed(texts: Mapping[str, str | None], name: str) -> str:
    text = texts[name]
    if text is None:
        raise _missing(name)
    return text


def _missing(name: str) -> SpeechRequestError:
    return SpeechRequestError(
        name, "missing_required_parameter", f"{name}: this part of the form is needed"
    )
