"""Reasons that people can read, however many speakers there are."""

from pathlib import Path

import pytest

from tests.fakes.clips import ingested_clip
from voxgate.audio.shards import Place
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.verdicts import judge_data_set
from voxgate.params import load_params

PARAMS = load_params(Path(__file__).parents[4] / "params.yaml")


def faults(speakers, consenting):
    dossiers = [
        Dossier(clip=ingested_clip(name, place=Place(0, 0, 9), speaker_id=name))
        for name in reversed(speakers)
    ]
    reasons = judge_data_set(
        dossiers, [], consenting=consenting, params=PARAMS.validate_, sizes=PARAMS.sizes
    )
    return [r.message for r in reasons if r.code == "speaker_without_consent"]


def names(count):
    return [f"speaker-{n:04d}" for n in range(count)]


def test_each_speaker_without_consent_is_a_reason():
    messages = faults(["ann", "bob", "cid"], ["bob"])
    assert [message.split()[1] for message in messages] == ["'ann'", "'cid'"]
    assert messages[0] == (
        "speaker 'ann' has recordings but no record in data/consent.yaml; add the record, or "
        "remove the recordings"
    )


@pytest.mark.parametrize(("count", "reasons"), [(20, 20), (21, 21), (3000, 21)])
def test_many_of_them_are_counted(count, reasons):
    messages = faults(names(count), [])
    assert len(messages) == reasons
    if count > 20:
        assert messages[-1].startswith(
            f"{count - 20} more speakers, 'speaker-0020' to '{names(count)[-1]}', have recordings"
        )
