"""SM2 against the standard's sample, gmalg and openssl, in both directions; and everything it refuses."""

from __future__ import annotations

import pickle

import gmalg
import gmssl_pyx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sealdesk.crypto import sm2

# GB/T 32918.5-2017, annex A.2
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
X = bytes.fromhex("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020")
Y = bytes.fromhex("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")
E = bytes.fromhex("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640")
RAW = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)

scalars = st.integers(1, sm2.N - 1)
KEY = sm2.PrivateKey.from_bytes(SECRET)


def test_the_standards_sample_key_digest_and_signature_agree() -> None:
    assert KEY.public == sm2.PublicKey(X, Y)
    assert sm2.digest_for(KEY.public, b"message digest") == E
    assert sm2.verify_digest(KEY.public, E, RAW)
    assert sm2.verify(KEY.public, b"message digest", sm2.der_from_raw(RAW))


def test_public_key_from_secret_equals_gmssls_own_pairs() -> None:
    for _ in range(20):
        point, secret = gmssl_pyx.sm2_key_generate()
        assert sm2.PrivateKey.from_bytes(secret).public.point == b"\x04" + point


@pytest.mark.parametrize("secret", [1, 2, 3, sm2.N - 2])
def test_public_key_of_extreme_secrets_equals_gmalgs(secret: int) -> None:
    data = secret.to_bytes(32, "big")
    assert sm2.PrivateKey.from_bytes(data).public.point == b"\x04" + gmalg.SM2(data).generate_pk(data)[-64:]


def test_gmalg_accepts_our_signature_and_we_accept_gmalgs() -> None:
    key = sm2.PrivateKey.generate()
    other = gmalg.SM2(key.to_bytes(), sm2.DEFAULT_ID, key.public.point)
    raw = sm2.raw_from_der(key.sign(b"permit"))
    assert other.verify(b"permit", raw[:32], raw[32:])
    r, s = other.sign(b"permit")
    assert sm2.verify(key.public, b"permit", sm2.der_from_raw(r.rjust(32, b"\0") + s.rjust(32, b"\0")))


def test_openssl_accepts_our_signature_of_a_message(openssl) -> None:
    pem = KEY.public.pem().encode()
    signature = KEY.sign(b"permit")
    ident = ("-sigopt", "distid:1234567812345678")
    assert openssl("dgst", "-sm3", "-verify", pem, *ident, "-signature", signature, b"permit").returncode == 0
    assert openssl("dgst", "-sm3", "-verify", pem, *ident, "-signature", signature, b"another").returncode != 0


def test_openssl_accepts_our_signature_of_a_digest(openssl) -> None:
    pem = KEY.public.pem().encode()
    signature = sm2.der_from_raw(KEY.sign_digest(E))
    assert openssl("pkeyutl", "-verify", "-pubin", "-inkey", pem, "-in", E, "-sigfile", signature).returncode == 0


def test_we_accept_openssls_key_and_signature(openssl, tmp_path) -> None:
    assert openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key").returncode == 0
    assert openssl("pkey", "-in", "key", "-pubout", "-outform", "DER", "-out", "public").returncode == 0
    signed = openssl("dgst", "-sm3", "-sign", "key", "-sigopt", "distid:somebody", "-out", "signature", b"permit")
    assert signed.returncode == 0
    public = sm2.PublicKey.from_spki((tmp_path / "public").read_bytes())
    signature = (tmp_path / "signature").read_bytes()
    assert sm2.verify(public, b"permit", signature, b"somebody")
    assert not sm2.verify(public, b"permit", signature)


def test_a_signature_holds_for_its_message_key_and_identifier_only() -> None:
    signature = KEY.sign(b"permit", b"police")
    assert sm2.verify(KEY.public, b"permit", signature, b"police")
    assert not sm2.verify(KEY.public, b"permit", signature)
    assert not sm2.verify(KEY.public, b"permits", signature, b"police")
    assert not sm2.verify(sm2.PrivateKey.generate().public, b"permit", signature, b"police")


def test_verify_is_false_for_what_is_no_signature() -> None:
    assert not sm2.verify(KEY.public, b"m", b"")
    assert not sm2.verify(KEY.public, b"m", b"\x30\x00")
    assert not sm2.verify_digest(KEY.public, E, RAW[:63])
    assert not sm2.verify_digest(KEY.public, E, bytes(64))


def test_keys_pass_through_points_and_spki() -> None:
    assert sm2.PublicKey.from_point(KEY.public.point) == KEY.public
    assert sm2.PublicKey.from_spki(KEY.public.spki_der()) == KEY.public
    assert sm2.PrivateKey.from_bytes(KEY.to_bytes()).public == KEY.public


@pytest.mark.parametrize(
    "point",
    [b"", X + Y, b"\x02" + X, b"\x06" + X + Y, b"\x04" + X + X, b"\x04" + bytes(64), b"\x04" + X + Y + b"\0", b"\x04" + b"\xff" * 64],
)
def test_points_off_the_curve_or_in_another_form_are_refused(point: bytes) -> None:
    with pytest.raises(sm2.KeyFormatError):
        sm2.PublicKey.from_point(point)


def test_a_coordinate_beyond_the_field_is_refused_although_it_fits_the_equation() -> None:
    for x in range(100):
        square = (x**3 + sm2.A * x + sm2.B) % sm2.P
        y = pow(square, (sm2.P + 1) // 4, sm2.P)
        if y * y % sm2.P == square:
            break
    assert sm2.PublicKey(x.to_bytes(32, "big"), y.to_bytes(32, "big"))
    with pytest.raises(sm2.KeyFormatError):
        sm2.PublicKey((x + sm2.P).to_bytes(32, "big"), y.to_bytes(32, "big"))


def test_coordinates_of_a_wrong_length_are_refused() -> None:
    with pytest.raises(sm2.KeyFormatError):
        sm2.PublicKey(X[1:], Y)


def test_a_key_of_another_curve_or_kind_is_refused(openssl, tmp_path) -> None:
    for number, options in enumerate((("EC", "ec_paramgen_curve:P-256"), ("RSA", "rsa_keygen_bits:2048"))):
        assert openssl("genpkey", "-algorithm", options[0], "-pkeyopt", options[1], "-out", f"key{number}").returncode == 0
        assert openssl("pkey", "-in", f"key{number}", "-pubout", "-outform", "DER", "-out", f"public{number}").returncode == 0
        with pytest.raises(sm2.KeyFormatError):
            sm2.PublicKey.from_spki((tmp_path / f"public{number}").read_bytes())


@given(st.binary(max_size=100))
def test_garbage_is_not_a_public_key(data: bytes) -> None:
    with pytest.raises(sm2.KeyFormatError):
        sm2.PublicKey.from_spki(data)


@pytest.mark.parametrize("secret", [b"", bytes(32), bytes(31), (sm2.N - 1).to_bytes(32, "big"), sm2.N.to_bytes(32, "big"), b"\xff" * 32])
def test_secrets_out_of_range_are_refused(secret: bytes) -> None:
    with pytest.raises(sm2.KeyFormatError):
        sm2.PrivateKey.from_bytes(secret)


def test_a_private_key_hides_its_secret() -> None:
    for text in (repr(KEY), str(KEY), f"{KEY}"):
        assert SECRET.hex() not in text.lower() and repr(SECRET) not in text
    with pytest.raises(TypeError):
        pickle.dumps(KEY)


def test_digests_of_a_wrong_length_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KEY.sign_digest(b"\1" * 31)
    with pytest.raises(ValueError, match="32 bytes"):
        sm2.verify_digest(KEY.public, b"\1" * 33, RAW)
    with pytest.raises(ValueError, match="8191"):
        sm2.digest_for(KEY.public, b"", b"x" * 8192)


@given(scalars, scalars)
def test_der_codec_returns_what_went_in(r: int, s: int) -> None:
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert sm2.raw_from_der(sm2.der_from_raw(raw)) == raw


@given(scalars, scalars, st.integers(0, 71), st.integers(1, 255))
def test_der_codec_has_one_encoding_for_a_signature(r: int, s: int, place: int, flip: int) -> None:
    der = bytearray(sm2.der_from_raw(r.to_bytes(32, "big") + s.to_bytes(32, "big")))
    original = sm2.raw_from_der(bytes(der))
    der[place % len(der)] ^= flip
    try:
        changed = sm2.raw_from_der(bytes(der))
    except sm2.SignatureFormatError:
        return
    assert changed != original and sm2.der_from_raw(changed) == bytes(der)


@settings(max_examples=300)
@given(st.binary(max_size=80))
def test_der_codec_refuses_garbage_with_its_own_error(data: bytes) -> None:
    try:
        raw = sm2.raw_from_der(data)
    except sm2.SignatureFormatError:
        return
    assume(sm2.der_from_raw(raw) != data)
    raise AssertionError("accepted another encoding")


N_HEX = f"{sm2.N:064x}"


@pytest.mark.parametrize(
    "der",
    [
        "", "30", "3000", "3003020101", "30060201010201", "3006020101020100", "3006020100020101", "3006020101020181",
        "300602010102010100", "3007020200010201ff", "30070202000102010101", "3009020101020101020101", "308106020101020101",
        "3106020101020101", "3006030101020101", "30040200020101", "3005020101", "30800201010201010000",
        "3026" + "020101" + "022100" + N_HEX, "3026" + "022100" + N_HEX + "020101",
    ],
)  # fmt: skip
def test_der_codec_refuses(der: str) -> None:
    with pytest.raises(sm2.SignatureFormatError):
        sm2.raw_from_der(bytes.fromhex(der))


@pytest.mark.parametrize("raw", [b"", bytes(64), RAW + b"\0", RAW[:32] + sm2.N.to_bytes(32, "big"), bytes(32) + RAW[32:]])
def test_raw_signatures_out_of_range_are_refused(raw: bytes) -> None:
    with pytest.raises(sm2.SignatureFormatError):
        sm2.der_from_raw(raw)
