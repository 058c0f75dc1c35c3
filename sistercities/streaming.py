"""Long answers, sent while they are made."""

from collections.abc import Iterable, Iterator

BLOCK = 32_768
"""Bytes sent at once, at least."""


def in_blocks(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    """The parts, encoded and gathered into blocks that are worth sending."""
    block = bytearray()
    for part in parts:
        block += part.encode() if isinstance(part, str) else part
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
