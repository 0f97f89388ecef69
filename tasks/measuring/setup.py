"""Set up an evaluation from params.yaml and a checkout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from tasks.measuring.checkout_caches import open_checkout_caches
from tasks.measuring.self_testing import SPEAKERS, find_spoken_clips
from voxgate.evaluation.benchmark import load_benchmark, prompts_language
from voxgate.evaluation.checkpoints import Checkpoint, find_checkpoints
from voxgate.evaluation.evaluation import Evaluation
from voxgate.evaluation.frame import MIN_SPEAKER_CLIP_S
from voxgate.evaluation.known_clips import load_known_clips
from voxgate.evaluation.protocol import Instruments, Normaliser, ScoringRules
from voxgate.evaluation.real_clips import Recordings, read_recordings
from voxgate.evaluation.self_test import SelfTestBounds
from voxgate.evaluation.synthesis import Speaker
from voxgate.executors import Executor, SerialExecutor
from voxgate.params import EvaluateParams
from voxgate.ports import QualityPredictor, SpeakerEncoder, Transcriber
from voxgate.stage import Workspace
from voxgate.types import EvaluatorIdentity

__all__ = [
    "build_evaluation",
    "build_instruments",
    "build_rules",
    "open_executor",
    "package_loader",
]


class _Identified(Protocol):
    @property
    def identity(self) -> EvaluatorIdentity: ...


_Instrument = TypeVar("_Instrument", bound=_Identified)


def open_executor() -> Executor:
    """Return the executor of the settings; a context manager that ends its workers.

    Raises:
        ConfigError: Ray is asked for and not installed, or no cluster answers.
    """
    from voxgate.settings import load_settings
    from voxgate.wiring.workers import build_executor

    return build_executor(load_settings())


def build_instruments(
    params: EvaluateParams,
    *,
    executor: Executor | None = None,
    language: str | None = None,
    transcriber: Transcriber | None = None,
    encoder: SpeakerEncoder | None = None,
    normaliser: Normaliser | None = None,
    quality: QualityPredictor | None = None,
) -> Instruments:
    """Return the instruments; what is not handed in is loaded as params.yaml says.

    The executor's workers load them; without one, this process. `language` is what they hear and
    count; None is that of the benchmark. A `normaliser` that is handed in also counts what is
    comparable with published figures.

    Raises:
        WeightsError: an instrument is absent or not the pinned one.
        EvaluatorError: the transcriber does not hear the language.
        TextError: the language has no front end, or lacks its libraries.
    """
    executor = executor or SerialExecutor()
    published = normaliser
    if None in (transcriber, encoder, normaliser, quality):
        from voxgate.wiring import evaluators, executors

        asked = language or prompts_language(Path(params.prompt_file))
        transcriber = transcriber or _loaded(
            executors.pooled_recogniser(executor, params, language=asked)
        )
        encoder = encoder or _loaded(
            executors.pooled_encoder(executor, params, batch_size=params.batch_size)
        )
        normaliser = normaliser or evaluators.text_normaliser(asked)
        published = published or evaluators.published_normaliser(asked)
        quality = quality or _loaded(executors.pooled_predictor(executor, params))
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
        workers=executor.workers,
    )


def _loaded(instrument: _Instrument) -> _Instrument:
    """Let an instrument be loaded now: where it cannot be, nothing else need begin."""
    _ = instrument.identity
    return instrument


def build_evaluation(
    workspace: Workspace,
    params: EvaluateParams,
    instruments: Instruments,
    *,
    checkpoints: Sequence[Checkpoint] | None = None,
    executor: Executor | None = None,
    load_voice: Callable[[Path], Speaker] | None = None,
    blocks: tuple[int, ...] = (1,),
    hear: Callable[[str], Transcriber] | None = None,
) -> Evaluation:
    """Return an evaluation of `checkpoints`, which are those of build/train if none are named.

    `blocks` are those of the gate's prompts that are measured. The executor's workers load the
    voices, unless `load_voice` does. `hear` gives what hears recordings
    in another language than that of the benchmark, where there are no others.

    Raises:
        ConfigError: the benchmark is broken.
        StageError: an earlier stage has not run.
    """
    executor = executor or SerialExecutor()
    benchmark = load_benchmark(workspace.benchmark_dir / params.prompt_file)
    recordings = read_recordings(
        workspace.stage_dir("featurize"),
        train_clips=params.reference_clips,
        validation_clips=params.held_out_clips,
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
        load_voice=load_voice or package_loader(params, executor),
        caches=open_checkout_caches(workspace, params),
        blocks=blocks,
        ears=_ears(recordings, benchmark.language, hear or partial(_hear, params, executor)),
        spoken=find_spoken_clips(workspace, benchmark.language, recordings.clips),
    )


def _ears(
    recordings: Recordings, language: str, hear: Callable[[str], Transcriber]
) -> Transcriber | None:
    """Return what hears the recordings, where none of them is in `language`."""
    spoken = [clip.language for clip in recordings.clips]
    return None if not spoken or language in spoken else hear(spoken[0])


def _hear(params: EvaluateParams, executor: Executor, language: str) -> Transcriber:
    from voxgate.wiring.executors import pooled_recogniser

    return _loaded(pooled_recogniser(executor, params, language=language))


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


def package_loader(params: EvaluateParams, executor: Executor) -> Callable[[Path], Speaker]:
    """Return what lets the executor's workers load a voice package of either kind."""
    from voxgate.wiring.judged_voices import pooled_voice

    return partial(pooled_voice, executor, threads=params.threads)
