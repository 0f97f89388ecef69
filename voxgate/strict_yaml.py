"""The one way to read YAML: what is written is what is meant, or an error names the line.

YAML 1.1 turns keys into numbers and lets the last of two equal keys win, so one person's record can
become another's. Here keys are text, and there is one of each. Aliases, tags, and more than a file
of ours ever needs, are refused before anything is built of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from voxgate.errors import ConfigError
from voxgate.excerpts import excerpt
from voxgate.yaml_values import CONTROL, NUMBER_ELSEWHERE, ValueBuilder, YamlFaultError

__all__ = ["MAX_BYTES", "dump_yaml", "parse_yaml", "read_yaml"]

MAX_BYTES = 1 << 20
# libyaml's parser is many times faster, and its events are the same.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Read a YAML file: mappings with text keys, sequences, and scalars.

    Raises:
        ConfigError: as `parse_yaml`, or the file cannot be read.
        FileNotFoundError: there is none; only the caller knows who writes it.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from None
    return parse_yaml(data, str(path))


def parse_yaml(data: bytes | str, where: str) -> Any:
    """Parse one YAML document; empty text is None.

    Raises:
        ConfigError: it is not UTF-8 or not YAML, is too large or too deep, has a key twice or one
            that is no text, or uses aliases, tags or several documents; says the lines.
    """
    text = _decode(data, where)
    builder = ValueBuilder()
    try:
        value = builder.document(yaml.parse(text, Loader=_PARSER))
    except YamlFaultError as error:
        builder.faults.append(str(error))
    except yaml.MarkedYAMLError as error:
        builder.faults.append(_syntax(error))
    except (yaml.YAMLError, ValueError) as error:
        builder.faults.append(f"not YAML: {excerpt(str(error), 120)}")
    if builder.faults:
        raise ConfigError(where, builder.faults)
    return value


def dump_yaml(value: Any) -> str:
    """Return the text of `value`, in the order that it has; the same value gives the same bytes."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # the library ships no types
    """Puts quotation marks around everything that any reader would take for a number."""


_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", NUMBER_ELSEWHERE, list("-+.0123456789"))


def _decode(data: bytes | str, where: str) -> str:
    if len(data) > MAX_BYTES:
        raise ConfigError(where, [f"expected at most {MAX_BYTES >> 20} MiB of YAML, got more"])
    text = data if isinstance(data, str) else _decode_bytes(data, where)
    text = text.removeprefix("\ufeff")
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        fault = f"line {line}: the control character U+{ord(found.group()):04X}; remove it"
        raise ConfigError(where, [fault])
    return text


def _decode_bytes(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = f"line {line}: expected UTF-8, got the byte 0x{data[error.start]:02x}"
        raise ConfigError(where, [f"{fault}; save it as UTF-8"]) from None


def _syntax(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = "" if mark is None else f"line {mark.line + 1}: "
    what = ", ".join(part for part in (error.context, error.problem) if part)
    return f"{line}not YAML: {what[:120]}"
