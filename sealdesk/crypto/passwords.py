"""Passwords of operators: Argon2id hashes as PHC strings, and what a password must be; who may sign in is decided elsewhere."""

from __future__ import annotations

import itertools
import os
import re
import unicodedata

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_

MEMORY_KIB = 64 * 1024
ITERATIONS = 3
LANES = 4
"""RFC 9106, section 4, second recommended option; about 0.2 s on an office computer."""

MIN_LENGTH = 8
MAX_LENGTH = 128
"""Characters of a password."""

_SALT_LENGTH = 16
_HASH_LENGTH = 32
_PHC = re.compile(r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}")
_MAX_MEMORY_KIB = 256 * 1024
_MAX_ITERATIONS = 64
_MAX_LANES = 64

_COMMON = frozenset(
    [
        "12345678", "123456789", "1234567890", "0123456789", "87654321", "88888888", "66666666", "11223344", "12341234",
        "abcd1234", "a1234567", "1234abcd", "1qaz2wsx", "qwertyui", "qwer1234", "asdfghjk", "password", "passw0rd", "password1",
        "admin123", "admin888", "iloveyou", "woaini1314", "5201314a", "147258369", "123123123", "123456abc"
    ]
)  # fmt: skip
"""The ones that are tried first."""


class PasswordTooShortError(UserError):
    """Fewer characters than `MIN_LENGTH`."""

    code = "user.password.short"
    sentence = N_("The password needs at least {minimum} characters.")


class PasswordTooLongError(UserError):
    """More characters than `MAX_LENGTH`."""

    code = "user.password.long"
    sentence = N_("The password may have at most {maximum} characters.")


class PasswordTooSimpleError(UserError):
    """One of the passwords that are tried first: a run, a repetition, a known favourite."""

    code = "user.password.simple"
    sentence = N_("This password is too easy to guess. Use letters and digits that do not form a row.")


class PasswordHoldsNameError(UserError):
    """The user name is in the password."""

    code = "user.password.name"
    sentence = N_("The password must not contain the user name.")


def password_problems(password: str, user_name: str = "", field: str = "password") -> tuple[UserError, ...]:
    """What speaks against `password`; empty when it is good enough."""
    text = _normal(password)
    folded = text.casefold()
    problems: list[UserError] = []
    if len(text) < MIN_LENGTH:
        problems.append(PasswordTooShortError(field=field, minimum=MIN_LENGTH))
    if len(text) > MAX_LENGTH:
        problems.append(PasswordTooLongError(field=field, maximum=MAX_LENGTH))
    if text and (folded in _COMMON or len(set(folded)) < 4 or _is_run(folded)):
        problems.append(PasswordTooSimpleError(field=field))
    if user_name and _normal(user_name).casefold() in folded:
        problems.append(PasswordHoldsNameError(field=field))
    return tuple(problems)


def hash_password(password: str) -> str:
    """The PHC string to store for `password`; every call gives another one. Takes `MEMORY_KIB` for a moment."""
    kdf = Argon2id(salt=os.urandom(_SALT_LENGTH), length=_HASH_LENGTH, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return kdf.derive_phc_encoded(_normal(password).encode("utf-8"))


def verify_password(password: str, stored: str) -> bool:
    """Whether `password` is the one that `stored` was made of; False as well for a damaged or outlandish `stored`."""
    costs = _costs(stored)
    if costs is None:
        return False
    try:
        Argon2id.verify_phc_encoded(_normal(password).encode("utf-8"), stored)
    except (InvalidKey, ValueError):
        return False
    return True


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with weaker costs than today's: hash the password again at the next sign-in."""
    costs = _costs(stored)
    return costs is None or costs[0] < MEMORY_KIB or costs[1] < ITERATIONS or costs[2] != LANES


def _costs(stored: str) -> tuple[int, int, int] | None:
    """Memory in KiB, iterations and lanes of a PHC string; None when it is not one or would exhaust the machine."""
    match = _PHC.fullmatch(stored)
    if match is None:
        return None
    memory_kib, iterations, lanes = (int(text) for text in match.groups())
    if memory_kib > _MAX_MEMORY_KIB or iterations > _MAX_ITERATIONS or lanes > _MAX_LANES:
        return None
    return memory_kib, iterations, lanes


def _normal(text: str) -> str:
    """One spelling for what looks the same: full-width letters of an input method become ordinary ones (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text)


def _is_run(text: str) -> bool:
    """Whether each character follows the one before by the same step of one, up or down."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return steps in ({1}, {-1})
