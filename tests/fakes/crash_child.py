"""The steps of a release in processes that kill themselves at a named point.

Run as a program it imports everything once and then forks a process a job, which costs
milliseconds where a fresh one costs seconds. Nothing is opened before the fork.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from matplotlib import pyplot as plt
from mlflow import pyfunc
from mlflow.store.artifact import local_artifact_repo
from mlflow.store.model_registry import sqlalchemy_store as registry_store
from mlflow.store.tracking import sqlalchemy_store as tracking_store
from sqlalchemy.orm import configure_mappers

from tasks.release.approve import approve, approve_by_policy
from tasks.release.judge import judge_candidate
from tasks.release.notifications import standing
from tasks.release.promote import roll_back
from tasks.release.register import register
from tests.fakes.build_tree import write_build_tree
from tests.fakes.evaluation_workspace import EvaluationWorkspace, params_for
from tests.fakes.release_site import ReleaseSite
from tests.fakes.voice import ToneVoice
from voxgate.adapters.mlflow import pictures, projection, reconciler
from voxgate.adapters.mlflow import voice as mlflow_voice
from voxgate.adapters.mlflow.store import connect
from voxgate.adapters.notices import webhook
from voxgate.files import digest_file, read_json, write_json
from voxgate.params import load_params
from voxgate.release.audit import log, verify
from voxgate.release.desk import Desk
from voxgate.release.records import Recipe
from voxgate.settings import Settings

__all__ = ["COMMANDS", "STARTS"]

# Imported here so that no fork has to: half a second each.
_OURS = (pictures, projection, reconciler, mlflow_voice)
_THEIRS = (plt, pyfunc, local_artifact_repo, registry_store, tracking_store)
RECIPE = Recipe(voice="d" * 64, measurement="e" * 64)
VOLATILE = {"fence", "parent_run_id", "expires_at", "until", "clock_behind_s"}


def _retrain(site: ReleaseSite, desk: Desk) -> None:
    params = load_params(site.root / "params.yaml")
    version = register(desk, params, RECIPE)
    judge_candidate(desk, params, version)
    approve_by_policy(desk, version)


def _register(site: ReleaseSite, desk: Desk) -> None:
    register(desk, load_params(site.root / "params.yaml"), RECIPE)


def _approve(_site: ReleaseSite, desk: Desk) -> None:
    approve(desk, 3, by="anna", reason="sounds right")


def _roll_back(_site: ReleaseSite, desk: Desk) -> None:
    roll_back(desk, to=None, by="bob", reason="it hums")


def _start_evaluated(site: ReleaseSite, _desk: Desk) -> None:
    """Leave what the five stages leave: `build/` with a real evaluation of an invented voice."""
    made = EvaluationWorkspace(site.root.parent / "evaluated")
    made.evaluate(ToneVoice())
    gate = yaml.safe_load((site.root / "params.yaml").read_text())["gate"]
    params = params_for(made, model_name=gate["model_name"], min_prompts=20)
    write_build_tree(site.root)
    (site.root / "params.yaml").write_text(
        yaml.safe_dump(params.model_dump(mode="json", by_alias=True))
    )
    data = {"outs": [{"md5": "0123456789abcdef0123456789abcdef.dir", "path": "data"}]}
    (site.root / "data.dvc").write_text(yaml.safe_dump(data))
    (made.root / "benchmark").rename(site.root / "benchmark")
    name = "evaluate/evidence.json"
    write_json(site.root / "build" / name, read_json(made.root / "build" / name))


def _start_released(site: ReleaseSite, desk: Desk) -> None:
    """Release versions 1 and 2 and offer a third."""
    for number in (1, 2):
        approve(desk, site.offer(number), by="anna", reason="sounds right")
    assert site.offer(3) == 3


STARTS: dict[str, Callable[[ReleaseSite, Desk], None]] = {
    "evaluated": _start_evaluated,
    "registered": _register,
    "released": _start_released,
}
COMMANDS = {"retrain": _retrain, "approve": _approve, "roll back": _roll_back}


def arm(point: str) -> None:
    """Let this process die `before|after module:attribute`, or `before commit of KIND`."""
    when, _, target = point.partition(" ")
    if target.startswith("commit of "):
        sa.event.listen(sa.Engine, "commit", _die_at(target.removeprefix("commit of ")))
        return
    module, _, path = target.partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, name)

    def die(*arguments: Any, **options: Any) -> None:
        if when == "after":
            original(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, die)


def _die_at(kind: str) -> Callable[[sa.Connection], None]:
    def die(connection: sa.Connection) -> None:
        if str(connection.engine.url.database).endswith("ledger.db"):
            query = "SELECT kind FROM release_events ORDER BY sequence DESC LIMIT 1"
            if connection.exec_driver_sql(query).scalar() == kind:
                os.kill(os.getpid(), signal.SIGKILL)

    return die


def describe(site: ReleaseSite) -> dict[str, Any]:
    """Return everything that others can see, without times and run ids; JSON values."""
    desk = site.desk
    rows = desk.ledger.rows()
    assert verify(rows) == []
    told = [(d.channel, d.notice.subject, d.state) for d in standing(desk)]
    return {
        "events": [
            (e.kind, e.version, e.actor, e.reason, _without(e.facts, VOLATILE)) for e in log(rows)
        ],
        "notices": told,
        "registry": _registry(desk),
        "bundles": _without_pages(_files(site.root / ".voxgate" / "bundles")),
    }


def _without_pages(files: dict[str, str]) -> dict[str, str]:
    """Of a page only that it is there: it names runs and says until when to decide."""
    return {name: "a page" if ".report/" in name else digest for name, digest in files.items()}


def _registry(desk: Desk) -> dict[str, Any]:
    client, model = desk.connect().client, desk.model
    versions = client.search_model_versions(f"name='{model}'")
    registered = client.get_registered_model(model)
    return {
        "aliases": registered.aliases,
        "head": registered.tags["voxgate.ledger_head"].partition(":")[0],
        "versions": {
            v.version: _without(v.tags, {"voxgate.parent_run", "voxgate.report"}) for v in versions
        },
        "runs": sorted(
            _run(desk, client.get_run(version.tags["voxgate.parent_run"])) for version in versions
        ),
        "active_runs": len(client.search_runs([desk.connect().experiment_id])),
    }


def _run(desk: Desk, run: Any) -> list[Any]:
    folder = Path(run.info.artifact_uri.removeprefix("file://"))
    kept = {
        name: digest
        for name, digest in _files(folder).items()
        if name.partition("/")[0] in ("bundle", "evidence", "provenance")
    }
    return [
        run.info.lifecycle_stage,
        run.data.tags.get("voxgate.complete", ""),
        sorted(kept.items()),
    ]


def _files(folder: Path) -> dict[str, str]:
    """Name files by digest; a temporary name is what a kill may leave and nobody reads."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: digest_file(path) for name, path in names.items() if ".tmp/" not in name}


def _without(values: Any, names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in sorted(values.items()) if name not in names}


def work(job: dict[str, Any]) -> Any:
    """Do a job in this process; returns JSON values."""
    root = Path(job["root"])
    webhook.TIMEOUT_S = (60.0, 60.0)  # a busy machine is no receiver that hangs
    store = connect(Settings(), root)
    site = ReleaseSite(root, store.tracking_uri)
    if job["do"] == "create":
        ReleaseSite.create(root, store.tracking_uri)
        return None
    if job.get("later"):  # the leases of the killed are over
        with site.desk.leases._database.writing() as connection:
            connection.exec_driver_sql("UPDATE ledger_leases SET until_s = 0")
    if job.get("kill"):
        arm(job["kill"])
    {**STARTS, **COMMANDS}[job["do"]](site, site.desk)
    return describe(site) if job["do"] in COMMANDS else None


def serve() -> None:
    """Fork a process for each line of JSON; answers with its wait status and what it returned."""
    configure_mappers()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            with contextlib.suppress(BaseException):
                _work_and_exit(json.loads(line), writer)
            os._exit(1)
        os.close(writer)
        with os.fdopen(reader) as stream:
            answer = stream.read()
        _, status = os.waitpid(pid, 0)
        result = {"status": os.waitstatus_to_exitcode(status), "answer": json.loads(answer or "0")}
        print(json.dumps(result), file=answers, flush=True)


def _work_and_exit(job: dict[str, Any], writer: int) -> None:
    try:
        answer = work(job)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        raise
    with os.fdopen(writer, "w") as stream:
        json.dump(answer, stream)
    os._exit(0)


if __name__ == "__main__":
    serve()
