from __future__ import annotations

import inspect
from collections.abc import Iterator

from voxgate import errors


def drawn() -> Iterator[tuple[int, str]]:
    assert errors.__doc__ is not None
    for line in errors.__doc__.splitlines():
        if line.startswith("    "):
            yield (len(line) - len(line.lstrip()) - 4) // 2, line.strip()


def real(top: type, depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, top.__name__
    for each in vars(errors).values():  # in the order of their definition
        if inspect.isclass(each) and top in each.__bases__:
            yield from real(each, depth + 1)


def test_the_docstring_draws_the_real_tree() -> None:
    assert list(drawn()) == list(real(errors.VoxgateError))


def test_every_exception_of_the_module_is_in_the_tree_and_public() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, BaseException)
    }
    assert defined == {name for _, name in drawn()} == set(errors.__all__)
