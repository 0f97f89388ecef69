from pathlib import Path

import pytest

from tasks import __main__ as main_module
from tasks.fault_report import read_fault
from voxgate.errors import ExternalServiceError, StorageError, TextError
from voxgate.stage import Outcome, Reason


def _run(root: Path, monkeypatch: pytest.MonkeyPatch, answer: Outcome | Exception) -> int:
    def stage(_stage: str, _root: Path) -> Outcome:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(main_module, "run_stage", stage)
    return main_module.main(["ingest", "--root", str(root)])


def test_a_refusal_exits_0_and_prints_its_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Outcome(stage="ingest", accepted=False, reasons=(Reason("empty", "no clips"),))
    assert _run(tmp_path, monkeypatch, refused) == 0
    assert "ingest: empty: no clips" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "transient"), [(TextError, False), (ExternalServiceError, True)])
def test_a_known_error_is_one_line_and_is_reported_to_the_flow(
    error: type[Exception],
    transient: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _run(tmp_path, monkeypatch, error("what happened")) == 1
    assert capsys.readouterr().err == f"ingest: {error.__name__}: what happened\n"
    report = read_fault(tmp_path, "ingest")
    assert report is not None
    assert (report.error_type, report.transient) == (error.__name__, transient)


def test_a_bug_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        _run(tmp_path, monkeypatch, ZeroDivisionError())


def test_a_good_run_forgets_the_fault_of_an_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(tmp_path, monkeypatch, TextError("before"))
    assert _run(tmp_path, monkeypatch, Outcome(stage="ingest", accepted=True)) == 0
    assert read_fault(tmp_path, "ingest") is None


def test_only_the_stages_of_the_graph_can_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main_module.main(["deploy"])
    assert "invalid choice: 'deploy'" in capsys.readouterr().err


def test_a_disk_that_takes_no_report_does_not_hide_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".voxgate").touch()
    monkeypatch.setattr(main_module, "clear_fault", lambda _root, _stage: None)
    assert _run(tmp_path, monkeypatch, StorageError("no space")) == 1
    assert capsys.readouterr().err == "ingest: StorageError: no space\n"


def test_a_checkout_whose_path_would_be_misread_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "what?"
    root.mkdir()
    assert main_module.main(["ingest", "--root", str(root)]) == 1
    assert "move the checkout" in capsys.readouterr().err
