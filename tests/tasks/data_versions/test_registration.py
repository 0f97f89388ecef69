"""A data version never contradicts itself."""

import numpy as np
import pytest

from tasks.data_versions.registration import register_data
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.imports import an_import, decide, doubtful, kept
from tests.fakes.recordings import CONSENT
from voxgate.audio.encoding import encode_file
from voxgate.corpus.importing import EncodedClip, publish_import
from voxgate.corpus.manifest import read_manifest
from voxgate.stage import Workspace
from voxgate.wiring.data import assert_registered


@pytest.fixture
def workspace(tmp_path):
    return Workspace(copy_checkout(tmp_path / "checkout"))


def test_what_is_there_is_registered(workspace):
    assert register_data(workspace) == assert_registered(workspace.root)


def test_decisions_that_the_manifest_does_not_know_are_settled_first(workspace):
    imported = an_import(kept(0, 2), doubtful(2, 4))
    kept_id, doubtful_id = imported.clips
    silence = EncodedClip(flac=encode_file(np.zeros(88_200, np.int16), 44_100, "flac"))
    publish_import(imported, lambda _clip, _span: silence, workspace, consent=CONSENT)
    before = {recording.recording_id for recording in read_manifest(workspace.manifest)}
    decide(workspace.data_dir, doubtful_id, "accept")
    register_data(workspace)
    after = {recording.recording_id for recording in read_manifest(workspace.manifest)}
    assert kept_id in before
    assert after - before == {doubtful_id}
    assert_registered(workspace.root)
