"""The GE2E speaker encoder (Wan et al., 2018) with Resemblyzer's front end and trained shape.

SpeechBrain builds these classes by name from the asset's hyperparams.yaml, so that the weights are
served through the same EncoderClassifier as ECAPA's. That file's sha256 is part of the instrument's
identity, and with it this module's name: it stays here, or all evidence is of another instrument.

N is a batch size, T counts samples, F mel frames, P partial utterances, D is the width of the
embedding.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxgate.features.one_thread import one_thread

__all__ = ["MelFeatures", "NoNormalisation", "SpeakerNetwork", "load_weights"]

SAMPLE_RATE_HZ = 16_000
N_FFT = 400  # 25 ms
HOP = 160  # 10 ms
N_MELS = 40
WIDTH = 256
LAYERS = 3
PARTIAL_FRAMES = 160  # 1.6 s, the length that the network was trained on
FRAME_STEP = 77  # 1.3 partial utterances a second
MIN_COVERAGE = 0.75  # of a last partial utterance; below it the last one is left out


class MelFeatures(nn.Module):
    """From waves to mel power spectrograms, padded so that whole partial utterances fit.

    Every wave is brought to `level_dbfs` (root mean square) first. The features are linear, not
    logarithmic, so that level would count as voice: Resemblyzer raises what lies below -30 dBFS and
    leaves the rest, and 6 dB of gain then cost .03 of cosine (docs/evaluators.md).
    """

    window: Tensor
    filters: Tensor

    def __init__(self, level_dbfs: float) -> None:
        super().__init__()
        self._level = 10.0 ** (level_dbfs / 20)
        from torchaudio.functional import melscale_fbanks

        filters = melscale_fbanks(
            n_freqs=N_FFT // 2 + 1,
            f_min=0.0,
            f_max=SAMPLE_RATE_HZ / 2,
            n_mels=N_MELS,
            sample_rate=SAMPLE_RATE_HZ,
            norm="slaney",
            mel_scale="slaney",
        )
        self.register_buffer("window", torch.hann_window(N_FFT), persistent=False)
        self.register_buffer("filters", filters.T.contiguous(), persistent=False)  # (N_MELS, bins)

    def forward(self, waves: Tensor) -> Tensor:
        """Turn waves (N, T) into features (N, F, N_MELS)."""
        waves = waves * (self._level / waves.square().mean(dim=1, keepdim=True).sqrt())
        end = partial_starts(waves.shape[1])[-1] + PARTIAL_FRAMES
        missing = max(0, end * HOP - waves.shape[1])
        waves = F.pad(waves, (0, missing))
        spectrum = torch.stft(
            waves,
            N_FFT,
            HOP,
            window=self.window,
            center=True,
            pad_mode="constant",
            return_complex=True,
        )
        power = spectrum.abs().square()  # (N, bins, F)
        features: Tensor = (self.filters @ power).transpose(1, 2)  # (N, F, N_MELS)
        return features


class NoNormalisation(nn.Module):
    """Stands where SpeechBrain expects feature normalisation: GE2E's features are used as is."""

    def forward(self, features: Tensor, _lengths: Tensor) -> Tensor:
        """Return the features."""
        return features


class SpeakerNetwork(nn.Module):
    """Three LSTM layers, a projection, and the mean over partial utterances."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(N_MELS, WIDTH, LAYERS, batch_first=True)
        self.linear = nn.Linear(WIDTH, WIDTH)

    def forward(self, features: Tensor, _lengths: Tensor) -> Tensor:
        """Turn features (N, F, N_MELS) into embeddings (N, 1, D) of unit length."""
        partials = features.unfold(1, PARTIAL_FRAMES, FRAME_STEP)  # (N, P, N_MELS, F)
        batch, parts = partials.shape[:2]
        partials = partials.transpose(2, 3).flatten(0, 1)  # (N * P, F, N_MELS)
        # The steps of a small LSTM are too short to share: two threads on a busy 2-core machine
        # took 17 times the processor time of one.
        with one_thread():
            _, (hidden, _) = self.lstm(partials)
        embeddings = F.normalize(F.relu(self.linear(hidden[-1])), dim=1)  # (N * P, D)
        mean = embeddings.view(batch, parts, WIDTH).mean(dim=1)
        return F.normalize(mean, dim=1).unsqueeze(1)  # (N, 1, D)


def load_weights(network: SpeakerNetwork, path: str) -> None:
    """Load the converted weights; SpeechBrain's own hook would only warn about a missing tensor."""
    from safetensors.torch import load_file

    network.load_state_dict(load_file(path), strict=True)


def partial_starts(n_samples: int) -> list[int]:
    """Return the first frame of each partial utterance of a wave, as Resemblyzer chooses them."""
    frames = math.ceil((n_samples + 1) / HOP)
    starts = list(range(0, max(1, frames - PARTIAL_FRAMES + FRAME_STEP + 1), FRAME_STEP))
    coverage = (n_samples - starts[-1] * HOP) / (PARTIAL_FRAMES * HOP)
    if len(starts) > 1 and coverage < MIN_COVERAGE:
        starts.pop()
    return starts
