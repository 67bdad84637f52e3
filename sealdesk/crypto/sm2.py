"""SM2 signatures (GB/T 32918.2-2016, curve of 32918.5) and their two encodings; no encryption, no key exchange.

The curve arithmetic that touches a secret while signing, and every verification, is GmSSL's (C). Three conventions meet here:
cards take the digest e = SM3(Z‖M) and answer r‖s (64 bytes); records and certificates hold DER; GmSSL takes public keys as
x‖y without the leading 04.
"""

from __future__ import annotations

import base64
import secrets
import textwrap
from dataclasses import dataclass

import gmssl_pyx
from asn1crypto import core, keys

from sealdesk.core.errors import Fault
from sealdesk.core.i18n import N_
from sealdesk.crypto.digests import sm3

DEFAULT_ID = b"1234567812345678"
"""The signer's identifier where nothing else was agreed (GM/T 0009)."""

CURVE_OID = "1.2.156.10197.1.301"
SM2_WITH_SM3_OID = "1.2.156.10197.1.501"

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

keys.NamedCurve.register("sm2p256v1", CURVE_OID, 32)


class KeyFormatError(Fault):
    """The bytes are not an SM2 key: wrong length, off the curve, secret out of range."""

    code = "crypto.key.format"
    sentence = N_("This is not a valid SM2 key.")
    retry = False


class SignatureFormatError(Fault):
    """The bytes are not an SM2 signature: not DER, something behind it, r or s out of range."""

    code = "crypto.signature.format"
    sentence = N_("This is not a valid SM2 signature.")
    retry = False


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point of the SM2 curve; a value of this class is always on the curve.

    Attributes:
        x: 32 bytes, big-endian.
        y: 32 bytes, big-endian.

    Raises:
        KeyFormatError: the point is not on the curve.
    """

    x: bytes
    y: bytes

    def __post_init__(self) -> None:
        if len(self.x) != 32 or len(self.y) != 32:
            raise KeyFormatError
        x, y = int.from_bytes(self.x, "big"), int.from_bytes(self.y, "big")
        if x >= P or y >= P or (y * y - x * x * x - A * x - B) % P:
            raise KeyFormatError

    @classmethod
    def from_point(cls, point: bytes) -> PublicKey:
        """The key of an uncompressed point, 65 bytes 04‖x‖y.

        Raises:
            KeyFormatError: another form or length, or not on the curve.
        """
        if len(point) != 65 or point[0] != 4:
            raise KeyFormatError
        return cls(point[1:33], point[33:])

    @classmethod
    def from_spki(cls, der: bytes) -> PublicKey:
        """The key of a DER SubjectPublicKeyInfo.

        Raises:
            KeyFormatError: not a SubjectPublicKeyInfo of an SM2 key.
        """
        try:
            info = keys.PublicKeyInfo.load(der, strict=True)
            algorithm = info["algorithm"]
            is_sm2 = algorithm["algorithm"].native == "ec" and algorithm["parameters"].chosen.dotted == CURVE_OID
            point = bytes(info["public_key"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise KeyFormatError from error
        if not is_sm2:
            raise KeyFormatError
        return cls.from_point(point)

    @property
    def point(self) -> bytes:
        """The uncompressed point, 65 bytes 04‖x‖y."""
        return b"\x04" + self.x + self.y

    def spki(self) -> keys.PublicKeyInfo:
        """The key as an ASN.1 SubjectPublicKeyInfo."""
        algorithm = keys.PublicKeyAlgorithm(
            {"algorithm": "ec", "parameters": keys.ECDomainParameters(name="named", value=keys.NamedCurve(CURVE_OID))}
        )
        return keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.ECPointBitString(self.point)})

    def spki_der(self) -> bytes:
        """The key as DER SubjectPublicKeyInfo."""
        return bytes(self.spki().dump())

    def pem(self) -> str:
        """The key as PEM, "PUBLIC KEY"."""
        return pem_block("PUBLIC KEY", self.spki_der())


class PrivateKey:
    """A secret in this process's memory; for authorities of the reference platform, emulators and machines without keys.

    It is a `certificates.Signer`. Its representation hides the secret, and it cannot be pickled.
    """

    __slots__ = ("_public", "_secret")

    def __init__(self, secret: bytes, public: PublicKey) -> None:
        self._secret = secret
        self._public = public

    @classmethod
    def generate(cls) -> PrivateKey:
        """A fresh key."""
        point, secret = gmssl_pyx.sm2_key_generate()
        return cls(secret, PublicKey(point[:32], point[32:]))

    @classmethod
    def from_bytes(cls, secret: bytes) -> PrivateKey:
        """The key of a 32-byte big-endian secret.

        Raises:
            KeyFormatError: not 32 bytes, or not in 1..n-2.
        """
        if len(secret) != 32 or not 1 <= int.from_bytes(secret, "big") <= N - 2:
            raise KeyFormatError
        return cls(bytes(secret), _public_of(int.from_bytes(secret, "big")))

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self._public

    def to_bytes(self) -> bytes:
        """The secret, 32 bytes big-endian. Whoever calls this owns the secret."""
        return self._secret

    def sign_digest(self, e: bytes) -> bytes:
        """Sign a 32-byte digest e = SM3(Z‖M); returns r‖s, 64 bytes, as a card does."""
        return raw_from_der(gmssl_pyx.sm2_sign_sm3_digest(self._secret, _checked_digest(e)))

    def sign(self, message: bytes, ident: bytes = DEFAULT_ID) -> bytes:
        """Sign `message`; returns DER."""
        return der_from_raw(self.sign_digest(digest_for(self._public, message, ident)))

    def __repr__(self) -> str:
        return f"PrivateKey(public={self._public.point.hex()[:18]}…)"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not pickled")


def digest_for(public: PublicKey, message: bytes, ident: bytes = DEFAULT_ID) -> bytes:
    """The digest e = SM3(Z‖M) that is signed for `message` (GB/T 32918.2, 5.5 and 6.1), 32 bytes.

    Raises:
        ValueError: the identifier is longer than 8191 bytes.
    """
    if len(ident) > 8191:  # its length in bits is two bytes
        raise ValueError("an SM2 identifier is at most 8191 bytes long")
    curve = b"".join(number.to_bytes(32, "big") for number in (A, B, GX, GY))
    z = sm3((8 * len(ident)).to_bytes(2, "big") + ident + curve + public.x + public.y)
    return sm3(z + message)


def verify(public: PublicKey, message: bytes, signature_der: bytes, ident: bytes = DEFAULT_ID) -> bool:
    """Whether `signature_der` is a signature of `message` by `public`; malformed signatures are False."""
    try:
        raw = raw_from_der(signature_der)
    except SignatureFormatError:
        return False
    return verify_digest(public, digest_for(public, message, ident), raw)


def verify_digest(public: PublicKey, e: bytes, raw: bytes) -> bool:
    """Whether `raw` (r‖s, 64 bytes) is a signature of the digest `e` by `public`; malformed signatures are False."""
    try:
        der = der_from_raw(raw)
    except SignatureFormatError:
        return False
    try:
        return bool(gmssl_pyx.sm2_verify_sm3_digest(public.x + public.y, _checked_digest(e), der))
    except gmssl_pyx.GmsslInnerError:
        return False


def der_from_raw(raw: bytes) -> bytes:
    """DER SEQUENCE{INTEGER r, INTEGER s} (GM/T 0009) of r‖s.

    Raises:
        SignatureFormatError: not 64 bytes, or r or s not in 1..n-1.
    """
    if len(raw) != 64:
        raise SignatureFormatError
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if not (1 <= r < N and 1 <= s < N):
        raise SignatureFormatError
    body = bytes(core.Integer(r).dump() + core.Integer(s).dump())
    return bytes((0x30, len(body))) + body


def raw_from_der(der: bytes) -> bytes:
    """r‖s, 64 bytes, of a DER signature.

    Raises:
        SignatureFormatError: not the one DER encoding of two numbers in 1..n-1, or something behind it.
    """
    numbers = []
    rest = _value(der, 0x30)
    while rest:
        length = 2 + rest[1] if len(rest) > 1 else 0
        content = _value(rest[:length], 0x02)
        number = int.from_bytes(content, "big", signed=True)
        if not 1 <= number < N:
            raise SignatureFormatError
        numbers.append(number.to_bytes(32, "big"))
        rest = rest[length:]
    raw = b"".join(numbers)
    # DER has one encoding for a value: what does not come out the same was BER, for example a padded integer
    if der_from_raw(raw) != der:
        raise SignatureFormatError
    return raw


def pem_block(label: str, der: bytes) -> str:
    """`der` as a PEM block named `label`, with a line end behind it."""
    lines = textwrap.wrap(base64.b64encode(der).decode("ascii"), 64)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _value(tlv: bytes, tag: int) -> bytes:
    """The content of one DER element with a short length that fills `tlv` exactly."""
    if len(tlv) < 2 or tlv[0] != tag or tlv[1] > 127 or len(tlv) != 2 + tlv[1]:
        raise SignatureFormatError
    return tlv[2:]


def _checked_digest(e: bytes) -> bytes:
    if len(e) != 32:
        raise ValueError("an SM2 digest is 32 bytes long")
    return e


def _public_of(secret: int) -> PublicKey:
    """The public key of `secret`.

    GmSSL's binding has no call for it. Jacobian coordinates, a blinded scalar (secret + k·n) and the same operations for each bit keep what
    timing tells small; it runs once per loaded key (8 ms). The tests compare it with GmSSL's own pairs.
    """
    blinded = secret + N * (secrets.randbits(64) | 1 << 64)
    low, high = _INFINITY, (GX, GY, 1)  # Montgomery ladder: high = low + G throughout
    for bit in range(blinded.bit_length() - 1, -1, -1):
        total = _add(low, high)
        if blinded >> bit & 1:
            low, high = total, _add(high, high)
        else:
            low, high = _add(low, low), total
    x, y, z = low
    inverse = pow(z, -1, P)
    return PublicKey((x * inverse**2 % P).to_bytes(32, "big"), (y * inverse**3 % P).to_bytes(32, "big"))


_Jacobian = tuple[int, int, int]
_INFINITY: _Jacobian = (1, 1, 0)


def _add(first: _Jacobian, second: _Jacobian) -> _Jacobian:
    """The sum of two points in Jacobian coordinates (x/z², y/z³); z = 0 is infinity."""
    x1, y1, z1 = first
    x2, y2, z2 = second
    if z1 == 0:
        return second
    if z2 == 0:
        return first
    u1, u2 = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    s1, s2 = y1 * z2**3 % P, y2 * z1**3 % P
    if u1 == u2:
        if s1 != s2:
            return _INFINITY
        slope, width = (3 * x1 * x1 + A * z1**4) % P, 2 * y1 % P
        x3 = (slope * slope - 2 * x1 * width * width) % P
        return x3, (slope * (x1 * width * width - x3) - y1 * width**3) % P, z1 * width % P
    run, rise = (u2 - u1) % P, (s2 - s1) % P
    x3 = (rise * rise - run**3 - 2 * u1 * run * run) % P
    return x3, (rise * (u1 * run * run - x3) - s1 * run**3) % P, z1 * z2 * run % P
