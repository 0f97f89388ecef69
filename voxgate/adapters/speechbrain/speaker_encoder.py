"""Speaker embeddings through SpeechBrain's EncoderClassifier, whatever network it serves.

Only waves of one length share a batch: padding would change the numbers of the shorter ones, and a
score must not depend on which other clips happen to be measured with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.devices import evaluator_device
from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio
from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError
from voxgate.params.evaluate import EvaluatorSource
from voxgate.types import HEARING_RATE_HZ, Embeddings, EvaluatorIdentity, Wave

__all__ = ["SpeechBrainEncoder", "load_speaker_encoder"]

MIN_S = 0.4
"""Shorter waves hold a syllable at most; their embedding says nothing about the speaker."""


class SpeechBrainEncoder:
    """Implements ports.SpeakerEncoder with a loaded `EncoderClassifier`."""

    def __init__(self, classifier: Any, identity: EvaluatorIdentity) -> None:
        self._classifier = classifier
        self._identity = identity

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the encoder."""
        return self._identity

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        """Embed 16 kHz waves; (N, D) float32 with rows of unit length.

        Raises:
            EvaluatorError: a wave is too short, silent or not finite, or the network gave no
                usable vector.
        """
        check_waves(waves, min_s=MIN_S, audible=True)
        if not waves:
            return np.zeros((0, 0), dtype=np.float32)
        order = sorted(range(len(waves)), key=lambda index: (len(waves[index]), index))
        vectors: dict[int, Embeddings] = {}
        for _, group in groupby(order, key=lambda index: len(waves[index])):
            rows = list(group)
            vectors.update(zip(rows, self._embed_equal([waves[n] for n in rows]), strict=True))
        return np.stack([self._unit(vectors[index], index) for index in range(len(waves))])

    def _embed_equal(self, waves: Sequence[Wave]) -> Embeddings:
        """Return (N, D) of waves of one length."""
        with torch.inference_mode():
            batch = torch.from_numpy(np.stack(waves))  # (N, T)
            vectors: Embeddings = self._classifier.encode_batch(batch).flatten(1).cpu().numpy()
        return vectors

    def _unit(self, vector: Embeddings, index: int) -> Embeddings:
        norm = float(np.linalg.norm(vector))
        if not np.isfinite(norm) or norm == 0.0:
            raise EvaluatorError(
                f"wave {index}: {self._identity.name} gave a vector of length {norm}; "
                "the wave holds nothing that it can embed"
            )
        unit: Embeddings = (vector / norm).astype(np.float32)
        return unit


def load_speaker_encoder(
    source: EvaluatorSource, *, assets_dir: Path, threads: int, device: str = "cpu"
) -> SpeechBrainEncoder:
    """Load a speaker encoder from a checked folder.

    Args:
        source: the pinned instrument; its kind is "speechbrain".
        assets_dir: where assets live on this machine.
        threads: threads of PyTorch, for the whole process.
        device: "cpu" or "cuda"; part of the identity.

    Raises:
        WeightsError: the weights are absent, damaged, or not the pinned ones.
        EvaluatorError: the source is of another kind, or there is no such device.
    """
    if source.kind != "speechbrain":
        raise EvaluatorError(f"{source.source}: expected kind speechbrain, got {source.kind}")
    folder = checked_folder(source.source, source.sha256, assets_dir)
    place = evaluator_device(device)
    torch.set_num_threads(threads)
    identity = EvaluatorIdentity(
        name=f"speechbrain:{source.source}",
        weights_sha256=source.sha256,
        options={
            "device": place.type,
            "precision": "float32",
            "sample_rate_hz": HEARING_RATE_HZ,
            "min_s": MIN_S,
            "batch": "of one length",
        },
    )
    return SpeechBrainEncoder(_from_folder(folder, place), identity)


def _from_folder(folder: Path, device: torch.device) -> Any:
    import_torchaudio()
    # The asset's hyperparams.yaml names it: imported here so that the code digests know of it.
    from speechbrain.inference.classifiers import EncoderClassifier
    from speechbrain.utils.fetching import FetchConfig, LocalStrategy

    import voxgate.adapters.ge2e_network  # noqa: F401

    # Building a network draws random weights before the real ones are loaded; the caller's
    # generator must not notice.
    with torch.random.fork_rng(devices=[]):
        return EncoderClassifier.from_hparams(
            source=str(folder),
            overrides={"pretrained_path": str(folder)},
            savedir=None,
            local_strategy=LocalStrategy.NO_LINK,
            fetch_config=FetchConfig(allow_network=False),
            run_opts={"device": str(device)},
        )
