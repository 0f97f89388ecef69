"""The manifest: what it takes, and how it names everything that is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxgate.corpus.manifest import Recording, dump_manifest, read_manifest, write_manifest
from voxgate.errors import ManifestError

HEADER = "recording_id,path,speaker_id,language,text\n"


def read(tmp_path, text):
    path = tmp_path / "manifest.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_manifest(path)


def faults_of(tmp_path, text):
    with pytest.raises(ManifestError) as caught:
        read(tmp_path, text)
    return caught.value.faults


texts = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")))


@settings(deadline=None)  # the first one may have to wait for the disk
@given(texts)
def test_any_text_survives_writing_and_reading(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("m") / "manifest.csv"
    recording = Recording("a", "audio/a.wav", "anna", "en", text)
    write_manifest(path, [recording])
    assert read_manifest(path) == [recording]


def test_lines_are_sorted_by_id_and_the_bytes_do_not_depend_on_the_order():
    rows = [Recording(name, f"{name}.wav", "anna", "en", "") for name in ("b", "a")]
    assert dump_manifest(rows) == dump_manifest(rows[::-1])
    assert dump_manifest(rows).splitlines()[1].startswith("a,")


def test_what_a_spreadsheet_saves_is_read(tmp_path):
    text = b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode() + b'a,a.wav,anna,en,"x, y"\r\n'
    assert read(tmp_path, text)[0].text == "x, y"


def test_three_broken_lines_are_all_reported(tmp_path):
    faults = faults_of(
        tmp_path, HEADER + 'a,a.wav\nb,b.wav,anna,en,"open\nc,c.wav,anna,en,fine\nd,,an na,EN,x\n'
    )
    assert [fault.split(":")[0] for fault in faults] == ["line 2", "line 3"] + ["line 5"] * 3
    assert "got 2 fields" in faults[0]
    assert "unbalanced quotation marks" in faults[1]
    assert "path is empty" in faults[2]
    assert "speaker_id 'an na'" in faults[3]
    assert "language 'EN'" in faults[4]


def test_duplicate_ids_name_both_lines(tmp_path):
    row = "a,a.wav,anna,en,x\n"
    assert faults_of(tmp_path, HEADER + row + row) == (
        "line 3: recording_id 'a' is on line 2 already; ids must be unique",
    )


def test_a_wrong_header_is_named(tmp_path):
    assert "expected recording_id,path" in faults_of(tmp_path, "id,file\na,b\n")[0]
    assert "got ''" in faults_of(tmp_path, "")[0]


def test_bytes_that_are_not_utf_8_are_named_with_their_line(tmp_path):
    assert faults_of(tmp_path, HEADER.encode() + b"a,a.wav,anna,en,caf\xe9\n") == (
        "line 2: expected UTF-8, got byte 0xe9",
    )


@pytest.mark.parametrize("character", ["\t", "\x00", "\u2028"])
def test_control_characters_are_refused(tmp_path, character):
    assert "control character" in faults_of(tmp_path, f"{HEADER}a,a.wav,anna,en,x{character}y")[0]


def test_a_missing_manifest_says_what_writes_it(tmp_path):
    with pytest.raises(ManifestError, match="voxgate corpus fetch"):
        read_manifest(tmp_path / "manifest.csv")


def test_a_text_that_a_spreadsheet_would_run_survives_writing_and_reading(tmp_path):
    texts = ["=HYPERLINK(1)", "-5 degrees", "'-5", "@home", "+1", "'tis"]
    written = [
        Recording(f"anna/{number}", f"audio/{number}.wav", "anna", "en", text)
        for number, text in enumerate(texts)
    ]
    path = tmp_path / "manifest.csv"
    write_manifest(path, written)
    assert read_manifest(path) == written
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8")
    by_hand = "recording_id,path,speaker_id,language,text\nanna/0,a.wav,anna,en,-5 degrees\n"
    path.write_text(by_hand, encoding="utf-8")
    assert read_manifest(path)[0].text == "-5 degrees"


def test_lines_of_another_version_are_the_same_objects_and_broken_ones_stay_faults(tmp_path):
    old, new, broken = (tmp_path / name for name in ("old.csv", "new.csv", "broken.csv"))
    old.write_text(f'{HEADER}a,a.wav,anna,en,One.\nb,b.wav,anna,en,"Two, three."\n')
    new.write_text(f'{HEADER}a,a.wav,anna,en,Other.\nb,b.wav,anna,en,"Two, three."\n')
    broken.write_text(f'{HEADER}b,b.wav,anna,en,"Two, three."\nc,c.wav,anna,english,\n')
    seen = {}
    before, after = read_manifest(old, seen), read_manifest(new, seen)
    assert after == read_manifest(new)
    assert [one is other for one, other in zip(before, after, strict=True)] == [False, True]
    for _ in range(2):
        with pytest.raises(ManifestError, match=r"line 3: language 'english'"):
            read_manifest(broken, seen)


def test_the_same_line_twice_is_a_duplicate_id(tmp_path):
    line = "a,a.wav,anna,en,One.\n"
    (fault,) = faults_of(tmp_path, HEADER + line + line)
    assert "recording_id 'a' is on line 2 already" in fault
