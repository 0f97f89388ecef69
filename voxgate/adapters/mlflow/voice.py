"""The voice as an MLflow model, defined from code: no class of ours is ever pickled.

MLflow keeps a copy of this file with every registered version, and runs the copy when it loads the
version, under whichever voxgate is installed then. So what the file imports of voxgate is a promise
to every copy: it takes the public face, `voxgate.speaking`, which must not move. (The copies from
before it name `voxgate.adapters.gpt_sovits_voice`, which is kept for them.) It loads no recogniser:
a voice package carries its reference tokens.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.models import set_model
from mlflow.types import ColSpec, DataType, Schema

SIGNATURE = mlflow.models.ModelSignature(
    inputs=Schema(
        [
            ColSpec(DataType.string, "text"),
            ColSpec(DataType.long, "seed", required=False),
        ]
    ),
    outputs=Schema(
        [
            ColSpec(DataType.binary, "audio_wav"),
            ColSpec(DataType.long, "sample_rate_hz"),
            ColSpec(DataType.double, "duration_s"),
        ]
    ),
)


class VoiceModel(mlflow.pyfunc.PythonModel):  # type: ignore[name-defined,misc]  # made at run time
    """Speaks each row of a table with the columns `text` and, optionally, `seed` (default 0).

    Returns a table with `audio_wav` (a 16-bit WAV file as bytes), `sample_rate_hz`, `duration_s`.
    """

    def load_context(self, context: Any) -> None:
        """Load the voice package that was stored with the model; its hashes are verified."""
        from voxgate.speaking import load_voice

        self._voice = load_voice(Path(context.artifacts["voice"]))

    def predict(
        self,
        context: Any,  # noqa: ARG002  # MLflow's own signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> pd.DataFrame:
        """Speak every row, in order."""
        seeds = model_input["seed"] if "seed" in model_input else [0] * len(model_input)
        rows = [
            self._speak(str(text), seed=0 if pd.isna(seed) else int(seed))
            for text, seed in zip(model_input["text"], seeds, strict=True)
        ]
        return pd.DataFrame(rows, columns=["audio_wav", "sample_rate_hz", "duration_s"])

    def _speak(self, text: str, *, seed: int) -> dict[str, object]:
        import soundfile

        speech = self._voice.speak(text, seed=seed)
        buffer = io.BytesIO()
        soundfile.write(buffer, speech.wave, speech.sample_rate_hz, format="WAV", subtype="PCM_16")
        return {
            "audio_wav": buffer.getvalue(),
            "sample_rate_hz": speech.sample_rate_hz,
            "duration_s": speech.duration_s,
        }


set_model(VoiceModel())
