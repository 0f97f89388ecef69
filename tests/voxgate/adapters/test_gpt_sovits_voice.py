"""A registered version keeps its copy of the model file: what the copies import must stay."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.fakes.tiny_preset import TINY, install_tiny_preset
from tests.voxgate.speaking.test_voice_requests import write
from voxgate.adapters import gpt_sovits_voice as former
from voxgate.adapters.mlflow import voice as model_file

TODAY = "from voxgate.speaking import load_voice"
BEFORE = f"from {former.__name__} import load_voice"


@pytest.mark.parametrize("line", [TODAY, BEFORE])
def test_a_stored_copy_of_the_model_file_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    install_tiny_preset(monkeypatch)
    package = write(tmp_path / "voice", TINY)
    source = Path(model_file.__file__).read_text(encoding="utf-8")
    assert source.count(TODAY) == 1
    (tmp_path / "copy.py").write_text(source.replace(TODAY, line), encoding="utf-8")

    model = runpy.run_path(str(tmp_path / "copy.py"))["VoiceModel"]()
    model.load_context(SimpleNamespace(artifacts={"voice": str(package)}))
    answer = model.predict(None, pd.DataFrame({"text": ["Bring the kettle."]}))

    assert answer["sample_rate_hz"].tolist() == [16000]
    assert answer["audio_wav"][0][:4] == b"RIFF"
