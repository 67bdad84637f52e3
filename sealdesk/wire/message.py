"""What all messages share: strict, frozen, bounded; whatever is unknown is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Message(BaseModel):
    """Base of every message. Unknown fields are refused, values are never coerced from another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_max_length=400_000)


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""A UUID in lower case."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A 32-byte hash in hexadecimal."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=160)]
Text = Annotated[str, StringConstraints(max_length=400)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{0,19}$")]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=400_000)]
Record = Annotated[str, StringConstraints(min_length=2, max_length=400_000)]
"""A signed record as `crypto.records.SignedRecord.to_json()` writes it."""
