import pytest

from flows.cli.json_output import print_json


def test_json_is_readable_and_keeps_its_characters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Zoë", "wer": None})
    assert capsys.readouterr().out == '{\n "name": "Zoë",\n "wer": null\n}\n'


def test_a_number_that_is_none_is_never_printed_as_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"wer": float("nan")})
