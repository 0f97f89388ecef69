from __future__ import annotations

import pytest
import torch

from scripts.scale.memory_marks import peak_mib, reset_peak, resident_mib
from scripts.scale.training_memory import Memory, Question, main, measure, table
from tests.fakes.tiny_preset import install_tiny_preset

CPU = torch.device("cpu")
ROW = Question(
    preset="tiny-flow", model="s2", seconds=2.0, clip_s=1.0, device="cpu", precision="float32"
)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    install_tiny_preset(monkeypatch)


def test_a_peak_is_at_least_what_was_in_use_and_forgets_what_came_before() -> None:
    reset_peak(CPU)
    held = resident_mib(CPU)
    block = torch.ones(2**24)  # 64 MiB
    assert peak_mib(CPU) > held + 50
    del block
    reset_peak(CPU)
    assert peak_mib(CPU) < held + 50


@pytest.mark.parametrize("model", ["s1", "s2"])
def test_a_step_of_a_real_learner_is_measured(model: str) -> None:
    found = measure(Question(**{**vars(ROW), "model": model}))

    assert found is not None
    assert not found.in_halves
    # AdamW keeps two numbers for each that learns; the tokenizer in S2 does not
    assert found.parameters_mib > 0.1
    assert 1.1 < found.optimiser_mib / found.parameters_mib <= 2.01
    assert found.peak_mib >= found.held_mib > 0


def test_memory_that_runs_out_is_said_and_no_figure_stands_for_it(monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("there is none")

    monkeypatch.setattr("models.gpt_sovits.s2.flow_synthesizer.FlowSynthesizer.forward", refuse)

    (row,) = list(table([ROW], measure))[-1:]

    assert row == "| tiny-flow | s2 | 2 × 1 s, float32 | one clip alone does not fit | | | | |"


def test_a_batch_that_fits_only_in_parts_says_so() -> None:
    memory = Memory(parameters_mib=1, optimiser_mib=2, held_mib=5, peak_mib=9, in_halves=True)
    (row,) = list(table([ROW], lambda _: memory))[-1:]

    assert "| 1 | 2 | 5 | 9 in parts: the batch does not fit | 4 |" in row


def test_without_a_gpu_the_table_says_what_it_measured(capsys) -> None:
    asked = ["--presets", "tiny-flow", "--seconds", "1", "3", "--clip-s", "1", "--device", "cpu"]

    assert main(asked, measured=measure) == 0

    head, *rest = capsys.readouterr().out.splitlines()
    assert head.startswith("Measured on the CPU, without a GPU")
    rows = [line for line in rest if line.startswith("| tiny-flow")]
    assert [row.split(" | ")[1:3] for row in rows] == [
        ["s1", "1 × 1 s, float32"],
        ["s1", "3 × 1 s, float32"],
        ["s2", "1 × 1 s, float32"],
        ["s2", "3 × 1 s, float32"],
    ]


def test_a_gpu_that_is_not_there_is_refused(monkeypatch, capsys) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    with pytest.raises(SystemExit):
        main(["--device", "cuda"])

    assert "torch finds no GPU here" in capsys.readouterr().err


@pytest.mark.slow
def test_each_row_has_a_process_of_its_own(capsys) -> None:
    assert main(["--presets", "mini", "--seconds", "2", "--clip-s", "2", "--device", "cpu"]) == 0

    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| mini")]
    assert len(rows) == 2
