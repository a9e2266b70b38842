"""Values that travel as JSON: frozen dataclasses written to plain values and read back strictly.

What comes from a station or a file is read against the dataclass's annotations; every fault is
named, none is guessed away.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from hoaban.base.errors import Refusal
from hoaban.base.words import _

T = TypeVar("T")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")  # controls and halves of letters


class BadRecord(Refusal):
    """The record isn't as agreed; `faults` names each place."""

    code = "base.bad_record"
    message = _("The record isn't as agreed: %(faults)s.")

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults="; ".join(faults))
        self.faults = faults


def plain(record: Any) -> dict[str, Any]:
    """The record as values that JSON knows."""
    return dataclasses.asdict(record)


def read(kind: type[T], values: object) -> T:
    """The record of that dataclass that the values describe. Raises BadRecord with every fault."""
    faults: list[str] = []
    found = _read(kind, values, "", faults)
    if faults:
        raise BadRecord(faults)
    return typing.cast("T", found)


def _read(kind: Any, value: object, where: str, faults: list[str]) -> Any:
    if dataclasses.is_dataclass(kind):
        return _read_fields(typing.cast("type", kind), value, where, faults)
    origin = typing.get_origin(kind)
    if origin is types.UnionType:  # only `X | None`
        return None if value is None else _read(typing.get_args(kind)[0], value, where, faults)
    if origin is tuple:
        return _read_items(typing.get_args(kind)[0], value, where, faults)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if isinstance(value, str) and value in set(kind):
            return kind(value)
    elif type(value) is kind and not (kind is str and _UNWRITABLE.search(str(value))):
        return value
    faults.append(f"{where or 'record'}: not {getattr(kind, '__name__', kind)}")
    return None


def _read_items(kind: Any, value: object, where: str, faults: list[str]) -> Any:
    if not isinstance(value, list | tuple):
        faults.append(f"{where}: not a list")
        return ()
    return tuple(_read(kind, item, f"{where}[{number}]", faults) for number, item in enumerate(value))


def _read_fields(kind: type, value: object, where: str, faults: list[str]) -> Any:
    if not isinstance(value, Mapping):
        faults.append(f"{where or 'record'}: not a record")
        return None
    hints = _hints(kind)
    given: dict[str, Any] = {}
    for field in dataclasses.fields(typing.cast("Any", kind)):
        place = f"{where}.{field.name}" if where else field.name
        if field.name in value:
            given[field.name] = _read(hints[field.name], value[field.name], place, faults)
        elif field.default is dataclasses.MISSING:
            faults.append(f"{place}: missing")
    return None if faults else kind(**given)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
