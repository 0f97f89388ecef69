"""No archive makes the reader run, hang, or ask for more memory than it has."""

import contextlib
import io
import pickle
import random
import zipfile
from collections import OrderedDict

import pytest
import torch

from models.gpt_sovits.public.restricted_pickle import CheckpointError, read_archive
from tests.models.gpt_sovits.public.test_pickle_program import doubled_tuples


def saved(content):
    stream = io.BytesIO()
    torch.save(content, stream)
    return stream.getvalue()


def archive_of(*entries, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


def tensor_program(size, stride, *, times=1, offset=0):
    """The pickle of a list of tensors over one storage."""

    def number(value):
        return b"\x8a\x09" + value.to_bytes(9, "little", signed=True)

    def numbers(values):
        return b"(" + b"".join(map(number, values)) + b"t"

    def text(value):
        return b"X" + len(value).to_bytes(4, "little") + value

    reference = b"(" + text(b"storage") + b"ctorch\nFloatStorage\n" + text(b"0") + text(b"cpu")
    reference += number(4) + b"tQ"
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n(" + reference + number(offset)
    tensor += numbers(size) + numbers(stride) + b"\x89}tR"
    return b"\x80\x02](" + tensor * times + b"e."


def read_tensors(size, stride, *, stored=16, **options):
    program = tensor_program(size, stride, **options)
    return read_archive(archive_of(("a/data.pkl", program), ("a/data/0", bytes(stored))))


def test_a_tensor_within_its_storage_is_read():
    assert read_tensors([2, 2], [2, 1])[0].shape == (2, 2)
    assert read_tensors([0], [1])[0].numel() == 0


@pytest.mark.parametrize(
    ("size", "stride"),
    [([10**12], [0]), ([10**6, 10**6], [0, 0]), ([2, 3], [1, 1]), ([2**62, 4], [0, 1])],
)
def test_a_tensor_that_repeats_its_numbers_is_refused(size, stride):
    with pytest.raises(CheckpointError, match=r"asks for .* numbers, and 4 are stored"):
        read_tensors(size, stride)


@pytest.mark.parametrize(
    ("size", "stride"), [([5], [1]), ([2], [4]), ([-1], [1]), ([2], [-1]), ([1] * 9, [1] * 9)]
)
def test_a_tensor_outside_its_storage_is_refused(size, stride):
    with pytest.raises(CheckpointError):
        read_tensors(size, stride)


def test_a_storage_that_is_copied_over_and_over_is_refused():
    stored = 4 << 20
    with pytest.raises(CheckpointError, match="many times the memory"):
        read_tensors([stored // 4], [1], stored=stored, times=1000)


def test_tied_weights_are_read_apart():
    weight = torch.arange(6.0).reshape(2, 3)
    content = read_archive(saved({"weight": OrderedDict(a=weight, b=weight, c=weight.T)}))
    assert torch.equal(content["weight"]["c"], weight.T)


def test_what_the_standard_reader_reads_is_read_alike():
    content = {"weight": {"a": torch.rand(3, 4).half()}, "config": {"x": [1, (2, 3)]}, "info": "e"}
    back = read_archive(saved(content))
    assert torch.equal(back["weight"]["a"], content["weight"]["a"])
    assert back["config"] == {"x": [1, [2, 3]]}


def test_the_checkpoint_of_six_hundred_bytes_is_refused():
    data = archive_of(("a/data.pkl", b"\x80\x02" + doubled_tuples(60) + b"."))
    assert len(data) < 700
    with pytest.raises(CheckpointError, match=r"unfolds|levels"):
        read_archive(data)


def test_compressed_members_are_refused():
    program = pickle.dumps({"weight": {}}, protocol=2)
    data = archive_of(("a/data.pkl", program), compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(CheckpointError, match="compressed"):
        read_archive(data)


def test_two_members_of_one_name_are_refused():
    program = pickle.dumps({}, protocol=2)
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive_of(("a/data.pkl", program), ("a/data/0", b"x"), ("a/data/0", b"y"))
    with pytest.raises(CheckpointError, match="entries of one name"):
        read_archive(data)


def test_members_that_lie_over_each_other_are_refused():
    data = bytearray(archive_of(("a/data.pkl", pickle.dumps({}, 2)), ("a/data/0", bytes(4096))))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.infolist()[1]
        entries = [f"a/data/{n}" for n in range(1, 50)]
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        for name in entries:
            twin = zipfile.ZipInfo(name)
            twin.header_offset, twin.CRC = entry.header_offset, entry.CRC
            twin.file_size = twin.compress_size = entry.file_size
            archive.filelist.append(twin)
            archive.NameToInfo[name] = twin
        archive._didModify = True
    with pytest.raises(CheckpointError, match="more in it than its bytes"):
        read_archive(stream.getvalue())


def test_a_path_out_of_the_archive_is_only_a_name(tmp_path):
    data = archive_of(
        ("../../a/data.pkl", pickle.dumps({"weight": {}}, 2)), ("/etc/passwd", b"root")
    )
    assert read_archive(data) == {"weight": {}}


def test_damaged_checkpoints_are_refusals_or_values():
    draw = random.Random(1)
    whole = saved({"weight": {f"w{n}": torch.rand(4, 4) for n in range(4)}, "config": {"a": [1]}})
    start = whole.index(b"\x80\x02")
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            at = (
                draw.randrange(start, start + 400)
                if draw.random() < 0.7
                else draw.randrange(len(data))
            )
            data[at] = draw.randrange(256)
        with contextlib.suppress(CheckpointError):
            read_archive(bytes(data))
