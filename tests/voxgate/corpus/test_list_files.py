"""Which file is the list, and what its bytes say."""

from pathlib import Path

import pytest

from voxgate.corpus.list_files import find_list, is_hidden, read_lines
from voxgate.errors import ManifestError


@pytest.mark.parametrize("name", ["._train.list", ".DS_Store", "__MACOSX/train.list", "a/.b/c.wav"])
def test_what_systems_leave_beside_files_is_hidden(name):
    assert is_hidden(Path(name))
    assert not is_hidden(Path("a.b/c_d.wav"))


def test_hidden_files_and_folders_are_no_lists(tmp_path):
    for name in ("._train.list", "train.list", ".metadata.csv"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    assert find_list(tmp_path) == tmp_path / "train.list"


def test_a_suffix_in_capitals_is_one(tmp_path):
    (tmp_path / "TRAIN.LIST").write_text("x")
    assert find_list(tmp_path).name == "TRAIN.LIST"


def test_a_chosen_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ManifestError, match=r"--list 'x.list': no such file"):
        find_list(tmp_path, chosen=Path("x.list"))


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"\xef\xbb\xbfa\r\n\r\nb\r\n\r\n", [(1, "a"), (3, "b")]),
        (b"a\n\xef\xbb\xbfb\n", [(1, "a"), (2, "b")]),
        (b"a\rb", [(1, "a"), (2, "b")]),
        ("a\u2028b\x0cc\n".encode(), [(1, "a\u2028b\x0cc")]),
    ],
)
def test_marks_and_blank_lines_are_dropped(tmp_path, data, lines):
    (tmp_path / "a.list").write_bytes(data)
    assert read_lines(tmp_path / "a.list") == lines


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(tmp_path, encoding):
    (tmp_path / "a.list").write_bytes("a.wav|anna|EN|one\n".encode(encoding))
    with pytest.raises(ManifestError, match=r"got UTF-16 .*; save it as UTF-8"):
        read_lines(tmp_path / "a.list")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac-roman"])
def test_older_encodings_are_refused_with_the_line(tmp_path, encoding):
    (tmp_path / "a.list").write_bytes("a\ncafé\n".encode(encoding))
    with pytest.raises(ManifestError, match=r"line 2: expected UTF-8, got the byte 0x.*as UTF-8"):
        read_lines(tmp_path / "a.list")
