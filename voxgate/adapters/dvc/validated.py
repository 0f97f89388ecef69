"""Find the table that `validate` made of a data version: in build/, or in DVC's cache.

DVC notes each run of a stage with the digests of what went in and came out, in dvc.lock and in its
run cache. A version was validated if a run of `ingest` took it and a run of `validate` took what
came of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from voxgate.adapters.dvc.cache import cache_dir, object_path
from voxgate.errors import ConfigError
from voxgate.files import digest_json
from voxgate.stage import Workspace
from voxgate.strict_yaml import parse_yaml

__all__ = ["ValidatedTable", "find_validated"]

_INGESTED = "build/ingest"
_VALIDATED = "build/validate/clips.parquet"
_COMMAND = "cmd: python -m tasks {stage}\n"


@dataclass(frozen=True)
class ValidatedTable:
    """Where the table lies. `rules` digests the code and parameters that it was made by."""

    path: Path
    md5: str
    rules: str


@dataclass(frozen=True)
class _Run:
    """One run of a stage: md5 by path of what went in and what came out."""

    deps: Mapping[str, str]
    outs: Mapping[str, str]
    rules: str


def find_validated(root: Path, version: str) -> ValidatedTable | None:
    """Return the newest table that was made of a data version; None where there is none.

    Raises:
        DataVersionError: `root` is no DVC repository.
    """
    cache = cache_dir(root)
    ingested = [run.outs.get(_INGESTED) for run in _runs(root, cache, "ingest", version)]
    for md5 in dict.fromkeys(filter(None, ingested)):
        for run in _runs(root, cache, "validate", md5):
            table = run.outs.get(_VALIDATED)
            path = None if table is None else object_path(cache, table)
            if table is not None and path is not None and path.is_file():
                return ValidatedTable(path, table, run.rules)
    return None


def _runs(root: Path, cache: Path, stage: str, md5: str) -> Iterator[_Run]:
    """Yield the runs of a stage that took a digest: that of dvc.lock, then the newest first."""
    wanted = f"md5: {md5}\n"
    for entry in chain(_locked(root, stage, wanted), _cached(cache, stage, wanted)):
        run = _run(entry)
        if md5 in run.deps.values():
            yield run


def _locked(root: Path, stage: str, wanted: str) -> Iterator[Any]:
    lock = Workspace(root).graph_lock
    try:
        data = lock.read_bytes()
        if wanted.encode() not in data:
            return  # parsing takes a while here too
        document = parse_yaml(data, str(lock))
    except (OSError, ConfigError):
        return  # the run cache still knows
    stages = document.get("stages") if isinstance(document, dict) else None
    if isinstance(stages, dict) and stage in stages:
        yield stages[stage]


def _cached(cache: Path, stage: str, wanted: str) -> Iterator[Any]:
    """Yield notes of DVC's run cache, which lies beside its objects; parsing one takes a while."""
    folder = cache.parent.parent / "runs"
    files = [path for path in folder.glob("??/*/*") if path.suffix != ".tmp" and path.is_file()]
    for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True):
        text = path.read_text(encoding="utf-8")
        if text.startswith(_COMMAND.format(stage=stage)) and wanted in text:
            try:
                yield parse_yaml(text, str(path))
            except ConfigError:
                continue  # a note that was cut short says nothing


def _run(entry: Any) -> _Run:
    deps, outs = (_digests(entry, name) for name in ("deps", "outs"))
    code = {path: md5 for path, md5 in deps.items() if not path.startswith(("build/", "data"))}
    params = entry.get("params") if isinstance(entry, dict) else None
    return _Run(deps=deps, outs=outs, rules=digest_json({"code": code, "params": params}))


def _digests(entry: Any, name: str) -> dict[str, str]:
    rows = entry.get(name) if isinstance(entry, dict) else None
    listed = rows if isinstance(rows, list) else []
    return {str(row["path"]): str(row["md5"]) for row in listed if {"path", "md5"} <= row.keys()}
