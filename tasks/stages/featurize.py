"""Stage `featurize`: phones, speech tokens, the held-out clips and the voice's reference clip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.gpt_sovits.presets import Preset
from voxgate.content_cache import ContentCache
from voxgate.corpus.data_size import DataSize, find_lacks, find_size
from voxgate.corpus.languages import corpus_languages
from voxgate.corpus.lexicon_folder import user_lexicons
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.executors import Executor
from voxgate.features.accepted_clips import AcceptedClips, read_accepted_clips
from voxgate.features.clip_features import compute_features, encode_reference
from voxgate.features.feature_files import write_dropped, write_features
from voxgate.features.feature_statistics import summarise_features
from voxgate.features.readings import Phonemiser, PooledPhonemiser
from voxgate.features.speaker_vectors import PooledSpeakerVectors, compute_speaker_vectors
from voxgate.features.splits import SplitRules
from voxgate.features.text_features import BERT_CARD, compute_text_features
from voxgate.features.training_set import (
    TrainingSet,
    assemble,
    choose_speaker,
    judge,
    judge_speaker,
)
from voxgate.files import publish_directory, read_json, write_bytes, write_json
from voxgate.params import FeaturizeParams, Params
from voxgate.stage import Outcome, Workspace, require_accepted
from voxgate.training.preset_choice import check_features, check_text_features, choose_preset
from voxgate.voice.speaker_vectors import SpeakerVectors
from voxgate.voice.speech_tokenizer import SpeechTokenizer
from voxgate.voice.text_features import CharacterFeatures, TextFeatures

__all__ = ["featurize"]


def featurize(
    workspace: Workspace,
    params: Params,
    *,
    tokenizer: SpeechTokenizer | None = None,
    phonemiser: Phonemiser | None = None,
    speaker_vectors: SpeakerVectors | None = None,
    text_features: TextFeatures | None = None,
) -> Outcome:
    """Write build/featurize; what is not handed in is built as params.yaml says.

    It is loaded by the workers of the settings' executor, and only where something is not in the
    cache; the files are the same under each.

    Refuses a corpus with too few usable clips, without a reference clip, of several speakers
    without a choice among them, or with a text that the benchmark asks for.

    Raises:
        WeightsError: the tokenizer, its extractor, the speaker network or BERT is absent or not
            the pinned one.
        ConfigError: a lexicon or the benchmark is broken, or parameters do not fit the preset or
            the corpus.
        TrainingError: there is no such preset.
        TextError: the benchmark's language has no front end, or a language's libraries are not
            installed.
        RefusalError: an earlier stage refused.
    """
    with _open_executor() as executor:
        return _featurize(
            workspace,
            params,
            executor,
            tokenizer=tokenizer,
            phonemiser=phonemiser,
            speaker_vectors=speaker_vectors,
            text_features=text_features,
        )


def _featurize(
    workspace: Workspace,
    params: Params,
    executor: Executor,
    *,
    tokenizer: SpeechTokenizer | None,
    phonemiser: Phonemiser | PooledPhonemiser | None,
    speaker_vectors: SpeakerVectors | PooledSpeakerVectors | None,
    text_features: TextFeatures | None,
) -> Outcome:
    require_accepted(workspace, ("ingest", "validate"))
    preset = choose_preset(params.train.preset)
    check_features(preset, params)
    lexicons = user_lexicons(workspace.data_dir, params.featurize.lexicon)
    tokenizer = tokenizer or _open_tokenizer(executor, workspace, params.featurize)
    if not preset.synthesizer.speaker_vector:
        speaker_vectors = None
    elif speaker_vectors is None:
        speaker_vectors = _open_speaker_vectors(executor, params.featurize)
    audio = read_accepted_clips(workspace.stage_dir("validate"), workspace.stage_dir("ingest"))
    cache = ContentCache(workspace.cache_dir, "featurize")
    clips, others = choose_speaker(audio.clips, params.featurize.speaker)
    languages = corpus_languages([clip.language for clip in clips], params.featurize.languages)
    bert = check_text_features(preset, params, languages)
    text_features = None if bert is None else text_features or _open_text_features(bert)
    phonemiser = phonemiser or _open_phonemiser(executor, params.featurize, lexicons, languages)
    features, dropped = compute_features(
        clips,
        audio.read_heard,
        phonemiser=phonemiser,
        tokenizer=tokenizer,
        cache=cache,
        progress=_progress,
    )
    durations_s = [entry.clip.duration_s for entry in features]
    size = find_size(durations_s, params.sizes)
    rules = _split_rules(params, size)
    found = assemble(features, [*others, *dropped], rules=rules)
    asked = [
        load_benchmark(workspace.benchmark_dir / file)
        for file in params.evaluate.prompt_files.values()
    ]
    reasons = (
        judge_speaker(found)
        or find_lacks(durations_s, params.sizes)
        or judge(
            found,
            rules=rules,
            prompts={one.language: [prompt.text for prompt in one.prompts] for one in asked},
        )
    )
    facts: dict[str, Any] = {"clips": len(features), "dropped": len(found.dropped)}
    if size is not None:
        facts["size"] = size.as_json()
    with publish_directory(workspace.stage_dir("featurize")) as folder:
        write_dropped(folder, found.dropped)
        if not reasons:
            write_features(
                folder,
                found.features,
                splits=found.splits,
                audio=audio,
                speaker_vectors=_vectors(found, audio, speaker_vectors, cache),
                text_features=_characters(found, preset, text_features, cache),
            )
            if text_features is not None:
                write_json(folder / BERT_CARD, {"schema": 1, "sha256": text_features.sha256})
            write_json(folder / "tokenizer.json", _tokenizer_card(params.featurize, tokenizer))
            write_json(
                folder / "reference.json",
                _reference_card(workspace, found, audio, tokenizer, cache, languages=languages),
            )
            summary = _statistics(found, preset, tokenizer, audio, cache)
            write_json(folder / "statistics.json", summary)
            facts |= summary["clips"]
            for path in lexicons.values():
                write_bytes(folder / path.name, path.read_bytes())
        outcome = Outcome(
            stage="featurize", accepted=not reasons, reasons=tuple(reasons), facts=facts
        )
        outcome.write(folder)
    return outcome


def _open_executor() -> Executor:
    from voxgate.settings import load_settings
    from voxgate.wiring.workers import build_executor

    return build_executor(load_settings())


def _open_tokenizer(
    executor: Executor, workspace: Workspace, params: FeaturizeParams
) -> SpeechTokenizer:
    from voxgate.wiring.pooled_featurizers import pooled_tokenizer

    return pooled_tokenizer(executor, params, base_dir=workspace.base_dir)


def _open_speaker_vectors(executor: Executor, params: FeaturizeParams) -> PooledSpeakerVectors:
    from voxgate.wiring.pooled_featurizers import pooled_speaker_vectors

    assert params.speaker_vectors is not None  # check_features asked for it
    return pooled_speaker_vectors(executor, params.speaker_vectors)


def _open_text_features(sha256: str) -> TextFeatures:
    from voxgate.settings import load_settings
    from voxgate.wiring.text_features import build_text_features

    return build_text_features(sha256, load_settings().assets_dir)


def _open_phonemiser(
    executor: Executor,
    params: FeaturizeParams,
    lexicons: Mapping[str, Path],
    languages: Sequence[str],
) -> PooledPhonemiser:
    from voxgate.wiring.pooled_featurizers import pooled_phonemiser

    return pooled_phonemiser(executor, params.symbols, lexicons=lexicons, languages=languages)


def _split_rules(params: Params, size: DataSize | None) -> SplitRules:
    rules = params.sizes.minute if size is None else size.rules
    return SplitRules(
        centroid_clips=rules.centroid_clips,
        centroid_s=rules.centroid_s,
        min_centroid_s=params.featurize.min_centroid_clip_s,
        validation_fraction=params.featurize.validation_fraction,
    )


def _tokenizer_card(params: FeaturizeParams, tokenizer: SpeechTokenizer) -> dict[str, Any]:
    return {
        "schema": 1,
        "tokenizer": params.tokenizer,
        "sha256": tokenizer.sha256,
        "extractor": params.extractor,
        "extractor_sha256": params.extractor_sha256,
        "codes": tokenizer.codes,
    }


def _vectors(
    found: TrainingSet,
    audio: AcceptedClips,
    encoder: SpeakerVectors | PooledSpeakerVectors | None,
    cache: ContentCache,
) -> dict[str, NDArray[np.float32]] | None:
    if encoder is None:
        return None
    return compute_speaker_vectors(
        [entry.clip for entry in found.features], audio.read_wave, encoder=encoder, cache=cache
    )


def _characters(
    found: TrainingSet, preset: Preset, source: TextFeatures | None, cache: ContentCache
) -> dict[str, CharacterFeatures] | None:
    if source is None:
        return None
    return compute_text_features(
        found.features, source=source, channels=preset.text_channels, cache=cache
    )


def _reference_card(
    workspace: Workspace,
    found: TrainingSet,
    audio: AcceptedClips,
    tokenizer: SpeechTokenizer,
    cache: ContentCache,
    *,
    languages: Sequence[str],
) -> dict[str, Any]:
    assert found.reference is not None
    clip = found.reference.clip
    others = [language for language in languages if language != clip.language]
    speakers = read_json(workspace.stage_dir("ingest") / "summary.json")["speakers"]
    return {
        "schema": 1,
        "clip_id": clip.clip_id,
        "recording_id": clip.recording_id,
        "speaker_id": clip.speaker_id,
        "language": clip.language,
        **({"languages": [clip.language, *others]} if others else {}),
        "consent_scope": speakers[clip.speaker_id]["consent_scope"],
        "duration_s": clip.duration_s,
        "snr_db": clip.snr_db,
        "text": clip.text,
        "prompt_tokens": encode_reference(clip, audio.read_heard, tokenizer=tokenizer, cache=cache),
    }


def _statistics(
    found: TrainingSet,
    preset: Preset,
    tokenizer: SpeechTokenizer,
    audio: AcceptedClips,
    cache: ContentCache,
) -> dict[str, Any]:
    from voxgate.features.spectrogram_statistics import spectrogram_statistics

    summary = summarise_features(
        found.features, found.dropped, splits=found.splits, codes=tokenizer.codes
    )
    return summary | {
        "spectrogram": spectrogram_statistics(
            [entry.clip for entry in found.features],
            audio.read_wave,
            preset=preset,
            cache=cache,
        )
    }


_progress: Callable[[Iterable[Any]], Iterable[Any]] = partial(tqdm, desc="featurize", unit="batch")
