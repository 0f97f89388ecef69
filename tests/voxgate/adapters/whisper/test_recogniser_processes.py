"""A recogniser says the same in every process, with the threads that it was given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_HEAR = """
import json
from dataclasses import asdict
from pathlib import Path

import torch

from voxgate.evaluation.known_clips import load_known_clips
from voxgate.params import load_params
from voxgate.settings import load_settings
from voxgate.wiring.evaluators import build_recogniser

clips = load_known_clips(Path("benchmark/speakers"))[:3]
recogniser = build_recogniser(load_params(Path("params.yaml")).evaluate, load_settings())
heard = recogniser.recognise([clip.wave for clip in clips], [clip.text for clip in clips])
print(json.dumps([torch.get_num_threads(), [asdict(one) for one in heard]]))
"""


@pytest.mark.slow
@pytest.mark.assets
@pytest.mark.usefixtures("assets_dir")
def test_last_bits_and_threads_are_the_same_in_every_process() -> None:
    said = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "2"}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        said.append(
            subprocess.run(
                [sys.executable, "-c", _HEAR],
                env=environment,
                cwd=Path(__file__).parents[4],
                capture_output=True,
                check=True,
                text=True,
            ).stdout
        )
    assert said[0] == said[1]
    assert said[0].startswith("[1, "), "evaluate.threads"
