"""Turn shards of speech into what the base is trained on: phones, tokens, pitch, audio."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch

from models.gpt_sovits.presets import MINI, SourceFilterPreset
from models.gpt_sovits.s2.pitch import estimate_pitch
from voxgate.errors import TextError
from voxgate.files import write_path
from voxgate.pretraining.base.base_set import CODEBOOK_FILE, SAMPLES_PER_TOKEN
from voxgate.pretraining.speech.shards import Item, load_wave, read_items, shard_numbers
from voxgate.pretraining.speech.voices import language_of
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table
from voxgate.training.objectives.waves import fit_wave
from voxgate.voice.speech_tokenizer import CodebookTokenizer

__all__ = ["prepare"]

_log = logging.getLogger(__name__)
_PREFIXES = {"en": "", "zh": "zh-", "ja": "ja-"}
_FIRST_IDS = {"en": 0, "zh": 1_000_000, "ja": 2_000_000}


def prepare(corpus: Path, out: Path, tokenizer: CodebookTokenizer, *, audio: bool = True) -> int:
    """Prepare every finished shard of `corpus` that `out` lacks; return how many were made.

    `out` may hold corpora of several languages: each has names and numbers of its own. Without
    `audio` a shard is a hundredth of the size: the audio then comes from the pack.
    """
    read = cache(partial(open_front_end, symbols=symbol_table(MINI.symbols)))
    made = 0
    with write_path(out / CODEBOOK_FILE) as temporary, temporary.open("wb") as stream:
        np.save(stream, tokenizer.embed)
    for number in shard_numbers(corpus):
        items = list(read_items(corpus, shards=[number]))
        language = language_of(items[0].voice)
        path = out / f"{_PREFIXES[language]}{number:06d}.npz"
        if path.exists():
            continue
        rows = []
        for item in items:
            try:
                phones = to_phonemes(item.text, read(language)).ids
            except TextError as error:
                _log.warning("item %d left out: %s", item.item_id, error)
                continue
            wave = load_wave(corpus, item)
            codes = tokenizer.encode([wave])[0]
            if 2 * len(codes) < len(phones) + 2:  # a phone and each boundary need a frame
                _log.warning("item %d left out: %d phones", item.item_id, len(phones))
                continue
            wave = fit_wave(wave, len(codes) * SAMPLES_PER_TOKEN)
            named = replace(item, item_id=item.item_id + _FIRST_IDS[language])
            rows.append((named, np.asarray(phones), codes, wave))
        if not rows:
            _log.warning("shard %d: nothing in it can be trained on", number)
            continue
        with write_path(path) as temporary, temporary.open("wb") as stream:
            np.savez(stream, **_arrays(rows, audio=audio))  # type: ignore[arg-type]
        made += 1
        _log.info("shard %d: %d items", number, len(rows))
    return made


def _arrays(
    rows: list[tuple[Item, np.ndarray, np.ndarray, np.ndarray]], *, audio: bool
) -> dict[str, np.ndarray]:
    arrays = {
        "item_ids": np.array([item.item_id for item, *_ in rows]),
        "voices": np.array([item.voice for item, *_ in rows]),
        "phone_lengths": np.array([len(phones) for _, phones, _, _ in rows]),
        "phones": np.concatenate([phones for _, phones, _, _ in rows]).astype(np.int16),
        "code_lengths": np.array([len(codes) for _, _, codes, _ in rows]),
        "codes": np.concatenate([codes for _, _, codes, _ in rows]).astype(np.int16),
        "pitch_hz": np.concatenate([_pitch(wave) for *_, wave in rows]).astype(np.float16),
    }
    if audio:
        joined = np.concatenate([wave for *_, wave in rows])
        arrays["audio"] = (np.clip(joined, -1, 1) * 32767).astype(np.int16)
    return arrays


def _pitch(wave: np.ndarray) -> np.ndarray:
    decoder = MINI.synthesizer.wave
    assert isinstance(decoder, SourceFilterPreset)
    pitch = estimate_pitch(
        torch.from_numpy(wave)[None],
        sample_rate_hz=MINI.sample_rate_hz,
        hop=decoder.fine_hop,
        min_hz=decoder.min_pitch_hz,
        max_hz=decoder.max_pitch_hz,
    )
    return pitch[0].numpy()
