"""From the events of a YAML parser to values: text keys, no key twice, nothing but plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from voxgate.excerpts import excerpt

__all__ = ["CONTROL", "MAX_DEPTH", "NUMBER_ELSEWHERE", "ValueBuilder", "YamlFaultError"]

MAX_DEPTH = 20

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

NUMBER_ELSEWHERE = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+|0o[0-7]+")
"""What YAML 1.2 reads as a number and this parser as a text: `1e3`, `0o17`."""

_MAX_FAULTS = 20
_MAX_INTEGER = 1 << 63
_TEXT = "tag:yaml.org,2002:str"
_KINDS = {"int": "a number", "float": "a number", "bool": "yes or no", "null": "nothing"}


class YamlFaultError(Exception):
    """Reading cannot go on; the message names the line."""


class ValueBuilder:
    """Makes values of the parser's events; `faults` collects what does not stop it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._resolver = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()

    def document(self, events: Iterator[yaml.Event]) -> Any:
        """Return the value of the one document, or None of an empty text.

        Raises:
            YamlFaultError: reading cannot go on.
        """
        value = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlFaultError(f"{_line(event)}: a second document begins; expected one")
            elif not isinstance(
                event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)
            ):
                value = self._node(event, events, depth=0)
        return value

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise YamlFaultError(
                f"{_line(event)}: anchors (&) and aliases (*) are not allowed; write the value "
                "out, or put quotation marks around it"
            )
        if getattr(event, "tag", None) is not None:
            raise YamlFaultError(f"{_line(event)}: tags (!) are not allowed; write the plain value")
        if depth > MAX_DEPTH:
            raise YamlFaultError(f"{_line(event)}: more than {MAX_DEPTH} levels inside each other")
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(events, yaml.SequenceEndEvent, depth + 1))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, depth + 1)
        return self._scalar(event)

    def _items(
        self, events: Iterator[yaml.Event], end: type[yaml.Event], depth: int
    ) -> Iterator[Any]:
        while not isinstance(event := next(events), end):
            yield self._node(event, events, depth)

    def _mapping(self, events: Iterator[yaml.Event], depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines: dict[str, str] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event)
            earlier = lines.setdefault(key, _line(event))
            if key in values:
                self._fault(
                    f"{_line(event)}: the key {excerpt(key)} is on {earlier} already; "
                    "keep one of the two"
                )
            values[key] = self._node(next(events), events, depth)
        return values

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            if isinstance(event, yaml.AliasEvent):
                self._node(event, iter(()), depth=0)
            raise YamlFaultError(
                f"{_line(event)}: expected a text as a key, got a list or a mapping"
            )
        if event.anchor is not None or event.tag is not None:
            self._node(event, iter(()), depth=0)
        tag = self._tag(event)
        if event.implicit[0] and NUMBER_ELSEWHERE.fullmatch(event.value):
            tag = "float"
        if tag != _TEXT:
            kind = _KINDS.get(tag.rpartition(":")[2], "something else than a text")
            raise YamlFaultError(
                f"{_line(event)}: the key {event.value[:40] or 'that is empty'} is read as {kind}; "
                f'put quotation marks around it: "{event.value[:40]}"'
            )
        return self._visible(event)

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        tag = self._tag(event)
        if tag == _TEXT:
            return self._visible(event)
        try:
            value = self._constructor.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError, TypeError, yaml.YAMLError):
            value = None
            kind = "date" if tag.endswith("timestamp") else "number"
            self._fault(f"{_line(event)}: {excerpt(event.value, 40)} is no {kind} that exists")
        if isinstance(value, int) and abs(value) > _MAX_INTEGER:
            self._fault(f"{_line(event)}: {excerpt(event.value, 40)} is too large a number")
            return None
        return value

    def _visible(self, event: yaml.ScalarEvent) -> str:
        # A quoted scalar may spell as an escape what the text itself must not hold.
        if found := CONTROL.search(event.value):
            self._fault(f"{_line(event)}: the control character U+{ord(found.group()):04X}")
        return str(event.value)

    def _tag(self, event: yaml.ScalarEvent) -> str:
        return str(self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit))

    def _fault(self, fault: str) -> None:
        self.faults.append(fault)
        if len(self.faults) >= _MAX_FAULTS:
            raise YamlFaultError("and perhaps more: the rest was not read")


def _line(event: yaml.Event) -> str:
    return f"line {event.start_mark.line + 1}"
