"""Where everything in a checkout lies, and how the stages of the data graph report.

A stage that judges does not fail: DVC keeps no outputs of a failed stage, and the evidence of a
refusal is worth keeping. It writes `outcome.json`, and the next stage refuses a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voxgate.errors import RefusalError, StageError
from voxgate.files import read_json, write_json

__all__ = ["STAGES", "Outcome", "Reason", "Workspace", "read_outcome", "require_accepted"]

STAGES = ("ingest", "validate", "featurize", "train", "evaluate")


@dataclass(frozen=True)
class Workspace:
    """The paths of one checkout: what people keep in `root`, `build/`, and `.voxgate/`.

    No other module spells a place in `.voxgate/`. Nothing is made here; a folder may be absent.
    """

    root: Path

    @property
    def params_file(self) -> Path:
        """What is computed; DVC hashes it."""
        return self.root / "params.yaml"

    @property
    def graph_lock(self) -> Path:
        """What each stage ran on and what came out, by digest; DVC writes it."""
        return self.root / "dvc.lock"

    @property
    def schedules_file(self) -> Path:
        """The deployments and when they run."""
        return self.root / "prefect.yaml"

    @property
    def data_pointer(self) -> Path:
        """Names the data version that data/ should be."""
        return self.root / "data.dvc"

    @property
    def data_dir(self) -> Path:
        """Recordings, manifest.csv and consent.yaml: one DVC version."""
        return self.root / "data"

    @property
    def manifest(self) -> Path:
        """One line a recording of data/."""
        return self.data_dir / "manifest.csv"

    @property
    def benchmark_dir(self) -> Path:
        """The fixed prompts and the self-test speakers."""
        return self.root / "benchmark"

    @property
    def base_dir(self) -> Path:
        """Weights that ship with the project."""
        return self.root / "base"

    def stage_dir(self, stage: str) -> Path:
        """Return the output folder of a stage, `build/<stage>`."""
        if stage not in STAGES:
            raise StageError(f"no stage {stage!r}; there are {', '.join(STAGES)}")
        return self.build_dir / stage

    @property
    def build_dir(self) -> Path:
        """What the stages write."""
        return self.root / "build"

    @property
    def state_dir(self) -> Path:
        """What this checkout keeps for itself; Git ignores it."""
        return self.root / ".voxgate"

    @property
    def cache_dir(self) -> Path:
        """Per-clip results, named by content; may be deleted at any time."""
        return self.state_dir / "cache"

    def kept_evidence(self, model: str, frame: str) -> Path:
        """Return where evidence of a voice in a frame is kept, both named by their digests."""
        return self.cache_dir / "evidence" / f"{model[:16]}-{frame[:16]}" / "evidence.json"

    @property
    def recordings_dir(self) -> Path:
        """What voices said in later looks, by content, so that reports can play it."""
        return self.cache_dir / "recordings"

    @property
    def work_dir(self) -> Path:
        """Resume state of unfinished work, in folders named by the digest of its inputs."""
        return self.state_dir / "work"

    @property
    def bundles_dir(self) -> Path:
        """Every verdict with its evidence, in folders that are never written again."""
        return self.state_dir / "bundles"

    @property
    def monitor_dir(self) -> Path:
        """What the monitor measured, a folder a day and version."""
        return self.state_dir / "monitor"

    @property
    def ledger_file(self) -> Path:
        """The ledger where no other database is set."""
        return self.state_dir / "ledger" / "ledger.db"

    @property
    def ledger_heads_dir(self) -> Path:
        """The last rows that this checkout saw, a file a chain: what a cut tail shows against."""
        return self.state_dir / "heads"

    @property
    def speakers_dir(self) -> Path:
        """References of speaker profiles, by the digest of their samples."""
        return self.state_dir / "speakers"

    @property
    def releases_dir(self) -> Path:
        """A copy of each package that was released from here, by its digest."""
        return self.state_dir / "releases"

    @property
    def mlflow_dir(self) -> Path:
        """Tracking and registry where no server is set."""
        return self.state_dir / "mlflow"

    @property
    def mlflow_database(self) -> Path:
        """Runs and versions of the embedded registry."""
        return self.mlflow_dir / "mlflow.db"

    @property
    def mlflow_artifacts(self) -> Path:
        """Files of the embedded registry."""
        return self.mlflow_dir / "artifacts"

    @property
    def prefect_dir(self) -> Path:
        """Home of the embedded orchestrator."""
        return self.state_dir / "prefect"

    @property
    def run_lock(self) -> Path:
        """Held by the one run that may write into the checkout."""
        return self.state_dir / "run.lock"

    @property
    def data_lock(self) -> Path:
        """Held by who writes data/ or makes a version of it; beside the folder itself.

        Two checkouts whose data/ are links to one folder have one lock.
        """
        if not self.data_dir.is_symlink():
            return self.state_dir / "data.lock"
        target = self.data_dir.resolve()
        return target.with_name(f".{target.name}.lock")

    @property
    def pretraining_dir(self) -> Path:
        """Teacher, speech and states of making a base; larger than everything else together."""
        return self.state_dir / "pretraining"

    @property
    def data_record(self) -> Path:
        """The data version that was registered here last."""
        return self.state_dir / "registered-data"

    @property
    def listening_key(self) -> Path:
        """Secret that signs the links of the listening page."""
        return self.state_dir / "listening.key"

    @property
    def speech_dir(self) -> Path:
        """What the speech service keeps: voices that are served, sentences, what waits."""
        return self.state_dir / "speech"

    @property
    def speech_spool_dir(self) -> Path:
        """Records of what was said that are not in the database yet."""
        return self.speech_dir / "spool"

    @property
    def speech_assets_dir(self) -> Path:
        """Speech of jobs, where no bucket is set."""
        return self.speech_dir / "assets"

    @property
    def recalls_dir(self) -> Path:
        """What was fetched of speech that was called back, a folder a recall."""
        return self.state_dir / "recalls"

    def quality_calibration(self, subject: str) -> Path:
        """Return where the quality limits of a voice are, named by the digest of their subject."""
        return self.state_dir / "quality" / f"{subject[:32]}.json"

    @property
    def campaigns_dir(self) -> Path:
        """Output tables and reports of campaigns: who was told what, and where to hear it."""
        return self.state_dir / "campaigns"

    def campaign_outputs(self, campaign: str) -> Path:
        """Return where the outputs of a campaign are, folders named by their tables' digests."""
        return self.campaigns_dir / campaign

    @property
    def speech_key(self) -> Path:
        """Secret that names and signs stored speech, where none is set."""
        return self.state_dir / "speech.key"

    def fault_file(self, stage: str) -> Path:
        """Return where the last run of a stage left the error that ended it."""
        return self.state_dir / "faults" / f"{stage}.json"

    def heartbeat_file(self, deployment: str) -> Path:
        """Return where a scheduled flow notes that it has ended."""
        return self.state_dir / "heartbeats" / f"{deployment}.json"


@dataclass(frozen=True)
class Reason:
    """Why a stage refused or warns: a stable code for machines, a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The judgement of a stage. `facts` are the few figures that a summary shows."""

    stage: str
    accepted: bool
    reasons: tuple[Reason, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write `outcome.json` into the stage's folder; write it last."""
        write_json(
            folder / "outcome.json",
            {
                "schema": 1,
                "stage": self.stage,
                "outcome": "accepted" if self.accepted else "refused",
                "reasons": [{"code": r.code, "message": r.message} for r in self.reasons],
                "facts": dict(self.facts),
            },
        )


def read_outcome(folder: Path) -> Outcome:
    """Read the outcome that a stage left in `folder`.

    Raises:
        StageError: the stage has not run.
    """
    path = folder / "outcome.json"
    if not path.is_file():
        raise StageError(
            f"{path} is missing: the stage {folder.name!r} has not run. Run `dvc repro` first."
        )
    raw = read_json(path)
    return Outcome(
        stage=raw["stage"],
        accepted=raw["outcome"] == "accepted",
        reasons=tuple(Reason(r["code"], r["message"]) for r in raw["reasons"]),
        facts=raw["facts"],
    )


def require_accepted(workspace: Workspace, stages: Iterable[str]) -> None:
    """Stop unless every named stage accepted.

    Raises:
        RefusalError: one of them refused; the message carries its reasons.
        StageError: one of them has not run.
    """
    for stage in stages:
        outcome = read_outcome(workspace.stage_dir(stage))
        if not outcome.accepted:
            why = "; ".join(f"{r.code}: {r.message}" for r in outcome.reasons)
            raise RefusalError(f"stage {stage!r} refused: {why}")
