"""A pickle is run within bounds: none of these may take time, memory or a call."""

import pickle
import time

import pytest

from models.gpt_sovits.public.pickle_program import CheckpointError, Settings, run_program

MARK, TUPLE2, EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT = b"(", b"\x86", b")", b"]", b"}"
APPENDS, SETITEM, SETITEMS, STOP, HEAD = b"e", b"s", b"u", b".", b"\x80\x02"


def put(index):
    return b"q" + bytes([index])


def get(index):
    return b"h" + bytes([index])


def doubled_tuples(levels):
    """A tuple of the tuple before, twice: as many steps as levels, 2^levels values."""
    steps = b"".join(put(n) + get(n) + TUPLE2 for n in range(levels))
    return EMPTY_TUPLE + steps


def run(program):
    def find_name(module, name):
        if (module, name) == ("utils", "HParams"):
            return Settings
        raise CheckpointError(f"asks to run {module}.{name}")

    begun = time.perf_counter()
    try:
        return run_program(HEAD + program + STOP, find_name, lambda reference: "storage")
    finally:
        assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "value",
    [{"a": [1, 2.5, "x", None, True, (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "b": {1: {}}}, [], 7],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_plain_values_come_back(value, protocol):
    def refuse(*_):
        raise AssertionError

    assert run_program(pickle.dumps(value, protocol=protocol), refuse, refuse) == value


def test_what_is_shared_stays_shared_within_bounds():
    shared = run(doubled_tuples(10))
    assert shared[0] is shared[1]


@pytest.mark.parametrize("levels", [30, 200])
def test_nested_references_are_refused_before_they_unfold(levels):
    with pytest.raises(CheckpointError, match=r"unfolds to more than|deep|levels"):
        run(doubled_tuples(levels))


def test_lists_that_were_filled_from_the_outside_in_are_weighed_at_the_end():
    program = b"".join(EMPTY_LIST + put(n) for n in range(40))
    for n in range(39):
        program += get(n) + MARK + get(n + 1) + get(n + 1) + APPENDS
    with pytest.raises(CheckpointError, match="unfolds to more than"):
        run(program + get(0))


def test_a_nested_reference_is_no_key():
    program = EMPTY_DICT + doubled_tuples(200) + b"K\x01" + SETITEM
    with pytest.raises(CheckpointError, match="a key in it is a tuple"):
        run(program)


def test_numbers_that_hash_alike_are_no_keys():
    keys = b"".join(b"\x8a\x09" + (n * (2**61 - 1)).to_bytes(9, "little") + b"N" for n in (1, 2))
    with pytest.raises(CheckpointError, match="a key in it is a int"):
        run(EMPTY_DICT + MARK + keys + SETITEMS)


@pytest.mark.parametrize(
    "program",
    [
        doubled_tuples(200) + b"Q0",
        doubled_tuples(200) + EMPTY_TUPLE + b"R",
        EMPTY_LIST + b"N" + b"b",
    ],
)
def test_nothing_but_a_known_name_is_called_or_shown(program):
    with pytest.raises(CheckpointError):
        run(program)


def test_a_list_in_itself_is_refused():
    with pytest.raises(CheckpointError, match="holds itself"):
        run(EMPTY_LIST + put(0) + get(0) + b"a")


def test_deep_nesting_is_refused():
    with pytest.raises(CheckpointError, match=r"deep|levels"):
        run(EMPTY_LIST * 3000 + b"a" * 2999)


def test_one_long_text_many_times_is_weighed_by_its_length():
    text = b"X" + (1 << 20).to_bytes(4, "little") + b"x" * (1 << 20) + put(0)
    with pytest.raises(CheckpointError, match="unfolds"):
        run(EMPTY_LIST + MARK + text + get(0) * 50 + APPENDS)


def test_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(CheckpointError, match="64 bits"):
        run(b"\x8b" + (4000).to_bytes(4, "little") + b"\x7f" * 4000)


def test_too_many_steps_are_refused():
    with pytest.raises(CheckpointError, match="more than 500000 steps"):
        run(b"N" * 600_000)


def test_many_marks_take_linear_time():
    assert len(run(MARK + b"N" * 100_000 + (MARK + b"t") * 100_000 + b"t")) == 200_000


@pytest.mark.parametrize("step", [b"cos\nsystem\n", b"(S'ls'\nios\nsystem\n", b"\x82\x01", b"\x95"])
def test_steps_that_reach_further_are_refused(step):
    with pytest.raises((CheckpointError, ValueError)):
        run(step)
