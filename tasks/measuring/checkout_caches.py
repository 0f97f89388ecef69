"""The checkout's caches of what was spoken and heard with today's code."""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.code_digest import code_digest
from voxgate.evaluation.measurements import Caches, open_caches
from voxgate.files import digest_json
from voxgate.params import EvaluateParams
from voxgate.stage import Workspace

__all__ = ["open_checkout_caches"]

_VOICE_CODE = (
    "voxgate.adapters.extractors.bert_features",
    "voxgate.evaluation.spoken",
    "voxgate.speaking",
)
"""What stands between a voice package and the audio that is judged."""

_INSTRUMENT_CODE = (
    "voxgate.adapters.whisper.recogniser",
    "voxgate.adapters.speechbrain.speaker_encoder",
    "voxgate.adapters.speechmos.dnsmos",
    "voxgate.evaluation.sound.prediction",
    "voxgate.evaluation.speaker_similarity",
    "voxgate.evaluation.transcription",
)
"""What stands between audio and a transcript, a speaker vector or a mark, beside the weights."""


def open_checkout_caches(workspace: Workspace, params: EvaluateParams) -> Caches:
    """Open the checkout's caches of what was spoken and heard with today's code."""
    return open_caches(
        workspace.cache_dir,
        voice_code=_code(_VOICE_CODE, params.threads),
        instrument_code=_code(_INSTRUMENT_CODE, params.threads),
    )


def _code(entries: Sequence[str], threads: int) -> str:
    """Name code and number of threads: the order of sums, and so the last bits, depend on both.

    Where it was measured is not named: every executor's workers give the same bytes.
    """
    return digest_json({"code": code_digest(entries), "threads": threads})
