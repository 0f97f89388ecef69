"""What the instruments are tested on in each language before any of their numbers counts.

Who speaks can be told in any language, so the encoder is always tested on `benchmark/speakers`,
which is English. What is said is heard in the language that is judged: clips of
`benchmark/speakers.LANGUAGE` where the project has them, else the voice's own held-out recordings.
"""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.errors import StageError
from voxgate.evaluation.frame import MIN_SPEAKER_CLIP_S, RealClip
from voxgate.evaluation.known_clips import KnownClip, SpokenClips, load_known_clips
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.real_clips import read_recordings
from voxgate.evaluation.self_test import SelfTest, SelfTestBounds, run_self_test
from voxgate.features.splits import TRAIN
from voxgate.files import digest_bytes
from voxgate.params import EvaluateParams
from voxgate.stage import Workspace

__all__ = ["SPEAKERS", "check_instruments", "find_spoken_clips"]

SPEAKERS = "speakers"
_LANGUAGE = "en"
"""That of the clips in the folder of that name."""

_MOST = 20
"""Recordings; as many as there are speakers in `benchmark/speakers`."""


def find_spoken_clips(
    workspace: Workspace, language: str, recordings: Sequence[RealClip]
) -> SpokenClips | None:
    """Return what the recogniser is tested on in a language; None where it is that of everybody.

    There may be none at all: the self-test then fails and says so.

    Raises:
        ConfigError: the clips of the language are broken.
    """
    if language == _LANGUAGE:
        return None
    name = f"{SPEAKERS}.{language}"
    folder = workspace.benchmark_dir / name
    if folder.is_dir():
        return SpokenClips(origin=f"benchmark/{name}", clips=load_known_clips(folder))
    own = [clip for clip in recordings if clip.role != TRAIN and clip.language == language]
    return SpokenClips(
        origin="held-out recordings of the voice", clips=[_known(clip) for clip in own[:_MOST]]
    )


def check_instruments(
    workspace: Workspace, params: EvaluateParams, instruments: Instruments
) -> SelfTest:
    """Test instruments in the language of `params` before they measure anything.

    Raises:
        ConfigError: known clips are broken.
    """
    return run_self_test(
        instruments,
        load_known_clips(workspace.benchmark_dir / SPEAKERS),
        bounds=SelfTestBounds(**params.self_test.model_dump()),
        spoken=find_spoken_clips(workspace, params.language, _recordings(workspace, params)),
    )


def _recordings(workspace: Workspace, params: EvaluateParams) -> Sequence[RealClip]:
    if params.language == _LANGUAGE:
        return ()
    try:
        return read_recordings(
            workspace.stage_dir("featurize"),
            train_clips=0,
            validation_clips=params.held_out_clips,
            min_train_clip_s=MIN_SPEAKER_CLIP_S,
            language=params.language,
        ).clips
    except StageError:  # a checkout without a build knows no recordings
        return ()


def _known(clip: RealClip) -> KnownClip:
    return KnownClip(
        voice=clip.clip_id,
        text=clip.text,
        sha256=digest_bytes(clip.source.encode()),
        wave=clip.wave,
    )
