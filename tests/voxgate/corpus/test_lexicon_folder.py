from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.corpus.lexicon_folder import lexicon_folder, user_lexicons
from voxgate.errors import ConfigError


def test_the_folder_that_params_name_is_below_data(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "lexicon.ja.tsv").touch()
    assert user_lexicons(tmp_path, "words") == {"ja": tmp_path / "words" / "lexicon.ja.tsv"}
    assert user_lexicons(tmp_path, None) == {}
    assert lexicon_folder(tmp_path, "later") == tmp_path / "later"


@pytest.mark.parametrize("named", ["../words", "/etc", "later"])
def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path, named: str) -> None:
    with pytest.raises(ConfigError, match="expected a folder under data/"):
        user_lexicons(tmp_path, named)


def test_the_one_file_of_before_is_an_error_with_its_new_place(tmp_path: Path) -> None:
    (tmp_path / "lexicon.en.txt").touch()
    with pytest.raises(ConfigError, match=r"move it, as it is, to data/lexicons/lexicon\.en\.tsv"):
        lexicon_folder(tmp_path, "lexicon.en.txt")
