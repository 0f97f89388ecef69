from pathlib import Path

import pytest
import yaml

from voxgate.errors import ConfigError
from voxgate.params import load_params

ROOT = Path(__file__).resolve().parents[3]


def _changed(tmp_path: Path, **sections: dict[str, object]) -> Path:
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, values in sections.items():
        raw[section].update(values)
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False))
    return path


def test_the_shipped_parameters_are_valid() -> None:
    load_params(ROOT / "params.yaml")


def test_unknown_keys_and_wrong_values_are_reported_together(tmp_path: Path) -> None:
    path = _changed(tmp_path, ingest={"loudnes": 1}, train={"threads": 0}, gate={"max_wer": "x"})
    with pytest.raises(ConfigError) as caught:
        load_params(path)
    assert {fault.split(":")[0] for fault in caught.value.faults} == {
        "ingest.loudnes",
        "train.threads",
        "gate.max_wer",
    }


def test_faults_of_the_validate_section_carry_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"validate\.max_cer"):
        load_params(_changed(tmp_path, validate={"max_cer": -1.0}))


@pytest.mark.parametrize(
    ("section", "role", "message"),
    [
        ("evaluate", "transcriber", "transcriber names 'nobody', which is not in evaluators"),
        ("evaluate", "speaker_encoder", "speaker_encoder names 'nobody'"),
        ("validate", "recogniser", r"validate\.recogniser names 'nobody'"),
    ],
)
def test_a_role_names_an_evaluator_that_is_there(
    tmp_path: Path, section: str, role: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        load_params(_changed(tmp_path, **{section: {role: "nobody"}}))


@pytest.mark.parametrize(
    ("section", "role", "name"),
    [
        ("evaluate", "transcriber", "ge2e"),
        ("evaluate", "speaker_encoder", "whisper-base"),
        ("validate", "recogniser", "ge2e"),
    ],
)
def test_an_evaluator_can_do_what_its_role_asks(
    tmp_path: Path, section: str, role: str, name: str
) -> None:
    with pytest.raises(ConfigError, match=rf"{role} '{name}' is of kind"):
        load_params(_changed(tmp_path, **{section: {role: name}}))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"recogniser_windows_s": [15, 31]},
            r"recogniser_windows_s\.1: .*less than or equal to 30",
        ),
        ({"recogniser_windows_s": []}, "recogniser_windows_s: "),
        ({"recogniser_margin_s": -1.0}, "recogniser_margin_s: "),
        ({"precision": "float16"}, "precision: .*'float32' or 'bfloat16'"),
    ],
)
def test_the_judge_has_windows_and_a_precision_that_whisper_knows(
    tmp_path: Path, changes: dict[str, object], fault: str
) -> None:
    with pytest.raises(ConfigError, match=rf"evaluate\.{fault}"):
        load_params(_changed(tmp_path, evaluate=changes))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing"):
        load_params(tmp_path / "params.yaml")


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "42"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        load_params(path)


def test_the_prompts_of_each_language_are_a_file_that_names_it(tmp_path: Path) -> None:
    files = {"zh": "prompts.zh.jsonl", "en": "prompts.en.jsonl"}
    evaluate = load_params(_changed(tmp_path, evaluate={"prompts": files})).evaluate
    assert (evaluate.language, evaluate.prompt_file) == ("zh", "prompts.zh.jsonl")
    assert evaluate.prompt_files == files
    english = evaluate.in_language("en")
    assert (english.language, english.prompt_file) == ("en", "prompts.en.jsonl")
    assert load_params(ROOT / "params.yaml").evaluate.prompt_files == {"en": "prompts.en.jsonl"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"evaluate.*prompts: expected a file, or one a language"),
        ({"ja": "prompts.zh.jsonl"}, "expected a name like prompts.ja.jsonl, with the language"),
    ],
)
def test_a_file_under_another_language_is_named(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        load_params(_changed(tmp_path, evaluate={"prompts": files}))
