"""A checkout in which a retraining has come to its verdict: real DVC, ledger, MLflow and gate."""

from __future__ import annotations

from pathlib import Path

import yaml

from tasks.release.judge import judge_candidate
from tasks.release.register import register
from tests.fakes.build_tree import write_build_tree
from tests.fakes.contest import Contest
from tests.fakes.dvc_project import make_project
from tests.fakes.release_site import ReleaseSite
from voxgate.params import load_params
from voxgate.strict_yaml import dump_yaml
from voxgate.wiring.pipeline import read_recipe

__all__ = ["make_judged_site"]


def make_judged_site(root: Path, mlflow_uri: str) -> ReleaseSite:
    """Fill `root`; version 1 is the candidate of its build/, and waits for a decision.

    There is no base, so that there is no gold. The stages need `PYTHONPATH` to lead to this
    project.
    """
    write_build_tree(root)
    for name in ("data.dvc", "dvc.lock", "dvc.yaml", "params.yaml"):
        (root / name).unlink()
    site = ReleaseSite.create(root, mlflow_uri)
    (root / "data.dvc").unlink()
    _take_parameters(site)
    project = make_project(root)
    project.dvc("repro", "-q")
    evidence = Contest(site).evidence(1, {}, (1,))
    evidence.write(root / "build" / "evaluate" / "evidence.json")
    params, desk = load_params(root / "params.yaml"), site.desk
    version = register(desk, params, read_recipe(root))
    judge_candidate(desk, params, version)
    return site


def _take_parameters(site: ReleaseSite) -> None:
    """Write into params.yaml what invented voices are measured by, and no base."""
    path = site.root / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    params["train"]["base"] = None
    weights = Contest(site).params.evaluate.evaluators
    for name, source in params["evaluate"]["evaluators"].items():
        source["sha256"] = weights[name].sha256
    path.write_text(dump_yaml(params), encoding="utf-8")
