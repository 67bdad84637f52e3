"""Uploads of attachments: announced, sent in chunks at an offset, complete when all bytes are there and the hash is right.

`PUT /v1/uploads/{sha256}` announces (length), `PATCH` with `Upload-Offset` appends, `HEAD`-like `GET` tells the committed offset.
"""

from __future__ import annotations

from pydantic import Field

from sealdesk.wire.message import Message, Name

CHUNK_BYTES = 256 * 1024


class AnnounceUpload(Message):
    """Body of `PUT /v1/uploads/{sha256}`."""

    size: int = Field(gt=0, le=20_000_000)
    media_type: Name


class UploadState(Message):
    """Answer of every upload call: how many bytes are committed."""

    offset: int = Field(ge=0)
    complete: bool
