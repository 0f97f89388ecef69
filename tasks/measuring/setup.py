"""Set up an evaluation from params.yaml and a checkout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tasks.measuring.self_testing import SPEAKERS, find_spoken_clips
from voxgate.code_digest import code_digest
from voxgate.evaluation.benchmark import load_benchmark, prompts_language
from voxgate.evaluation.checkpoints import Checkpoint, find_checkpoints
from voxgate.evaluation.evaluation import Evaluation
from voxgate.evaluation.frame import MIN_SPEAKER_CLIP_S
from voxgate.evaluation.known_clips import load_known_clips
from voxgate.evaluation.measurements import Caches, open_caches
from voxgate.evaluation.protocol import Instruments, Normaliser, ScoringRules
from voxgate.evaluation.real_clips import Recordings, read_recordings
from voxgate.evaluation.self_test import SelfTestBounds
from voxgate.files import digest_json
from voxgate.params import EvaluateParams
from voxgate.ports import QualityPredictor, SpeakerEncoder, Transcriber, Voice
from voxgate.stage import Workspace
from voxgate.voice.card import REPLAY, read_card

__all__ = [
    "build_evaluation",
    "build_instruments",
    "build_rules",
    "open_checkout_caches",
    "package_loader",
]

_VOICE_CODE = (
    "voxgate.adapters.extractors.bert_features",
    "voxgate.evaluation.synthesis",
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


def build_instruments(
    params: EvaluateParams,
    *,
    language: str | None = None,
    transcriber: Transcriber | None = None,
    encoder: SpeakerEncoder | None = None,
    normaliser: Normaliser | None = None,
    quality: QualityPredictor | None = None,
) -> Instruments:
    """Return the instruments; what is not handed in is loaded as params.yaml says.

    `language` is what they hear and count; None is that of the benchmark. A `normaliser` that is
    handed in also counts what is comparable with published figures.

    Raises:
        WeightsError: an instrument is absent or not the pinned one.
        EvaluatorError: the transcriber does not hear the language.
        TextError: the language has no front end, or lacks its libraries.
    """
    published = normaliser
    if None in (transcriber, encoder, normaliser, quality):
        from voxgate.settings import load_settings
        from voxgate.wiring import evaluators

        settings = load_settings()
        asked = language or prompts_language(Path(params.prompt_file))
        transcriber = transcriber or evaluators.build_recogniser(params, settings, language=asked)
        encoder = encoder or evaluators.build_speaker_encoder(params, settings)
        normaliser = normaliser or evaluators.text_normaliser(asked)
        published = published or evaluators.published_normaliser(asked)
        quality = quality or evaluators.build_quality_predictor(params)
    assert transcriber is not None
    assert encoder is not None
    assert normaliser is not None
    assert published is not None
    assert quality is not None
    return Instruments(
        transcriber=transcriber,
        encoder=encoder,
        normaliser=normaliser,
        published=published,
        quality=quality,
        batch_size=params.batch_size,
    )


def build_evaluation(
    workspace: Workspace,
    params: EvaluateParams,
    instruments: Instruments,
    *,
    checkpoints: Sequence[Checkpoint] | None = None,
    load_voice: Callable[[Path], Voice] | None = None,
    blocks: tuple[int, ...] = (1,),
    hear: Callable[[str], Transcriber] | None = None,
) -> Evaluation:
    """Return an evaluation of `checkpoints`, which are those of build/train if none are named.

    `blocks` are those of the gate's prompts that are measured. `hear` gives what hears recordings
    in another language than that of the benchmark, where there are no others.

    Raises:
        ConfigError: the benchmark is broken.
        StageError: an earlier stage has not run.
    """
    benchmark = load_benchmark(workspace.benchmark_dir / params.prompt_file)
    recordings = read_recordings(
        workspace.stage_dir("featurize"),
        train_clips=params.reference_clips,
        min_train_clip_s=MIN_SPEAKER_CLIP_S,
        language=benchmark.language,
    )
    return Evaluation(
        benchmark=benchmark,
        seeds={"select": params.select_seeds, "gate": params.gate_seeds},
        instruments=instruments,
        rules=build_rules(params, language=benchmark.language),
        bounds=SelfTestBounds(**params.self_test.model_dump()),
        known_clips=load_known_clips(workspace.benchmark_dir / SPEAKERS),
        recordings=recordings,
        checkpoints=checkpoints or find_checkpoints(workspace.stage_dir("train") / "checkpoints"),
        load_voice=load_voice or package_loader(params),
        caches=open_checkout_caches(workspace, params),
        blocks=blocks,
        ears=_ears(params, recordings, benchmark.language, hear),
        spoken=find_spoken_clips(workspace, benchmark.language, recordings.clips),
    )


def _ears(
    params: EvaluateParams,
    recordings: Recordings,
    language: str,
    hear: Callable[[str], Transcriber] | None,
) -> Transcriber | None:
    """Return what hears the recordings, where none of them is in `language`."""
    spoken = [clip.language for clip in recordings.clips]
    if not spoken or language in spoken:
        return None
    if hear is not None:
        return hear(spoken[0])
    from voxgate.settings import load_settings
    from voxgate.wiring.evaluators import build_recogniser

    return build_recogniser(params, load_settings(), language=spoken[0])


def build_rules(params: EvaluateParams, *, language: str) -> ScoringRules:
    """Return the bounds that turn a measurement into a catastrophe."""
    return ScoringRules(
        language=language,
        max_audio_ratio=params.max_audio_ratio,
        max_tokens_per_second=params.max_tokens_per_second,
        catastrophe_wer=params.catastrophe_wer,
        min_duration_ratio=params.min_duration_ratio,
        max_duration_ratio=params.max_duration_ratio,
        wrong_language_probability=params.wrong_language_probability,
    )


def open_checkout_caches(workspace: Workspace, params: EvaluateParams) -> Caches:
    """Open the checkout's caches of what was spoken and heard with today's code."""
    return open_caches(
        workspace.cache_dir,
        voice_code=_code(_VOICE_CODE, params.threads),
        instrument_code=_code(_INSTRUMENT_CODE, params.threads),
    )


def _code(entries: Sequence[str], threads: int) -> str:
    """Name code and number of threads: the order of sums, and so the last bits, depend on both."""
    return digest_json({"code": code_digest(entries), "threads": threads})


def package_loader(params: EvaluateParams) -> Callable[[Path], Voice]:
    """Return what loads a voice package of either kind."""
    return partial(_load_package, threads=params.threads)


def _load_package(folder: Path, *, threads: int) -> Voice:
    from voxgate.speaking import load_voice
    from voxgate.voice.replay import load_replay
    from voxgate.wiring.text_features import packaged_text_features

    if read_card(folder).kind == REPLAY:
        return load_replay(folder)
    return load_voice(folder, threads=threads, text_features=packaged_text_features(folder))
