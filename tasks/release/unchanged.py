"""`unchanged`: what a retraining would come to where nothing is new, without an orchestrator.

Starting Prefect and loading torch takes longer than finding out that there is nothing to do. So
`voxgate run` asks here first. The answer is a result only where every step of the flow would have
found its work done; whatever is missing, changed, overdue or in doubt is the flow's, with its
retries and its messages. What the flow does each time is done here too, by the same functions:
leases, sweeping, the registry and people follow the ledger, a mark that the run has ended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from tasks.heartbeat import leave_heartbeat
from tasks.release.approve import allows_release
from tasks.release.register import trained_by
from tasks.release.verdict_standing import stands
from tasks.retraining import DEPLOYMENT, RunResult
from voxgate.clock import utc_now
from voxgate.errors import LockHeldError, VoxgateError
from voxgate.files import digest_file, read_json
from voxgate.hash_chain import find_breaks
from voxgate.lease import checkout_lease, data_lease
from voxgate.private_files import make_private_folder
from voxgate.release import candidates
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.records import Release
from voxgate.stage import STAGES, Outcome, Workspace, read_outcome
from voxgate.temporaries import remove_leftovers
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data import require_data, require_known
from voxgate.wiring.pipeline import data_used, read_recipe, stale_stages

__all__ = ["unchanged_result"]

_log = logging.getLogger(__name__)


def unchanged_result(checkout: Checkout) -> RunResult | None:
    """Return the result that stands, or None where the flow has to run.

    A fault of any kind is None as well: the flow meets it again and says what to do.

    Raises:
        LockHeldError: another run holds the checkout, or a command its data.
    """
    workspace = checkout.workspace
    try:
        make_private_folder(workspace.state_dir)  # before the lease makes it for everybody
        with checkout_lease(workspace.run_lock, purpose="retrain-voice"):
            remove_leftovers(workspace.build_dir)
            remove_leftovers(workspace.state_dir)
            if not _is_computed(workspace):
                return None
            result = _refused(workspace) or _judged(checkout)
    except LockHeldError:
        raise
    except VoxgateError as error:
        _log.info("the flow is asked: %s: %s", type(error).__name__, error)
        return None
    if result is not None:
        leave_heartbeat(checkout.root, DEPLOYMENT, now=utc_now())
    return result


def _is_computed(workspace: Workspace) -> bool:
    """Tell whether build/ is what the stages make of the registered data.

    DVC knows by inode, time and size which files it has hashed already, so that nothing is read
    that did not change; what the lock names and DVC finds unchanged is the version.
    """
    root = workspace.root
    with data_lease(workspace, purpose="retrain-voice"):
        version = require_data(root)
        require_known(root, version)
        return version == data_used(root) and not stale_stages(root)


def _refused(workspace: Workspace) -> RunResult | None:
    outcomes: Iterator[Outcome] = (read_outcome(workspace.stage_dir(stage)) for stage in STAGES)
    refusal = next((outcome for outcome in outcomes if not outcome.accepted), None)
    return None if refusal is None else RunResult(recomputed=(), refused_by=refusal.stage)


def _judged(checkout: Checkout) -> RunResult | None:
    """Return the verdict on the candidate, if it is registered, judged, shown and not released."""
    desk, params = checkout.desk, checkout.params
    trained_by(desk.actor)  # who cannot be named cannot retrain, also where nothing is new
    if find_breaks(desk.ledger.rows(), desk.anchor.heads()):
        return None
    book = desk.ledger.read(desk.model)
    release = _candidate(desk, book, checkout.root)
    if release is None or release.judgement is None:
        return None
    if book.gold is None and params.train.base is not None:
        return None
    if not stands(desk, params, book, release) or not _is_shown(desk, release):
        return None
    if allows_release(desk, release.version):
        return None
    desk.follow()
    desk.notify()
    return RunResult(recomputed=(), version=release.version, verdict=release.judgement.verdict)


def _candidate(desk: Desk, book: Book, root: Path) -> Release | None:
    """Return the version that build/ is, if the ledger knows it, and by this very measurement."""
    evidence = desk.workspace.stage_dir("evaluate") / "evidence.json"
    model = read_json(evidence).get("model", {}).get("digest")
    known = candidates.recognise(book, read_recipe(root).candidate_digest(model), model)
    if known is None or book.nominated != known.version:
        return None
    return known if known.origin.evidence_digest == digest_file(evidence) else None


def _is_shown(desk: Desk, release: Release) -> bool:
    """Tell whether the registry still has the run and the version that the ledger names."""
    shown = desk.connect().find_candidate(desk.model, release.origin.candidate_digest)
    return shown is not None and (shown.version, shown.parent_run_id) == (
        release.registry_version,
        release.parent_run_id,
    )
