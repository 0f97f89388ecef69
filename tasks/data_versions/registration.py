"""`data commit`: what is in data/ becomes the data version."""

from __future__ import annotations

from voxgate.corpus.cutting.records import IMPORTS
from voxgate.corpus.importing import recompose
from voxgate.lease import data_lease
from voxgate.stage import Workspace
from voxgate.wiring.data import commit_data

__all__ = ["register_data"]


def register_data(workspace: Workspace) -> str:
    """Register data/ and return its version.

    A review that was killed leaves decisions that the manifest does not know yet: they are settled
    first, so that a version never contradicts itself.

    Raises:
        LockHeldError: another command writes data/, still after two minutes.
        CorpusError: imports or decisions are damaged.
        DataVersionError, StorageError: DVC or the disk refused.
    """
    with data_lease(workspace, purpose="data commit"):
        if (workspace.data_dir / IMPORTS).is_dir():
            recompose(workspace.data_dir)
        return commit_data(workspace.root)
