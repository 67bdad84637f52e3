"""Passwords: hashing and verifying, strange stored strings, and the sentences of the policy."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sealdesk.crypto import passwords
from sealdesk.crypto.passwords import hash_password, needs_rehash, password_problems, verify_password

GOOD = "印章 zhang-2026"


@pytest.fixture(scope="module")
def stored() -> str:
    return hash_password(GOOD)


def test_the_right_password_alone_is_accepted(stored) -> None:
    assert verify_password(GOOD, stored)
    assert not verify_password(GOOD + " ", stored)
    assert not verify_password("", stored)


def test_hash_is_a_phc_string_with_todays_costs_and_its_own_salt(stored) -> None:
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password(GOOD) != stored
    assert not needs_rehash(stored)


def test_full_width_letters_of_an_input_method_are_the_same_password() -> None:
    assert verify_password("ａｂｃｄ－１２３x", hash_password("abcd-123x"))


def test_weaker_costs_verify_and_are_to_be_renewed() -> None:
    for iterations, lanes, memory in ((1, 4, 65536), (3, 4, 1024), (3, 1, 65536)):
        weak = Argon2id(salt=b"s" * 16, length=32, iterations=iterations, lanes=lanes, memory_cost=memory).derive_phc_encoded(GOOD.encode())
        assert verify_password(GOOD, weak) and needs_rehash(weak)


@pytest.mark.parametrize(
    "change",
    [
        ("", ""), ("$argon2id", "$argon2i"), ("v=19", "v=16"), ("m=65536", "m=4194304"), ("m=65536", "m=1"), ("m=65536", "m=99999999"),
        ("t=3", "t=999"), ("t=3", "t=0"), ("p=4", "p=255"), ("t=3", "t=-3"), ("m=65536,", ""),
    ],
)  # fmt: skip
def test_damaged_or_outlandish_stored_strings_are_false_and_cheap(stored, change) -> None:
    damaged = stored.replace(*change) if change[0] else "not a hash"
    assert damaged != stored
    assert not verify_password(GOOD, damaged)
    assert not verify_password(GOOD, damaged + "\n")


def test_truncated_hash_is_false(stored) -> None:
    assert not verify_password(GOOD, stored[:-1])
    assert not verify_password(GOOD, stored.rpartition("$")[0])
    assert needs_rehash("not a hash")


@pytest.mark.parametrize("password", [GOOD, "correct horse battery", "Tr0ub4dor", "我的印章密码很长的", "a1b2c3d4"])
def test_good_passwords_have_no_problems(password) -> None:
    assert password_problems(password, "zhangsan") == ()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "user.password.short"), ("a1b2c3d", "user.password.short"), ("x9" * 65, "user.password.long"),
        ("12345678", "user.password.simple"), ("98765432", "user.password.simple"), ("abcdefgh", "user.password.simple"),
        ("aaaaaaaa", "user.password.simple"), ("abababab", "user.password.simple"), ("PassWord", "user.password.simple"),
        ("１２３４５６７８", "user.password.simple"), ("my-ZhangSan-1", "user.password.name"), ("a1b2c3d4-王小明", "user.password.name"),
    ],
)  # fmt: skip
def test_poor_passwords_are_refused_with_a_sentence(password, code) -> None:
    problems = [problem for name in ("zhangsan", "王小明") for problem in password_problems(password, name, field="user.password")]
    assert code in {problem.code for problem in problems}
    assert all(str(problem) and problem.field == "user.password" for problem in problems)


def test_limits_stand_in_the_sentences() -> None:
    (short,) = password_problems("a1b2c3d")
    assert str(short) == f"The password needs at least {passwords.MIN_LENGTH} characters."
