from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds, noisy_rows
from voxgate.errors import BundleError
from voxgate.files import canonical_json, write_json
from voxgate.gate.bundle import mismatches, read_bundle, write_bundle
from voxgate.gate.criterion import Ruling
from voxgate.gate.verdict import judge


def encoded(document: dict[str, Any]) -> bytes:
    return canonical_json(document).encode()


def inputs(seed: int = 1) -> dict[str, bytes]:
    return {
        "challenger": encoded(make_evidence(row=noisy_rows(seed)).as_json()),
        "champion": encoded(make_evidence(row=noisy_rows(seed + 1)).as_json()),
        "gold": encoded(make_evidence().as_json()),
        "thresholds": encoded(make_thresholds(bootstrap_draws=1000).as_json()),
        "calibration": encoded(make_calibration(wer_standard_error=0.02).as_json()),
    }


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_bundle(tmp_path / "bundle", inputs())
    return tmp_path / "bundle"


def test_a_bundle_reads_back_as_the_case_that_was_judged(bundle: Path) -> None:
    read = read_bundle(bundle)
    assert (
        judge(read.case).ruling.value
        == json.loads((bundle / "verdict.json").read_text())["verdict"]
    )
    assert mismatches(bundle, read) == []
    assert sorted(read.case.rivals) == ["champion", "gold"]


@given(st.integers(0, 2**16), st.sets(st.sampled_from(["champion", "gold", "calibration"])))
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bundle_recomputes_to_the_same_bytes(
    tmp_path: Path, seed: int, absent: set[str]
) -> None:
    given_inputs = {name: data for name, data in inputs(seed).items() if name not in absent}
    verdict = write_bundle(tmp_path / "b", given_inputs)
    read = read_bundle(tmp_path / "b")
    assert judge(read.case) == verdict
    assert mismatches(tmp_path / "b", read) == []


def test_writing_it_again_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    write_bundle(tmp_path / "again", inputs())
    for path in bundle.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_verdict_and_report_name_no_place_and_no_time(bundle: Path) -> None:
    for name in ("verdict.json", "report.md"):
        text = (bundle / name).read_text()
        assert str(bundle) not in text
        assert "202" not in text.replace("20261123", "")


@pytest.mark.parametrize("name", sorted(f"{n}.json" for n in inputs()))
def test_an_altered_input_is_noticed(bundle: Path, name: str) -> None:
    path = bundle / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleError, match=rf"{name}: sha256 .* the file was altered"):
        read_bundle(bundle)


@pytest.mark.parametrize("name", ["challenger.json", "champion.json", "thresholds.json"])
def test_a_removed_input_is_noticed(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(BundleError, match=name):
        read_bundle(bundle)


def test_an_added_input_is_noticed(tmp_path: Path) -> None:
    alone = {name: inputs()[name] for name in ("challenger", "thresholds")}
    write_bundle(tmp_path / "b", alone)
    (tmp_path / "b" / "champion.json").write_bytes(inputs()["champion"])
    with pytest.raises(BundleError, match=r"champion\.json; the bundle was altered"):
        read_bundle(tmp_path / "b")


@pytest.mark.parametrize("name", ["verdict.json", "report.md"])
def test_an_edited_or_missing_result_is_a_mismatch(bundle: Path, name: str) -> None:
    path = bundle / name
    path.write_text(path.read_text().replace("PASS", "FAIL"))
    assert mismatches(bundle, read_bundle(bundle)) == [name]
    path.unlink()
    assert mismatches(bundle, read_bundle(bundle)) == [name]


@pytest.mark.parametrize("name", ["challenger", "champion", "thresholds", "calibration"])
def test_a_newer_schema_is_refused_with_advice(tmp_path: Path, name: str) -> None:
    newer = {**json.loads(inputs()[name]), "schema": 9}
    with pytest.raises(BundleError, match=r"schema"):
        write_bundle(tmp_path / "b", {**inputs(), name: encoded(newer)})
    assert not (tmp_path / "b").exists()


def test_a_bundle_of_a_newer_schema_is_refused(bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text())
    write_json(bundle / "manifest.json", {**manifest, "schema": 3})
    with pytest.raises(BundleError, match="bundle of schema 3, this version reads 1 to 2"):
        read_bundle(bundle)


def test_a_folder_that_is_no_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no evidence bundle"):
        read_bundle(tmp_path)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schema": 1}'])
def test_an_unreadable_input_is_an_error_of_its_own(tmp_path: Path, data: bytes) -> None:
    for name in inputs():
        with pytest.raises(BundleError, match=name):
            write_bundle(tmp_path / "b", {**inputs(), name: data})


def test_missing_and_unknown_inputs_are_listed(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"missing inputs \['thresholds'\].*\['notes'\]"):
        write_bundle(tmp_path / "b", {"challenger": b"{}", "notes": b"{}"})


def test_nan_in_the_evidence_is_a_hold_and_not_a_crash(tmp_path: Path) -> None:
    document = make_evidence().as_json()
    document["rows"][0]["similarity"] = float("nan")
    document["centroid"]["clips"] = float("nan")
    document["ceiling"]["wer"] = float("inf")
    data = json.dumps(document).encode()
    verdict = write_bundle(tmp_path / "b", {**inputs(), "challenger": data})
    assert verdict.ruling is Ruling.HOLD
    assert {reason.code for reason in verdict.reasons} >= {
        "not_a_number", "weak_centroid", "ceiling_misses_floor",
    }  # fmt: skip
    assert "NaN" not in (tmp_path / "b" / "verdict.json").read_text()
    assert mismatches(tmp_path / "b", read_bundle(tmp_path / "b")) == []


def test_a_failed_write_leaves_the_older_bundle(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (bundle / "verdict.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("voxgate.gate.bundle.write_text", full)
    with pytest.raises(Exception, match="No space left"):
        write_bundle(bundle, inputs(7))
    assert (bundle / "verdict.json").read_bytes() == before


_RECOMPUTE = """
import sys
from pathlib import Path
from voxgate.gate.bundle import mismatches, read_bundle, write_bundle
folder = Path(sys.argv[1])
names = ("challenger", "champion", "gold", "thresholds", "calibration")
write_bundle(Path("copy"), {n: (folder / f"{n}.json").read_bytes() for n in names})
assert mismatches(folder, read_bundle(folder)) == []
for name in ("verdict.json", "report.md", "manifest.json"):
    assert (Path("copy") / name).read_bytes() == (folder / name).read_bytes(), name
assert not {"torch", "mlflow", "prefect", "pandas"} & sys.modules.keys()
"""


@pytest.mark.parametrize(("hash_seed", "locale"), [("0", "C"), ("4242", "tr_TR.UTF-8")])
def test_another_process_folder_and_locale_give_the_same_bytes(
    bundle: Path, tmp_path: Path, hash_seed: str, locale: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [sys.executable, "-c", _RECOMPUTE, str(bundle)],
        cwd=elsewhere,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path.cwd()),
            "PYTHONHASHSEED": hash_seed,
            "LC_ALL": locale,
            "OMP_NUM_THREADS": "1",
            "TZ": "Asia/Tokyo",
        },
        check=True,
        timeout=60,
    )


def test_evidence_with_a_mistyped_row_is_refused(tmp_path: Path) -> None:
    document = make_evidence().as_json()
    document["rows"][3]["prompt_id"] = 7
    with pytest.raises(BundleError, match=r"row 4: prompt_id: expected str, got 7"):
        write_bundle(tmp_path / "b", {**inputs(), "challenger": encoded(document)})


def test_an_edited_count_of_measured_samples_is_refused(tmp_path: Path) -> None:
    document = {**make_evidence().as_json(), "evaluated_items": 181}
    with pytest.raises(BundleError, match="evaluated_items says 181, the rows hold 180"):
        write_bundle(tmp_path / "b", {**inputs(), "challenger": encoded(document)})


def test_the_look_is_part_of_the_digest(tmp_path: Path) -> None:
    first = write_bundle(tmp_path / "1", inputs())
    later = encoded(replace(make_thresholds(bootstrap_draws=1000), look=2).as_json())
    second = write_bundle(tmp_path / "2", {**inputs(), "thresholds": later})
    assert (first.look, second.look) == (1, 2)
    assert read_bundle(tmp_path / "1").digest != read_bundle(tmp_path / "2").digest
