"""Where unfinished training is kept, so that a killed run goes on instead of starting again.

Layout of one model's folder (`.voxgate/work/train-<digest>/<s1|s2>/`):

    snapshots/000200.safetensors   weights at the steps that become checkpoints
    points/000250/state.safetensors  weights and optimiser after 250 steps
    points/000250/point.json         step, histories, and the sha256 of everything it relies on

A point appears by rename, complete or not at all, and the last two are kept: a point that turns
out to be damaged is passed over for the one before it. Because each step is a pure function of
the state and the step number, going back costs time, never a different result.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
from torch import Tensor

from voxgate.errors import TrainingError
from voxgate.files import (
    digest_bytes,
    digest_file,
    digest_json,
    publish_directory,
    read_json,
    write_bytes,
    write_json,
)

__all__ = ["ResumePoint", "ResumeStore"]

_LOG = logging.getLogger(__name__)
_KEPT_POINTS = 2


@dataclass(frozen=True, kw_only=True)
class ResumePoint:
    """The state after `step` steps; `journal` is whatever the loop wants back, as JSON values."""

    step: int
    state: Mapping[str, Tensor]
    journal: Mapping[str, Any]


@dataclass(frozen=True)
class ResumeStore:
    """The resume points and snapshots of one model in one run."""

    folder: Path

    def save_snapshot(self, step: int, weights: Mapping[str, Tensor]) -> None:
        """Keep the weights after `step` steps; doing it twice writes the same bytes again."""
        write_bytes(self._snapshot(step), safetensors.torch.save(dict(weights)))

    def read_snapshot(self, step: int) -> dict[str, Tensor]:
        """Return the weights after `step` steps.

        Raises:
            TrainingError: they were not kept or cannot be read.
        """
        path = self._snapshot(step)
        try:
            return safetensors.torch.load(path.read_bytes())
        except (OSError, safetensors.SafetensorError) as error:
            raise TrainingError(
                f"{path}: the weights of step {step} cannot be read ({error}); "
                "delete .voxgate/work and train again"
            ) from error

    def save_point(self, point: ResumePoint) -> None:
        """Publish a resume point and drop all but the last two."""
        with publish_directory(self._points / f"{point.step:06d}") as folder:
            data = safetensors.torch.save(dict(point.state))
            write_bytes(folder / "state.safetensors", data)
            body = {
                "schema": 1,
                "step": point.step,
                "state_sha256": digest_bytes(data),
                "snapshots": {path.name: digest_file(path) for path in self._snapshots()},
                "journal": point.journal,
            }
            write_json(folder / "point.json", body | {"sha256": digest_json(body)})
        for old in self._point_folders()[:-_KEPT_POINTS]:
            shutil.rmtree(old)

    def latest(self) -> ResumePoint | None:
        """Return the newest point that is complete and undamaged, or None to start from step 0.

        A damaged point is reported in the log and removed.
        """
        for folder in reversed(self._point_folders()):
            try:
                return self._read_point(folder)
            except (OSError, ValueError, KeyError, safetensors.SafetensorError) as error:
                _LOG.warning("resume point %s is damaged (%s); going back further", folder, error)
                shutil.rmtree(folder)
        return None

    def _read_point(self, folder: Path) -> ResumePoint:
        body = read_json(folder / "point.json")
        stated = body.pop("sha256")
        if digest_json(body) != stated:
            raise ValueError("point.json does not match its own digest")
        data = (folder / "state.safetensors").read_bytes()
        if digest_bytes(data) != body["state_sha256"]:
            raise ValueError("state.safetensors does not match its digest")
        for name, sha256 in body["snapshots"].items():
            if digest_file(self.folder / "snapshots" / name) != sha256:
                raise ValueError(f"snapshot {name} does not match its digest")
        return ResumePoint(
            step=body["step"], state=safetensors.torch.load(data), journal=body["journal"]
        )

    @property
    def _points(self) -> Path:
        return self.folder / "points"

    def _point_folders(self) -> Sequence[Path]:
        # a name with a dot is a half-written point of a killed run
        return sorted(p for p in self._points.glob("*") if not p.name.startswith("."))

    def _snapshot(self, step: int) -> Path:
        return self.folder / "snapshots" / f"{step:06d}.safetensors"

    def _snapshots(self) -> Sequence[Path]:
        return sorted((self.folder / "snapshots").glob("*.safetensors"))
