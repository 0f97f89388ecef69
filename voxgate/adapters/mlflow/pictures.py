"""What a researcher looks at in the MLflow UI; what they listen to is `listening_room`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from voxgate.audio.shards import ShardReader
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.features.featurised_clips import read_cut_clips
from voxgate.files import read_json
from voxgate.stage import Workspace
from voxgate.types import Wave

__all__ = ["gate_scores", "log_pictures"]

PICTURED_PROMPTS = 6
PICTURED_COLUMNS = 5


def log_pictures(workspace: Workspace) -> None:
    """Log mel spectrograms of reference and outputs, and where similarities and sound lie."""
    import mlflow
    from matplotlib import pyplot as plt

    plt.switch_backend("agg")
    for name, figure in (
        ("mel_spectrograms.png", _mel_figure(workspace)),
        ("similarity.png", _similarity_figure(workspace)),
        ("sound.png", _sound_figure(workspace)),
    ):
        mlflow.log_figure(figure, f"pictures/{name}")
        plt.close(figure)


def gate_scores(workspace: Workspace) -> pd.DataFrame:
    """Return the rows of the chosen checkpoint on the gate prompts, sorted."""
    scores = pd.read_parquet(workspace.stage_dir("evaluate") / "scores.parquet")
    gate = scores[scores["split"] == "gate"]
    # pandas reads an absent string as NaN; None is what "not measured" is called here.
    gate = gate.astype(object).where(gate.notna(), None)
    return gate.sort_values(["prompt_id", "seed_index"]).reset_index(drop=True)


def _mel_figure(workspace: Workspace) -> Any:
    import soundfile
    from matplotlib import pyplot as plt

    folder = workspace.stage_dir("evaluate")
    scores = gate_scores(workspace)
    chosen = scores[(scores["seed_index"] == 0) & scores["audio"].notna()].head(PICTURED_PROMPTS)
    panels = [("reference clip", _reference_wave(workspace))]
    for row in chosen.to_dict("records"):
        wave, _ = soundfile.read(folder / row["audio"], dtype="float32")
        panels.append((row["prompt_id"], wave))
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 1.6 * len(panels)), squeeze=False)
    for axis, (title, wave) in zip(axes[:, 0], panels, strict=True):
        axis.imshow(_log_mel(wave), origin="lower", aspect="auto", cmap="magma")
        axis.set_title(title, fontsize=8, loc="left")
        axis.set_axis_off()
    figure.tight_layout()
    return figure


def _similarity_figure(workspace: Workspace) -> Any:
    from matplotlib import pyplot as plt

    evidence = read_json(workspace.stage_dir("evaluate") / "evidence.json")
    figure, axis = plt.subplots(figsize=(8, 4))
    bins = np.linspace(-0.2, 1.0, 61).tolist()
    for label, values in (
        ("real clips of the speaker", evidence["ceiling"]["similarities"]),
        ("impostors", evidence["impostor_floor"]["similarities"]),
        ("this voice", gate_scores(workspace)["similarity"].dropna().tolist()),
    ):
        axis.hist(values, bins=bins, density=True, alpha=0.5, label=f"{label} (N={len(values)})")
    axis.set_xlabel("cosine to the held-out centroid")
    axis.set_ylabel("density")
    axis.legend()
    figure.tight_layout()
    return figure


def _sound_figure(workspace: Workspace) -> Any:
    """Draw each measure of the sound: its samples over what real recordings span."""
    from matplotlib import pyplot as plt

    scores = gate_scores(workspace)
    real = read_json(workspace.stage_dir("evaluate") / "evidence.json")["ceiling"]["sound"]
    height = -(-len(CATALOGUE) // PICTURED_COLUMNS)
    figure, axes = plt.subplots(height, PICTURED_COLUMNS, figsize=(12, 2.2 * height))
    for axis, measure in zip(axes.flat, CATALOGUE, strict=True):
        values = scores[f"sound_{measure.name}"].dropna().astype(float)
        low, high = (real[measure.name][share] for share in ("p1", "p99"))
        axis.axvspan(low, high, color="tab:green", alpha=0.2)
        axis.hist(values, bins=30, color="tab:blue")
        axis.set_title(f"{measure.title}, N={len(values)}", fontsize=7, loc="left")
        axis.set_xlabel(measure.unit, fontsize=7)
        axis.tick_params(labelsize=7)
    figure.suptitle("This voice; green: 1st to 99th percentile of real recordings", fontsize=9)
    figure.tight_layout()
    return figure


def _reference_wave(workspace: Workspace) -> Wave:
    folder = workspace.stage_dir("featurize")
    wanted = read_json(folder / "reference.json")["clip_id"]
    clip = next(clip for clip in read_cut_clips(folder) if clip.clip_id == wanted)
    return ShardReader(folder / "audio").read(clip.place)


def _log_mel(wave: Wave) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return (80, T), 100 frames a second: what the recogniser sees."""
    import torch

    # Not librosa's: its first import in a new environment compiles for ten seconds.
    from whisper.audio import log_mel_spectrogram

    mel: np.ndarray[Any, np.dtype[np.float32]] = log_mel_spectrogram(
        torch.from_numpy(np.ascontiguousarray(wave))
    ).numpy()
    return mel
