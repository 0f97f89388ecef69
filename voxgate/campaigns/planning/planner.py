"""From recipients to keys: which sentences and which files every cell needs.

A key is made of inputs alone, so that the same campaign planned twice is the same rows, and two
campaigns that say the same sentence in the same way share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voxgate.campaigns.planning.messages import MessageReader, Piece
from voxgate.campaigns.records import (
    Fault,
    Pinned,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    Recipient,
)
from voxgate.campaigns.templates.slots import SlotValue
from voxgate.campaigns.templates.template import Template
from voxgate.errors import TextError
from voxgate.files import digest_json
from voxgate.serving.desk.keys import sentence_key
from voxgate.serving.jobs.assets import keyed_asset_id
from voxgate.serving.requests import Utterance

__all__ = ["Plan", "Planner"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What some recipients need; sentences and renders may be there already."""

    cells: Sequence[PlannedCell]
    renders: Sequence[PlannedRender]
    sentences: Sequence[PlannedSentence]


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Plans the cells of one campaign. For one thread.

    `utterance` is how everything is spoken (voice, preset, reference); its text is not looked at.
    `secret` names files, so that no name tells what a file says.
    """

    campaign: str
    pinned: Pinned
    utterance: Utterance
    templates: Mapping[str, Template]
    reader: MessageReader
    secret: bytes = field(repr=False)
    _keys: dict[tuple[str, int], str] = field(default_factory=dict, repr=False)

    def plan(self, recipients: Iterable[Recipient]) -> Plan:
        """Plan all cells of some recipients, a batch that fits into memory."""
        cells: list[PlannedCell] = []
        renders: dict[str, PlannedRender] = {}
        sentences: dict[str, PlannedSentence] = {}
        for recipient in recipients:
            values = {name: SlotValue.from_json(value) for name, value in recipient.values.items()}
            for name in recipient.templates:
                try:
                    pieces = self.pieces(self.templates[name], values)
                except TextError as error:
                    fault = Fault(code="text_unreadable", detail=str(error))
                    cells.append(_cell(recipient, name, None, fault))
                    continue
                keys = [self._key(piece, place) for place, piece in enumerate(pieces)]
                render = self._render(name, keys)
                renders[render.key] = render
                for place, (key, piece) in enumerate(zip(keys, pieces, strict=True)):
                    if key not in sentences:
                        sentences[key] = PlannedSentence(
                            key=key, place=place, facts=piece.as_json()
                        )
                cells.append(_cell(recipient, name, render.key, None))
        return Plan(cells=cells, renders=list(renders.values()), sentences=list(sentences.values()))

    def pieces(self, template: Template, values: Mapping[str, SlotValue]) -> list[Piece]:
        """Return what a template says with these values.

        Raises:
            TextError: something in it cannot be read.
        """
        return self.reader.pieces(pattern.fill(values) for pattern in template.sentences)

    def _key(self, piece: Piece, place: int) -> str:
        # The readings follow from the text: one campaign has one lexicon.
        name = (piece.text, place)
        key = self._keys.get(name)
        if key is None:
            spoken = sentence_key(self.utterance, piece.text, place, speaking_code=self.pinned.code)
            key = self._keys[name] = digest_json(
                {
                    "sentence": spoken.digest,
                    "slots": list(piece.slots),
                    "readings": dict(piece.readings),
                    "quality": self.pinned.quality_digest,
                }
            )
        return key

    def _render(self, template: str, keys: Sequence[str]) -> PlannedRender:
        key = digest_json([list(keys), self.pinned.recipe_digest])
        asset_id = keyed_asset_id(self.secret, {"campaign": self.campaign, "render": key})
        return PlannedRender(key=key, asset_id=asset_id, template=template, sentences=tuple(keys))


def _cell(
    recipient: Recipient, template: str, render: str | None, fault: Fault | None
) -> PlannedCell:
    return PlannedCell(
        recipient_id=recipient.recipient_id, template=template, render=render, fault=fault
    )
