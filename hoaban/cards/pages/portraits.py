"""A portrait inside the page itself, so that it has no address of its own."""

from __future__ import annotations

import base64


def inline(jpeg: bytes) -> str:
    """The address of a picture that holds the picture."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
