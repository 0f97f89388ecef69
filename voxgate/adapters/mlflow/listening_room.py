"""What a researcher listens to in the MLflow UI: every sample of the gate, and a page of them."""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import Any

import pandas as pd

from voxgate.adapters.mlflow.pictures import gate_scores
from voxgate.files import read_json
from voxgate.stage import Workspace
from voxgate.text.counting_units import named_unit

__all__ = ["log_listening_room", "render_page"]

PAGE_PROMPTS = 500
"""More would make the page larger than a browser opens: it carries 50 KB of audio a prompt."""

_PAGE = """<!doctype html><meta charset="utf-8"><title>Listening room</title>
<style>body{{font:14px/1.4 system-ui;margin:1rem}}table{{border-collapse:collapse}}
td,th{{border-bottom:1px solid #ddd;padding:.4rem;text-align:left;vertical-align:top}}
.bad{{color:#a00}}audio{{width:16rem}}</style>
<h1>{title}</h1><p>{note}</p>
<table><tr><th>prompt</th><th>audio</th><th>asked for / heard</th><th>{rate}</th>\
<th>similarity</th></tr>
{rows}</table>"""
_ROW = """<tr><td>{prompt}<br><small>{kind}</small></td><td><audio controls preload="none" \
src="data:audio/flac;base64,{audio}"></audio></td><td>{text}<br><i class="{tone}">{heard}</i></td>\
<td>{wer}</td><td>{similarity}</td></tr>"""


def log_listening_room(workspace: Workspace) -> None:
    """Log every gate item as audio, a table of all items, and a page that plays the first seed.

    The page carries its audio as data, because the UI shows HTML in a frame without siblings.
    """
    import mlflow

    folder = workspace.stage_dir("evaluate")
    scores = gate_scores(workspace)
    mlflow.log_artifacts(str(folder / "audio"), "audio")
    mlflow.log_table(_table(scores), "prompts.json")
    mlflow.log_text(render_page(scores[scores["seed_index"] == 0], folder), "listening_room.html")


def _table(scores: pd.DataFrame) -> pd.DataFrame:
    columns = ["prompt_id", "seed_index", "text", "transcript", "similarity", "duration_s"]
    table = scores[columns].copy()
    table["wer"] = scores["word_errors"] / scores["ref_words"]
    table["fault"] = scores["fault"]
    table["catastrophe"] = [", ".join(codes) for codes in scores["catastrophe"]]
    table["audio"] = scores["audio"]
    return table


def render_page(scores: pd.DataFrame, folder: Path) -> str:
    """Return the page about one sample a prompt."""
    samples = scores.to_dict("records")
    shown = _shown(samples)
    note = "First seed of every gate prompt; all seeds are in the folder audio."
    if len(shown) < len(samples):
        note = (
            f"First seed of the {len(shown)} gate prompts of {len(samples)} that went worst; all "
            "are in the table prompts.json, all seeds in the folder audio."
        )
    return _PAGE.format(
        title="Listening room",
        rate=_rate(folder),
        note=note,
        rows="\n".join(_page_row(sample, folder) for sample in shown),
    )


def _shown(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the page has room for, in the same order: what went worst, where it has not."""
    worst = sorted(range(len(samples)), key=lambda place: _badness(samples[place]), reverse=True)
    return [samples[place] for place in sorted(worst[:PAGE_PROMPTS])]


def _badness(sample: dict[str, Any]) -> tuple[bool, int, float]:
    unmeasured = sample["fault"] is not None
    rate = 0.0 if unmeasured else sample["word_errors"] / max(sample["ref_words"], 1)
    return unmeasured, len(sample["catastrophe"]), rate


def _rate(folder: Path) -> str:
    report = folder / "report.json"
    unit = read_json(report).get("unit") if report.is_file() else None
    return named_unit(unit).rate


def _page_row(row: dict[str, Any], folder: Path) -> str:
    path = folder / row["audio"] if row["audio"] else None
    audio = path.read_bytes() if path is not None and path.is_file() else b""
    measured = row["fault"] is None
    wrong = not measured or bool(row["word_errors"])
    return _ROW.format(
        prompt=html.escape(row["prompt_id"]),
        kind=html.escape(", ".join(row["catastrophe"]) or "-"),
        audio=base64.b64encode(audio).decode(),
        text=html.escape(row["text"]),
        heard=html.escape((row["transcript"] or "(nothing)") if measured else row["fault"]),
        tone="bad" if wrong else "",
        wer=f"{row['word_errors']:.0f}/{row['ref_words']:.0f}" if measured else "-",
        similarity="-" if pd.isna(row["similarity"]) else f"{row['similarity']:.3f}",
    )
