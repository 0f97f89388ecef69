"""`voxgate doctor`: look at everything that a run needs, and say what to do about each fault."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from flows.environment import require_storage
from flows.reports.terminal import open_console, say
from voxgate.errors import ConfigError, LedgerTamperedError, StorageError, VoxgateError
from voxgate.lease import checkout_lease
from voxgate.params import Params
from voxgate.release.audit import verify
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data import assert_registered
from voxgate.wiring.release import open_ledger, open_registry
from voxgate.wiring.text_features import find_text_features
from voxgate.wiring.weights import checked_folder

__all__ = ["Finding", "examine", "print_findings"]

ENOUGH_PROCESSORS = 2
MIN_FREE_BYTES = 4 << 30
MIN_MEMORY_BYTES = 6 << 30


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. `advice` says what to do when it is not healthy."""

    name: str
    healthy: bool
    observed: str
    advice: str = ""

    def as_json(self) -> dict[str, object]:
        """Return JSON values."""
        return asdict(self)


def examine(root: Path) -> list[Finding]:
    """Run every check; one that fails does not stop the others."""
    findings = [_python(), _processors(), _memory(), _disk(root)]
    findings.append(_attempt("Prefect", lambda: _prefect(root)))
    try:
        checkout = Checkout.open(root)
    except ConfigError as error:
        return [*findings, Finding(name="configuration", healthy=False, observed=str(error))]
    findings.append(Finding(name="configuration", healthy=True, observed="params.yaml is valid"))
    params, settings = checkout.params, checkout.settings
    findings += _weights(params, settings)
    findings.append(_attempt("data", lambda: _data(root)))
    findings.append(_attempt("MLflow", lambda: open_registry(settings, root).tracking_uri))
    findings.append(_attempt("ledger", lambda: _ledger(root, settings)))
    findings.append(_attempt("run lock", lambda: _lock(root)))
    return findings


def print_findings(findings: list[Finding], *, console: Console | None = None) -> None:
    """Print a line a finding, with the advice below those that are not healthy."""
    out = console or open_console()
    for finding in findings:
        mark = ("ok  ", "green") if finding.healthy else ("FAIL", "red")
        say(out, mark, f" {finding.name:<24} {finding.observed}")
        if not finding.healthy and finding.advice:
            say(out, (f"     {finding.advice}", "dim"))


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        name="Python",
        healthy=(3, 11) <= sys.version_info[:2] < (3, 13),
        observed=found,
        advice="voxgate needs Python 3.11 or 3.12",
    )


def _processors() -> Finding:
    count = len(os.sched_getaffinity(0))
    return Finding(
        name="processors",
        healthy=count >= ENOUGH_PROCESSORS,
        observed=f"{count} usable",
        advice="with one processor a run takes about twice as long",
    )


def _memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Finding(
        name="memory",
        healthy=total >= MIN_MEMORY_BYTES,
        observed=f"{total / 2**30:.1f} GiB",
        advice=f"{MIN_MEMORY_BYTES >> 30} GiB are needed by validation and evaluation",
    )


def _disk(root: Path) -> Finding:
    try:
        free = shutil.disk_usage(root).free
    except OSError as error:
        return Finding(name="disk", healthy=False, observed=f"{root}: {error.strerror}")
    return Finding(
        name="disk",
        healthy=free >= MIN_FREE_BYTES,
        observed=f"{free / 2**30:.1f} GiB free",
        advice=f"free at least {MIN_FREE_BYTES >> 30} GiB, or `dvc gc --workspace`",
    )


def _weights(params: Params, settings: Settings) -> list[Finding]:
    pinned = {
        name: (source.source, source.sha256) for name, source in params.evaluate.evaluators.items()
    }
    extractor = params.featurize.extractor
    pinned[extractor] = (extractor, params.featurize.extractor_sha256)
    findings = [
        _attempt(f"weights {name}", partial(_checked, *pin, settings))
        for name, pin in sorted(pinned.items())
    ]
    bert = params.featurize.text_features_sha256
    if bert is not None:
        findings.append(_attempt("weights bert", partial(_imported, bert, settings)))
    return findings


def _checked(source: str, sha256: str, settings: Settings) -> str:
    checked_folder(source, sha256, settings.assets_dir)
    return f"sha256 {sha256[:12]} as pinned"


def _imported(sha256: str, settings: Settings) -> str:
    folder = find_text_features(sha256, settings.assets_dir)
    return _checked(str(folder), sha256, settings)


def _data(root: Path) -> str:
    assert_registered(root)
    return "data/ is the registered version"


def _ledger(root: Path, settings: Settings) -> str:
    rows = open_ledger(settings, root).rows()
    problems = verify(rows)
    if problems:
        raise LedgerTamperedError(f"{problems[0].message}; `voxgate audit verify` shows all")
    return f"{len(rows)} events, each as it was appended"


def _prefect(root: Path) -> str:
    server = os.environ.get("PREFECT_API_URL")
    if server:
        return f"server at {server}"
    if not root.is_dir():
        raise StorageError(f"{root} is no folder")
    home = Path(os.environ.get("PREFECT_HOME", Workspace(root).prefect_dir)).resolve()
    require_storage(home)
    return f"embedded, in {home}"


def _lock(root: Path) -> str:
    with checkout_lease(Workspace(root).run_lock, purpose="voxgate doctor", wait_s=0):
        return "free"


def _attempt(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, healthy=True, observed=look())
    except (VoxgateError, OSError) as error:
        return Finding(name=name, healthy=False, observed=str(error))
