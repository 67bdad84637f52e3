"""The query information inside a signed record: the standard's fields by name, in and out."""

from __future__ import annotations

import json

import rfc8785

from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.query_information import QueryInformation, decode, encode
from sealdesk.wire.production import QueryContent


def values_of(information: QueryInformation) -> dict[str, str]:
    """The fields by the standard's names, as they are signed.

    Raises:
        UserError: a field breaks its rule; `field` names it.
    """
    return {str(name): str(value) for name, value in json.loads(encode(information)).items()}


def information_in(content: QueryContent) -> QueryInformation:
    """The query information of a record.

    Raises:
        UserError: it is not in order.
    """
    return decode(rfc8785.dumps(dict(content.values)))


def information_of_record(record: str) -> QueryInformation:
    """The query information that a signed record holds, as it was signed or as a chip gave it back; its signature is not judged here.

    Raises:
        RecordFormatError: it is no record. UserError: what it holds is not in order.
    """
    return information_in(QueryContent.model_validate_json(SignedRecord.from_json(record).content))
