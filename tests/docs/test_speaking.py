"""Run the snippets of docs/speaking.md, one after the other, as a reader would."""

import re
from pathlib import Path

import numpy as np
import soundfile

from tests.fakes.tiny_preset import TINY, install_tiny_preset
from tests.voxgate.speaking.test_voice_requests import write
from voxgate import speaking
from voxgate.text.sentences import cut_names

PAGE = (Path(__file__).parents[2] / "docs" / "speaking.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_page_names_every_way_of_cutting():
    named = re.findall(r"^\| `(\w+)`(?: \(default\))? \| ", PAGE, re.MULTILINE)
    assert named == ["cut", *cut_names()]


def test_a_reader_needs_the_public_face_alone():
    imported = re.findall(r"^from (voxgate\S*) import (\w+)$", "".join(SNIPPETS), re.MULTILINE)
    assert {module for module, _ in imported} == {"voxgate.speaking"}
    assert {name for _, name in imported} <= set(speaking.__all__)


def test_every_snippet_runs(tmp_path, monkeypatch, capsys):
    install_tiny_preset(monkeypatch)
    write(tmp_path / "voice", TINY)
    hum = np.random.default_rng(0).uniform(-0.3, 0.3, 4 * 24_000)
    soundfile.write(tmp_path / "somebody.wav", hum, 24_000)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}

    assert len(SNIPPETS) == 7
    for snippet in SNIPPETS:
        exec(compile(snippet, "docs/speaking.md", "exec"), names)

    assert (tmp_path / "hold.wav").stat().st_size > 1000
    said = capsys.readouterr().out
    assert "no prompt: the voice was loaded without a tokenizer" in said
    assert len(re.findall(r"^\d+\.\d\d s$", said, re.MULTILINE)) > 3
