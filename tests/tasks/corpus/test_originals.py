"""Cleaning can be undone."""

from tasks.corpus.originals import restore_originals
from tests.fakes.imports import an_import, kept
from tests.fakes.recordings import CONSENT
from voxgate.corpus.cutting.records import clip_path
from voxgate.corpus.importing import EncodedClip, publish_import
from voxgate.stage import Workspace


def test_cleaned_clips_are_what_they_were(tmp_path):
    imported = an_import(kept(0, 2))
    (clip,) = imported.clips
    workspace = Workspace(tmp_path)
    encoded = EncodedClip(flac=b"cleaned", original=b"as it was", cleaning={"kept": True})
    publish_import(imported, lambda _clip, _span: encoded, workspace, consent=CONSENT)
    assert (workspace.data_dir / clip_path(clip)).read_bytes() == b"cleaned"
    assert restore_originals(workspace) == 1
    assert (workspace.data_dir / clip_path(clip)).read_bytes() == b"as it was"
