"""Keys: in a real Secret Service, in a file under a passphrase, and what is said when they are not where they should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from sealdesk.core.errors import UserCancelled
from sealdesk.crypto import vault
from sealdesk.models import keystore as keys
from sealdesk.models.keystore import (
    DamagedKeyFileError,
    KeyLostError,
    KeyStore,
    KeyStoreLockedError,
    KeyStoreUnavailableError,
    PassphraseKeyStore,
    PassphraseRequest,
    SystemKeyStore,
)


def nobody(_request: PassphraseRequest) -> str:
    raise AssertionError("no passphrase should be asked for")


@pytest.fixture
def quick_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its cheapest; what it costs is not tested here."""
    monkeypatch.setattr(vault, "_COSTS", {"memory_kib": 64, "iterations": 1, "lanes": 1})


@pytest.fixture
def no_system_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "system_backend", lambda: None)


class Failing(KeyringBackend):
    """A backend that fails in one way."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, error: Exception) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self._error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self._error


# ---- the system's key store


@pytest.fixture
def system(secret_service: str) -> SystemKeyStore:
    backend = keys.system_backend()
    assert backend is not None
    return SystemKeyStore(os.urandom(4).hex(), backend)


def test_system_store_keeps_replaces_and_forgets(system: SystemKeyStore) -> None:
    assert system.get("database-key") is None
    system.put("database-key", bytes(range(32)))
    system.put("platform-token", b"\0\xff")
    assert system.get("database-key") == bytes(range(32))
    system.put("database-key", b"other")
    assert system.get("database-key") == b"other"
    system.remove("database-key")
    system.remove("database-key")
    assert system.get("database-key") is None
    assert system.get("platform-token") == b"\0\xff"


def test_two_installations_do_not_meet(system: SystemKeyStore) -> None:
    system.put("database-key", b"mine")
    backend = keys.system_backend()
    assert backend is not None
    assert SystemKeyStore("another", backend).get("database-key") is None


def test_only_the_pinned_backend_is_used(secret_service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor keyring's own choice can put another store in its place."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    backend = keys.system_backend()
    assert type(backend).__module__ == "keyring.backends.SecretService"


def test_no_service_means_no_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert keys.system_backend() is None


def test_keys_on_windows_stay_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import Windows

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Windows, "missing_deps", False, raising=False)

    class Credentials:
        CRED_PERSIST_LOCAL_MACHINE = 2
        CRED_PERSIST_ENTERPRISE = 3

    monkeypatch.setattr(Windows, "win32cred", Credentials, raising=False)
    monkeypatch.setattr(Windows.WinVaultKeyring, "priority", 5)
    backend = keys.system_backend()
    assert isinstance(backend, Windows.WinVaultKeyring)
    assert backend.persist == 2


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (keyring.errors.InitError("no collection"), KeyStoreUnavailableError),
        (keyring.errors.KeyringLocked("locked"), KeyStoreLockedError),
        (keyring.errors.PasswordSetError("full"), KeyStoreUnavailableError),
        (RuntimeError("bus gone"), KeyStoreUnavailableError),
        (OSError("socket"), KeyStoreUnavailableError),
        (type("LockedException", (Exception,), {})("item"), KeyStoreLockedError),
        (type("PromptDismissedException", (Exception,), {})("person"), KeyStoreLockedError),
    ],
)
def test_failures_of_the_backend_become_sentences(error: Exception, expected: type[Exception]) -> None:
    store = SystemKeyStore("x", Failing(error))
    with pytest.raises(expected):
        store.get("database-key")
    with pytest.raises(expected):
        store.put("database-key", b"k")


def test_store_that_swallows_secrets_is_unavailable() -> None:
    class Forgetful(Failing):
        def get_password(self, service: str, username: str) -> str | None:
            return None

        def set_password(self, service: str, username: str, password: str) -> None:
            pass

    with pytest.raises(KeyStoreUnavailableError):
        SystemKeyStore("x", Forgetful(RuntimeError())).put("database-key", b"k")


def test_altered_secret_is_damage() -> None:
    class Altered(Failing):
        def get_password(self, service: str, username: str) -> str | None:
            return "not base64!"

    with pytest.raises(DamagedKeyFileError):
        SystemKeyStore("x", Altered(RuntimeError())).get("database-key")


@pytest.mark.parametrize(("unlocked", "expected"), [(True, "storage.keystore.locked"), (False, "storage.keystore.unavailable")])
def test_real_service_that_is_locked_or_has_no_place(tmp_path: Path, unlocked: bool, expected: str) -> None:
    """A service of its own: locked after use, or never unlocked since nobody signed in to a desktop. No prompt can be shown here."""
    program = textwrap.dedent(
        """
        import subprocess, sys, time, secretstorage
        from sealdesk.models import keystore as keys
        unlock = ["--unlock"] if sys.argv[1] == "True" else []
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", *unlock, "--foreground", "--components=secrets"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        daemon.stdin.write(b"only for tests"); daemon.stdin.close()
        try:
            while (backend := keys.system_backend()) is None:
                assert daemon.poll() is None
                time.sleep(0.05)
            store = keys.SystemKeyStore("x", backend)
            if unlock:
                store.put("database-key", b"k")
                secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
            try:
                store.get("database-key")
            except keys.StorageError as error:
                print(error.code)
        finally:
            daemon.terminate()
        """
    )
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    around = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        ["dbus-run-session", sys.executable, "-c", program, str(unlocked)],
        env={**around, **home, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == expected, done.stderr


# ---- the key file


@pytest.mark.usefixtures("quick_vault")
def test_passphrase_store_keeps_secrets_and_shows_none(tmp_path: Path) -> None:
    asked: list[PassphraseRequest] = []

    def source(request: PassphraseRequest) -> str:
        asked.append(request)
        return "口令一二三"

    store = PassphraseKeyStore(tmp_path / "home", source)
    store.put("database-key", b"K" * 32)
    store.put("platform-token", b"T")
    again = PassphraseKeyStore(tmp_path / "home", source)
    assert again.get("database-key") == b"K" * 32
    again.remove("platform-token")
    again.remove("platform-token")
    assert PassphraseKeyStore(tmp_path / "home", source).get("platform-token") is None
    assert asked[0] == PassphraseRequest(is_new=True, attempt=1)
    assert asked[1] == PassphraseRequest(is_new=False, attempt=1)
    for file in (tmp_path / "home").iterdir():
        assert b"K" * 8 not in file.read_bytes()
        assert b"database-key" not in file.read_bytes()


@pytest.mark.usefixtures("quick_vault")
def test_wrong_passphrase_may_be_corrected_twice(tmp_path: Path) -> None:
    PassphraseKeyStore(tmp_path, lambda _request: "right").put("a", b"1")
    answers = iter(["wrong", "wrong", "right"])
    assert PassphraseKeyStore(tmp_path, lambda _request: next(answers)).get("a") == b"1"
    attempts: list[int] = []

    def wrong(request: PassphraseRequest) -> str:
        attempts.append(request.attempt)
        return "wrong"

    with pytest.raises(vault.WrongPassphraseError):
        PassphraseKeyStore(tmp_path, wrong)
    assert attempts == [1, 2, 3]


@pytest.mark.usefixtures("quick_vault")
def test_person_who_gives_up_leaves_no_installation(tmp_path: Path, no_system_store: None) -> None:
    def give_up(_request: PassphraseRequest) -> str:
        raise UserCancelled

    with pytest.raises(UserCancelled):
        keys.open_keystore(tmp_path, give_up)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("quick_vault")
def test_damaged_secrets_and_lost_key_file_have_their_sentences(tmp_path: Path) -> None:
    def source(_request: PassphraseRequest) -> str:
        return "p"

    PassphraseKeyStore(tmp_path, source).put("a", b"1")
    content = bytearray((tmp_path / keys.SECRETS_FILE).read_bytes())
    content[-1] ^= 1
    (tmp_path / keys.SECRETS_FILE).write_bytes(content)
    with pytest.raises(DamagedKeyFileError):
        PassphraseKeyStore(tmp_path, source).get("a")
    (tmp_path / keys.KEY_FILE).unlink()
    with pytest.raises(KeyLostError):
        PassphraseKeyStore(tmp_path, source)


# ---- which of the two


def test_system_store_is_taken_where_it_works(tmp_path: Path, secret_service: str) -> None:
    store = keys.open_keystore(tmp_path, nobody)
    store.put("database-key", b"k")
    assert isinstance(store, SystemKeyStore)
    assert keys.open_keystore(tmp_path, nobody).get("database-key") == b"k"
    assert keys.installation_id(tmp_path)


def test_key_store_that_is_down_for_once_is_not_replaced(tmp_path: Path, secret_service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.open_keystore(tmp_path, nobody)
    monkeypatch.setattr(keys, "system_backend", lambda: None)
    with pytest.raises(KeyStoreUnavailableError):
        keys.open_keystore(tmp_path, nobody)


@pytest.mark.usefixtures("quick_vault")
@pytest.mark.parametrize("backend", [None, Failing(keyring.errors.InitError("nobody signed in"))])
def test_passphrase_is_asked_for_where_there_is_no_system_store(
    tmp_path: Path, backend: KeyringBackend | None, monkeypatch: pytest.MonkeyPatch, secret_service: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(keys, "system_backend", lambda: backend)
        keys.open_keystore(tmp_path, lambda _request: "p").put("a", b"1")
    # The choice stays, also when a system store appears later.
    assert keys.open_keystore(tmp_path, lambda _request: "p").get("a") == b"1"


def test_locked_store_is_no_reason_for_a_second_set_of_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "system_backend", lambda: Failing(keyring.errors.KeyringLocked("no")))
    with pytest.raises(KeyStoreLockedError):
        keys.open_keystore(tmp_path, nobody)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": "x", "keys": "cloud"}', "\0"])
def test_damaged_installation_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / keys.INSTALLATION_FILE).write_text(content)
    with pytest.raises(DamagedKeyFileError, match=r"installation\.json"):
        keys.open_keystore(tmp_path, nobody)


# ---- the keys themselves


@pytest.fixture
def file_store(tmp_path: Path, quick_vault: None) -> KeyStore:
    return PassphraseKeyStore(tmp_path / "keys", lambda _request: "p")


def test_keys_are_made_once(file_store: KeyStore, tmp_path: Path) -> None:
    (first,) = keys.database_keys(file_store, tmp_path / "store.db")
    assert keys.database_keys(file_store, tmp_path / "store.db") == (first,)
    assert len(first) == 32
    attachments = keys.attachment_key(file_store, tmp_path / "attachments")
    assert keys.attachment_key(file_store, tmp_path / "attachments") == attachments != first


def test_store_without_its_key_has_its_own_sentence(file_store: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"something")
    with pytest.raises(KeyLostError) as caught:
        keys.database_keys(file_store, tmp_path / "store.db")
    assert "store.db" in str(caught.value)
    assert file_store.get(keys.DATABASE_KEY) is None
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "ab").mkdir()
    with pytest.raises(KeyLostError):
        keys.attachment_key(file_store, tmp_path / "attachments")


def test_both_keys_are_kept_during_a_change(file_store: KeyStore, tmp_path: Path) -> None:
    (first,) = keys.database_keys(file_store, tmp_path / "store.db")
    following = keys.begin_key_change(file_store)
    assert keys.database_keys(file_store, tmp_path / "store.db") == (first, following)
    keys.finish_key_change(file_store, following)
    assert keys.database_keys(file_store, tmp_path / "store.db") == (following,)


@pytest.fixture
def chinese() -> Callable[[str], str]:
    from sealdesk.core import i18n

    i18n.use_language("zh_CN")
    return i18n._


@pytest.mark.parametrize("error", [KeyStoreUnavailableError(), KeyStoreLockedError(), KeyLostError(file="store.db")])
def test_sentences_are_chinese(error: KeyLostError, chinese: Callable[[str], str]) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in str(error))
    assert any("\u4e00" <= character <= "\u9fff" for character in error.advise())


def test_installation_file_holds_no_secret(tmp_path: Path, secret_service: str) -> None:
    keys.database_keys(keys.open_keystore(tmp_path, nobody), tmp_path / "store.db")
    assert set(json.loads((tmp_path / keys.INSTALLATION_FILE).read_text())) == {"id", "keys"}
