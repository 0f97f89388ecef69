"""Run the five stages on invented inputs, each in a checkout of its own below the folder named.

A process of its own, so that a test chooses its clock's zone, its hash seed, its folder and its
threads; nothing of that may be seen in what a stage leaves.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tasks.stages.featurize import featurize
from tasks.stages.ingest import ingest
from tasks.stages.train import train
from tasks.stages.validate import validate
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.evaluation_workspace import EvaluationWorkspace
from tests.fakes.ingested_corpus import IngestedCorpus, make_speech, small_params
from tests.fakes.speech_tokenizer import LetterPhonemiser, LoudnessTokenizer
from tests.fakes.tiny_preset import install_tiny_preset
from tests.fakes.training_set import write_training_set
from tests.fakes.validated_clips import clips, write_validated
from tests.fakes.voice import ToneVoice
from voxgate.stage import Workspace


def run_stages(root: Path) -> None:
    """Leave `root/STAGE/build/STAGE` for every stage."""
    ingest(Workspace(copy_checkout(root / "ingest")), small_params())
    corpus = IngestedCorpus(root / "validate")
    for number, word in enumerate("alpha bravo cabin delta ember fable gamma hotel".split()):
        corpus.add(f"good-{number}", f"please leave a message {word}", make_speech(number))
    corpus.add("wrong", "nothing of this", make_speech(90), heard="was ever said aloud")
    validate(corpus.write(), small_params(), recogniser=corpus.recogniser, encoder=corpus.encoder)
    featurize(
        *write_validated(root / "featurize", clips(20)),
        tokenizer=LoudnessTokenizer(),
        phonemiser=LetterPhonemiser(),
    )
    EvaluationWorkspace(root / "evaluate").evaluate(ToneVoice())
    with pytest.MonkeyPatch.context() as patch:
        install_tiny_preset(patch)
        train(*write_training_set(root / "train"))


if __name__ == "__main__":
    run_stages(Path(sys.argv[1]))
