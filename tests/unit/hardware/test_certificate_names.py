"""The name on the device strip comes from the certificate, and a certificate that cannot be read gives none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sealdesk.hardware.certificate_names import common_name


def certificate(*attributes):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_the_owner_is_the_common_name():
    assert common_name(certificate((NameOID.COMMON_NAME, "张三"), (NameOID.COUNTRY_NAME, "CN"))) == "张三"


@pytest.mark.parametrize("der", [None, b"", b"0", b"0\x82\x05\xdc" + bytes(1500), certificate((NameOID.COUNTRY_NAME, "CN"))])
def test_without_a_name_the_owner_is_empty(der):
    assert common_name(der) == ""
