from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.text.term_lines import Term, read_terms


def _check(term: Term) -> str | None:
    return None if term.reading.islower() else f"{term.written!r}: need small letters"


def _file(folder: Path, text: str) -> Path:
    path = folder / "lexicon.zh.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_words_readings_and_sentences(tmp_path: Path) -> None:
    text = "\ufeff# names\n\n重庆\tchong2 qing4\n长安\tchang2 an1\t他在长安。\n"
    assert read_terms(_file(tmp_path, text), check=_check) == (
        Term(written="重庆", reading="chong2 qing4", carrier=None, line=3),
        Term(written="长安", reading="chang2 an1", carrier="他在长安。", line=4),
    )


def test_every_broken_line_is_named(tmp_path: Path) -> None:
    text = f"重庆\n重庆\tA\n长安\tchang2 an1\t这里\n长\tc\n长\tz\n{'长' * 61}\tc\n"
    with pytest.raises(ConfigError) as raised:
        read_terms(_file(tmp_path, text), check=_check)
    assert [fault.split(":")[0] for fault in raised.value.faults] == [
        "line 1",
        "line 2",
        "line 3",
        "line 5",
        "line 6",
    ]
    assert "does not say" in raised.value.faults[2]
    assert "stands in line 4 too" in raised.value.faults[3]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.zh.tsv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TextError, match="UTF-8"):
        read_terms(path, check=_check)
    with pytest.raises(TextError, match="cannot read"):
        read_terms(tmp_path / "absent.tsv", check=_check)
