from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from scripts.corpus import clips
from scripts.corpus.packages import Prompts, SpeakerPackages


def write_g722(path: Path, seconds: float) -> Path:
    tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * 16_000)) / 16_000)
    pcm = (tone * 32767).astype(np.int16)[np.newaxis]
    with av.open(str(path), "w", format="g722") as output:
        stream = output.add_stream("g722", rate=16_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = 16_000
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_clips_are_those_with_a_text_and_a_second_of_speech(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def read(packages: SpeakerPackages, store: Path, folder: Path) -> Prompts:
        assert (packages.speaker, store) == ("june", tmp_path)
        files = {
            "said": write_g722(folder / "said.g722", 1.5),
            "short": write_g722(folder / "short.g722", 0.5),
            "untold": write_g722(folder / "untold.g722", 1.5),
        }
        (folder / "empty.g722").touch()
        files["empty"] = folder / "empty.g722"
        return Prompts(files=files, texts={"said": "oui", "short": "non", "empty": "rien"})

    monkeypatch.setattr(clips, "read_prompts", read)
    (found,) = clips.read_clips("fr", tmp_path)
    assert (found.name, found.text, found.speaker) == ("said", "oui", "june")
    assert found.wave.size == pytest.approx(24_000, abs=50)
