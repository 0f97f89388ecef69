"""Run the few steps of a pickle that a checkpoint needs, within bounds.

A pickle is a program for a stack machine. The standard one calls what the program names, and even
where names are restricted a program of some hundred bytes can keep it busy for ever: tuples that
hold each other twice take no room, and an exponential time to hash, print or copy. So this machine
knows the steps that `torch.save` writes and no others, never hashes or prints what it built, and
weighs the result before anybody walks it.
"""

from __future__ import annotations

import io
import pickletools
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

__all__ = ["CheckpointError", "Settings", "run_program"]

MAX_STEPS = 500_000
MAX_WEIGHT = 500_000
"""Of the result: values, and every eight characters, each as often as it is reached."""

MAX_DEPTH = 64
_CHARACTERS = 8
_INT_BITS = 64
_INT_KEYS = 65_536


class CheckpointError(ValueError):
    """A checkpoint is damaged, unsafe, or not of a kind that is supported."""


class Settings:
    """Stands in for the training code's configuration class: its attributes, no behaviour."""

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, dict):
            raise CheckpointError(f"configuration: expected named values, got {type(state)}")
        self.__dict__.update(state)


FindName = Callable[[str, str], Callable[..., Any]]
FindStorage = Callable[[Any], Any]


def run_program(data: bytes, find_name: FindName, find_storage: FindStorage) -> Any:
    """Run a pickle and return what it builds: tensors, dicts, lists, tuples and plain values.

    Args:
        data: the program.
        find_name: gives the function that stands for (module, name), or raises.
        find_storage: gives what a persistent reference stands for.

    Raises:
        CheckpointError: the program takes an unknown step, is too long, or builds too much.
        Exception: the program is damaged; of any kind.
    """
    machine = _Machine(find_name, find_storage)
    for count, (step, argument, _) in enumerate(pickletools.genops(io.BytesIO(data))):
        if count > MAX_STEPS:
            raise CheckpointError(f"its pickle takes more than {MAX_STEPS} steps")
        machine.take(step.name, argument)
    result = machine.stack.pop()
    _Scales().weigh(result, 0)
    return result


_IDLE = frozenset({"PROTO", "FRAME", "STOP"})
_ARGUMENTS = frozenset(
    {
        *("BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"),
        *("BINUNICODE", "SHORT_BINUNICODE"),
    }
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_METHODS = {
    "MARK": "_mark",
    "MEMOIZE": "_memoize",
    "TUPLE": "_tuple",
    "APPEND": "_append",
    "APPENDS": "_appends",
    "SETITEM": "_set_item",
    "SETITEMS": "_set_items",
    "STACK_GLOBAL": "_stack_global",
    "REDUCE": "_call",
    "NEWOBJ": "_call",
    "BUILD": "_build",
    "BINPERSID": "_find",
}


class _Machine:
    def __init__(self, find_name: FindName, find_storage: FindStorage) -> None:
        self.stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}
        self._find_name = find_name
        self._find_storage = find_storage

    def take(self, step: str, argument: Any) -> None:
        """Take one step, by the name that `pickletools` gives it."""
        if step in _IDLE:
            return
        if step in _ARGUMENTS:
            self._push(argument)
        elif step in _CONSTANTS:
            self.stack.append(_CONSTANTS[step])
        elif step in _EMPTY:
            self.stack.append(_EMPTY[step]())
        elif step in _METHODS:
            getattr(self, _METHODS[step])()
        elif step in {"BINPUT", "LONG_BINPUT"}:
            self._memo[argument] = self.stack[-1]
        elif step in {"BINGET", "LONG_BINGET"}:
            self.stack.append(self._memo[argument])
        elif step in {"TUPLE1", "TUPLE2", "TUPLE3"}:
            count = int(step[-1])
            self.stack[-count:] = [tuple(self.stack[-count:])]
        elif step == "GLOBAL":
            self._name(*argument.split(" ", 1))
        else:
            raise CheckpointError(f"its pickle takes a step that torch.save never does: {step}")

    def _push(self, value: Any) -> None:
        if isinstance(value, int) and value.bit_length() >= _INT_BITS:
            raise CheckpointError("a number in it has more than 64 bits")
        self.stack.append(value)

    def _mark(self) -> None:
        self._marks.append(len(self.stack))

    def _memoize(self) -> None:
        self._memo[len(self._memo)] = self.stack[-1]

    def _tuple(self) -> None:
        self.stack.append(tuple(self._marked()))

    def _append(self) -> None:
        self._extend([self.stack.pop()])

    def _appends(self) -> None:
        self._extend(self._marked())

    def _set_item(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._set([key, value])

    def _set_items(self) -> None:
        self._set(self._marked())

    def _stack_global(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self._name(module, name)

    def _call(self) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        # Nothing but what `find_name` gave out can be called.
        if not callable(function) or not isinstance(arguments, tuple):
            raise CheckpointError("its pickle calls what cannot be called")
        self.stack.append(function(*arguments))

    def _find(self) -> None:
        self.stack.append(self._find_storage(self.stack.pop()))

    def _marked(self) -> list[Any]:
        start = self._marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def _extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not list:
            raise CheckpointError("its pickle appends to what is no list")
        target.extend(values)

    def _set(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict):
            raise CheckpointError("its pickle sets items of what is no dictionary")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            # A tuple takes as long to hash as it pleases, and chosen numbers all hash alike.
            if not isinstance(key, str) and not (type(key) is int and 0 <= key < _INT_KEYS):
                raise CheckpointError(f"a key in it is a {type(key).__name__}, expected a name")
            target[key] = value

    def _name(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise CheckpointError("its pickle names something by what is no text")
        self.stack.append(self._find_name(module, name))

    def _build(self) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, Settings):
            target.__setstate__(state)
        # An ordered dictionary of tensors carries the versions of its modules: nothing of use.
        elif not isinstance(target, OrderedDict):
            raise CheckpointError("its pickle sets the state of what has none")


class _Scales:
    """Weighs what was built, without unfolding it: what is shared is weighed once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int] | None] = {}

    def weigh(self, value: Any, depth: int) -> tuple[int, int]:
        """Return the weight and the height of a value at `depth`."""
        if isinstance(value, str):
            return 1 + len(value) // _CHARACTERS, 0
        if isinstance(value, Settings):
            value = value.__dict__
        if not isinstance(value, (dict, list, tuple)):
            return 1, 0
        if id(value) not in self._known:
            self._known[id(value)] = None
            self._known[id(value)] = self._weigh_parts(value, depth)
        known = self._known[id(value)]
        if known is None:
            raise CheckpointError("something in it holds itself")
        if known[0] > MAX_WEIGHT or depth + known[1] > MAX_DEPTH:
            raise CheckpointError(
                f"it unfolds to more than {MAX_WEIGHT} values or {MAX_DEPTH} levels"
            )
        return known

    def _weigh_parts(self, value: Any, depth: int) -> tuple[int, int]:
        if depth > MAX_DEPTH:
            raise CheckpointError(f"it is nested more than {MAX_DEPTH} deep")
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        weighed = [self.weigh(part, depth + 1) for part in parts]
        return 1 + sum(w for w, _ in weighed), 1 + max((h for _, h in weighed), default=0)
