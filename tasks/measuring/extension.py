"""Evidence of a later look: what is known of a voice, and the missing blocks beside it.

A block that was measured once is never measured again: it lies in the cache by voice and frame.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from tasks.measuring.evidence import build_evidence
from tasks.measuring.self_testing import check_instruments
from tasks.measuring.setup import build_evaluation, build_instruments, open_executor
from voxgate.errors import GateError
from voxgate.evaluation.checkpoints import read_checkpoint
from voxgate.evaluation.evaluation import failed_self_test
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.records import keep_recordings
from voxgate.evaluation.self_test import SelfTest
from voxgate.executors import Executor
from voxgate.params import EvaluateParams
from voxgate.stage import Workspace

__all__ = ["MeasureBlocks", "Seals", "Sitting", "covering"]

MeasureBlocks = Callable[[Path, tuple[int, ...]], Evidence]
"""Measures the voice package in a folder on blocks of the gate's prompts, and nothing else."""

_log = logging.getLogger(__name__)


class Seals(Protocol):
    """Knows the digest of evidence that lies where anybody can edit it."""

    def holds(self, model_digest: str, frame_digest: str, path: Path) -> bool:
        """Tell whether a file is what was measured last of this voice in this frame."""
        ...

    def put(self, model_digest: str, frame_digest: str, path: Path) -> None:
        """Enter what was measured just now."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One sitting of the instruments: loaded and tested once, for any number of voices.

    The workers that hold them end when nobody holds the sitting.
    """

    workspace: Workspace
    params: EvaluateParams

    def __call__(self, package: Path, blocks: tuple[int, ...]) -> Evidence:
        """Let a voice speak the gate's prompts of these blocks, and score them.

        Raises:
            GateError: the instruments failed their self-test.
            EvaluatorError: a real clip could not be measured.
            WeightsError: an instrument or a file of the voice is absent or not the pinned one.
        """
        evaluation = build_evaluation(
            self.workspace,
            self.params,
            self._instruments,
            executor=self._executor,
            checkpoints=[read_checkpoint(package)],
            blocks=blocks,
        )
        findings = evaluation.measure(self._self_test)
        if findings.refusal is not None:
            raise GateError(f"{package} cannot be measured: {findings.refusal.message}")
        keep_recordings(self.workspace.recordings_dir, findings.gate_samples)
        return build_evidence(self.workspace, self.params, evaluation, findings)

    @cached_property
    def _executor(self) -> Executor:
        return open_executor()

    @cached_property
    def _instruments(self) -> Instruments:
        return build_instruments(self.params, executor=self._executor)

    @cached_property
    def _self_test(self) -> SelfTest:
        found = check_instruments(self.workspace, self.params, self._instruments)
        if not found.passed:
            raise GateError(failed_self_test(found).message)
        return found


def covering(
    workspace: Workspace,
    path: Path,
    blocks: Collection[int],
    *,
    package: Callable[[], Path],
    measure: MeasureBlocks,
    seals: Seals,
) -> Path:
    """Return where evidence of these blocks lies, and measure what nobody has measured yet.

    Args:
        workspace: the checkout; longer evidence is kept in its cache.
        path: what the voice was registered with, or measured anew, in today's frame.
        blocks: those of the look.
        package: finds the voice; called only where something has to be measured.
        measure: lets it speak.
        seals: say whether kept evidence is what was measured.

    Raises:
        BundleError: what was measured is in another frame.
        GateError, VersionLostError, ExternalServiceError: the voice cannot be measured.
    """
    known = read_evidence(path)
    if set(blocks) <= known.blocks:
        return path
    kept = _kept(workspace, known, seals)
    if kept is not None:
        known = known.joined(kept)
    missing = tuple(sorted(set(blocks) - known.blocks))
    if missing:
        _log.info(
            "%s speaks the prompts of block %s", known.model.get("checkpoint"), _said(missing)
        )
        added = measure(package(), missing)
        # The package was found by its digest; early evidence of a base may name it otherwise.
        known = known.joined(replace(added, model=known.model))
    longer = _place(workspace, known)
    known.write(longer)
    seals.put(str(known.model.get("digest")), known.frame_digest, longer)
    return longer


def _kept(workspace: Workspace, of: Evidence, seals: Seals) -> Evidence | None:
    """Return what an earlier run kept of the same voice in the same frame, if it did."""
    path = _place(workspace, of)
    if not path.is_file():
        return None
    if not seals.holds(str(of.model.get("digest")), of.frame_digest, path):
        _log.warning("%s is not what the ledger says was measured; measured again", path)
        return None
    return read_evidence(path)


def _place(workspace: Workspace, evidence: Evidence) -> Path:
    return workspace.kept_evidence(str(evidence.model.get("digest")), evidence.frame_digest)


def _said(blocks: Collection[int]) -> str:
    return ", ".join(map(str, blocks))
