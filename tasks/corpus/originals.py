"""`corpus originals`: clips as they were before they were cleaned."""

from __future__ import annotations

from voxgate.corpus.importing import put_originals_back
from voxgate.lease import data_lease
from voxgate.stage import Workspace

__all__ = ["restore_originals"]


def restore_originals(workspace: Workspace) -> int:
    """Put the originals of all cleaned clips back; returns how many there were.

    Raises:
        LockHeldError: another command writes data/, still after two minutes.
        CorpusError: imports, decisions or the manifest are damaged.
        StorageError: the disk refused; the same command goes on.
    """
    with data_lease(workspace, purpose="corpus originals"):
        return put_originals_back(workspace.data_dir)
