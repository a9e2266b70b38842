"""Tag, length, value: how ICAO Doc 9303 part 10 wraps what a chip holds."""

from __future__ import annotations

from collections.abc import Iterator


def wrap(tag: int, value: bytes) -> bytes:
    """The value under its tag, with the length in the shortest form (DER)."""
    tag_bytes = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    size = len(value)
    if size < 0x80:
        return tag_bytes + bytes([size]) + value
    size_bytes = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag_bytes + bytes([0x80 | len(size_bytes)]) + size_bytes + value


def unwrap(packed: bytes, tag: int) -> bytes:
    """The value under `tag` at the start of `packed`. ValueError where another tag or length stands."""
    for found, value in items(packed):
        if found != tag:
            break
        return value
    raise ValueError(f"no tag {tag:X}")


def items(packed: bytes) -> Iterator[tuple[int, bytes]]:
    """Every tag with its value, one after the other. ValueError where the bytes end too early."""
    place = 0
    while place < len(packed):
        tag, place = _read_tag(packed, place)
        size, place = _read_size(packed, place)
        if place + size > len(packed):
            raise ValueError("the value is shorter than its length says")
        yield tag, packed[place : place + size]
        place += size


def _read_tag(packed: bytes, place: int) -> tuple[int, int]:
    end = place + 1
    if packed[place] & 0x1F == 0x1F:  # further bytes follow while their high bit is set
        while end < len(packed) and packed[end] & 0x80:
            end += 1
        end += 1
    return int.from_bytes(packed[place:end], "big"), end


def _read_size(packed: bytes, place: int) -> tuple[int, int]:
    if place >= len(packed):
        raise ValueError("a tag without a length")
    first = packed[place]
    if first < 0x80:
        return first, place + 1
    end = place + 1 + (first & 0x7F)
    return int.from_bytes(packed[place + 1 : end], "big"), end
