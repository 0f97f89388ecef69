"""A checkout with a real MLflow store and a real ledger, in which candidates appear at once."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tasks.release.approve import approve
from tests.fakes.evidence import make_evidence, make_thresholds
from tests.fakes.memory import memory_folder
from tests.fakes.releases import make_judgement, make_origin, placed
from voxgate.adapters.mlflow.registry import (
    CANDIDATE_TAG,
    DATA_TAG,
    PARENT_RUN_TAG,
    SCOPE_TAG,
)
from voxgate.adapters.mlflow.store import log_folder
from voxgate.files import canonical_json, digest_bytes, digest_file, write_bytes, write_json
from voxgate.gate.bundle import read_bundle, write_bundle
from voxgate.params import load_params
from voxgate.release import candidates
from voxgate.release.desk import Desk
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.release import open_desk

ROOT = Path(__file__).resolve().parents[2]


@cache
def _bundle() -> dict[str, bytes]:
    """Return the files of a bundle whose verdict is PASS; judging takes a second, so once."""
    with memory_folder() as folder:
        write_bundle(
            folder / "bundle",
            {
                "challenger": canonical_json(make_evidence().as_json()).encode(),
                "thresholds": canonical_json(make_thresholds().as_json()).encode(),
            },
        )
        return {path.name: path.read_bytes() for path in (folder / "bundle").iterdir()}


@dataclass(frozen=True)
class ReleaseSite:
    """The checkout at `root`; its model is named by it."""

    root: Path
    mlflow_uri: str

    @staticmethod
    def create(root: Path, mlflow_uri: str, **gate: Any) -> ReleaseSite:
        root.mkdir(parents=True, exist_ok=True)
        params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
        params["gate"].update({"model_name": f"voice-{digest_bytes(bytes(root))[:10]}", **gate})
        (root / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
        data = {"outs": [{"md5": "0123456789abcdef0123456789abcdef.dir", "path": "data"}]}
        (root / "data.dvc").write_text(yaml.safe_dump(data), encoding="utf-8")
        return ReleaseSite(root, mlflow_uri)

    @property
    def desk(self) -> Desk:
        settings = Settings(mlflow_tracking_uri=self.mlflow_uri)
        return open_desk(Workspace(self.root), load_params(self.root / "params.yaml"), settings)

    def aliases(self) -> dict[str, int]:
        model = self.desk.connect().client.get_registered_model(self.desk.model)
        return {alias: int(version) for alias, version in model.aliases.items()}

    def register(
        self,
        number: int,
        *,
        package: bool | Path = True,
        evidence_of: Path | None = None,
        **changes: Any,
    ) -> int:
        """Make a run with evidence and a registered version; returns the ledger's version."""
        desk = self.desk
        store = desk.connect()
        run = store.client.create_run(store.experiment_id)
        evidence = self.root / f"evidence-{number}" / "evidence.json"
        evidence.parent.mkdir()
        if evidence_of is None:
            make_evidence().write(evidence)
        else:
            evidence.write_bytes(evidence_of.read_bytes())
        log_folder(store, run.info.run_id, evidence.parent, "evidence")
        model_digest, source = (
            self._package(number, run.info.run_id, package) if package else (f"{number:064x}", "")
        )
        origin = make_origin(
            number,
            evidence_digest=digest_file(evidence),
            model_digest=model_digest,
            parent_run_id=run.info.run_id,
            candidate_digest=f"{number:02d}{desk.model}".ljust(64, "0")[:64],
            **changes,
        )
        if not store.client.search_registered_models(f"name='{desk.model}'"):
            store.client.create_registered_model(desk.model)
        version = store.client.create_model_version(
            desk.model,
            source or f"{self.root.as_uri()}/evidence-{number}",
            # A server wants to be told what a source belongs to.
            model_id=source.removeprefix("models:/") or None,
            tags={
                CANDIDATE_TAG: origin.candidate_digest,
                DATA_TAG: origin.data_version,
                SCOPE_TAG: origin.consent_scope,
                PARENT_RUN_TAG: run.info.run_id,
            },
        )
        facts = {**origin.as_facts(), "registry_version": int(version.version)}
        desk.ledger.append(
            desk.model, lambda book, _now: candidates.register(book, type(origin)(**facts))
        )
        desk.follow()
        release = desk.ledger.read(desk.model).find(origin.candidate_digest)
        assert release is not None
        return release.version

    def judge(self, version: int, **changes: Any) -> None:
        """Write a real bundle, store it with the run, and bind it to the version."""
        desk = self.desk
        book = desk.ledger.read(desk.model)
        name = f"{version}-{book.live or 'floors'}"
        folder = self.root / ".voxgate" / "bundles" / name
        for file, data in _bundle().items():
            write_bytes(folder / file, data)
        parent = book.require(version).parent_run_id
        assert parent is not None
        log_folder(desk.connect(), parent, folder, f"bundle/{name}")
        document = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
        judgement = make_judgement(
            version,
            **{
                "verdict": document["verdict"],
                "verdict_digest": digest_file(folder / "verdict.json"),
                "evidence_digest": read_bundle(folder).digest,
                "bundle": folder.relative_to(self.root).as_posix(),
                "artifact": f"bundle/{name}",
                "champion": book.live,
                **changes,
            },
        )
        desk.ledger.append(
            desk.model,
            lambda book, now: candidates.judge(
                book, version, placed(book, version, judgement), by="gate", reason="judged", now=now
            ),
        )
        desk.follow()

    def offer(self, number: int, **changes: Any) -> int:
        """Register and judge a candidate; returns its version, which waits for a decision."""
        version = self.register(number, **changes)
        self.judge(version)
        return version

    def release(self, number: int, package: Path, **changes: Any) -> int:
        """Make a voice package the live version; returns its number."""
        version = self.offer(number, package=package, **changes)
        approve(self.desk, version, by="jane", reason="a test")
        return version

    def forget_bundles(self) -> None:
        shutil.rmtree(self.root / ".voxgate" / "bundles")

    def _package(self, number: int, run_id: str, spoken: bool | Path) -> tuple[str, str]:
        """Store a voice package as a logged model of the run; returns its digest and source.

        `spoken` is a package that can speak; True is one that cannot.
        """
        from voxgate.adapters.mlflow.registry import CHOSEN_TAG

        store = self.desk.connect()
        folder = self.root / f"package-{number}" / "artifacts" / "step-000010"
        if isinstance(spoken, Path):
            shutil.copytree(spoken, folder)
        else:
            folder.mkdir(parents=True)
            (folder / "s1.safetensors").write_bytes(b"weights %d" % number)
            digest = digest_file(folder / "s1.safetensors")
            card = {"schema": 1, "consent_scope": "internal", "files": {"s1.safetensors": digest}}
            write_json(folder / "voice.json", card)
        logged = store.client.create_logged_model(store.experiment_id, source_run_id=run_id)
        store.client.log_model_artifacts(logged.model_id, str(folder.parents[1]))
        store.client.finalize_logged_model(logged.model_id, "READY")
        store.client.set_tag(run_id, CHOSEN_TAG, logged.model_id)
        return digest_file(folder / "voice.json"), f"models:/{logged.model_id}"
