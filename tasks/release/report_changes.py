"""What is different from an earlier version: recordings, parameters, code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tasks.release.report_pieces import Pieces
from voxgate.errors import EvidenceMissingError
from voxgate.excerpts import some_of
from voxgate.release.desk import Desk
from voxgate.release.ports.registry import Registry
from voxgate.release.records import Release
from voxgate.reporting.document import Changes
from voxgate.strict_yaml import read_yaml

__all__ = ["collect_changes", "compare_code", "compare_params"]

_MADE = ("build/", "data")
_SHOWN = 5


def collect_changes(
    desk: Desk, registry: Registry, release: Release, earlier: Release, *, role: str, pieces: Pieces
) -> Changes:
    """Compare two versions by what the registry keeps of each."""
    before = pieces.get(
        f"what the {role} was made from", lambda: _provenance(desk, registry, earlier)
    )
    now = pieces.get("what this voice was made from", lambda: _provenance(desk, registry, release))
    both = before is not None and now is not None
    return Changes(
        since=f"version {earlier.version}, the {role}",
        data=pieces.get("changes of the data", lambda: _data(desk, release, earlier)),
        params=pieces.get("changes of parameters", lambda: compare_params(before, now))  # type: ignore[arg-type]
        if both
        else None,
        code=pieces.get("changes of code", lambda: compare_code(before, now))  # type: ignore[arg-type]
        if both
        else None,
    )


def compare_params(before: Path, now: Path) -> tuple[tuple[str, str, str], ...]:
    """Return name, old and new value of each parameter that differs; a dash where it is absent."""
    old, new = (dict(_flat(_read(folder / "params.yaml"))) for folder in (before, now))
    return tuple(
        (name, str(old.get(name, "–")), str(new.get(name, "–")))
        for name in sorted(old.keys() | new.keys())
        if old.get(name, "–") != new.get(name, "–")
    )


def compare_code(before: Path, now: Path) -> tuple[str, ...]:
    """Return the files that a stage depends on, made by no stage, whose digests differ."""
    old, new = (_dependencies(_read(folder / "dvc.lock")) for folder in (before, now))
    lines = []
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            word = "added" if path not in old else "removed" if path not in new else "changed"
            lines.append(f"{path}: {word}")
    return tuple(lines)


def _data(desk: Desk, release: Release, earlier: Release) -> tuple[str, ...]:
    from voxgate.wiring.data_exchange import diff_versions

    old, new = earlier.origin.data_version, release.origin.data_version
    if old == new:
        return ()
    diff = diff_versions(desk.workspace.root, old, new)
    lines = [f"data version {old[:12]} became {new[:12]}"]
    for what in ("added", "changed", "removed"):
        names = getattr(diff, what)
        if names:
            count = "1 recording" if len(names) == 1 else f"{len(names)} recordings"
            lines.append(f"{count} {what}: {some_of(names, _SHOWN)}")
    if len(lines) == 1:
        lines.append(f"no recording differs; files: {diff.files.describe(limit=_SHOWN)}")
    return tuple(lines)


def _provenance(desk: Desk, registry: Registry, release: Release) -> Path:
    """Fetch params.yaml and dvc.lock as they were when the version was registered."""
    if release.parent_run_id is None:
        raise EvidenceMissingError(f"version {release.version} has no run in the registry")
    kept = registry.list_files(release.parent_run_id, "provenance")
    if not {"params.yaml", "dvc.lock"} <= kept:
        raise EvidenceMissingError(
            f"the run of version {release.version} keeps no params.yaml and dvc.lock"
        )
    folder = desk.workspace.cache_dir / "provenance" / release.origin.candidate_digest[:16]
    return registry.fetch(release.parent_run_id, "provenance", folder)


def _read(path: Path) -> Any:
    try:
        return read_yaml(path)
    except FileNotFoundError:
        raise EvidenceMissingError(f"{path.name} was not stored with the version") from None


def _dependencies(lock: Any) -> dict[str, str]:
    stages = lock.get("stages", {}) if isinstance(lock, Mapping) else {}
    return {
        str(dep["path"]): str(dep.get("md5"))
        for stage in stages.values()
        for dep in stage.get("deps", ())
        if not str(dep["path"]).startswith(_MADE)
    }


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(inner, f"{prefix}.{name}" if prefix else str(name))
    else:
        yield prefix, value
