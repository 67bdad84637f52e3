"""Everything a developer types: `python3 dev.py demo`, `python3 dev.py test`, and lint, bench and texts.

Needs nothing but Python 3.11 (`py dev.py …` on Windows). It makes `.venv`, installs `requirements.lock` with its hashes and, on Debian,
the system packages named below: by itself where it may, otherwise it prints the one line to copy. It is no part of the product.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "sealdesk-lock.txt"
LOCALE = ROOT / "resources" / "locale" / "zh_CN"
WINDOWS = sys.platform == "win32"
PYTHON = str(VENV / ("Scripts/python.exe" if WINDOWS else "bin/python"))

BUILD_PACKAGES = "python3-venv python3-dev gcc libpcsclite-dev ca-certificates".split()
"""What makes the virtual environment; gcc and libpcsclite-dev because pyscard comes as source."""

WINDOW_PACKAGES = (
    "libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libxkbcommon0 libbrotli1 libcups2"
    " libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0"
    " libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0"
    " fonts-lxgw-wenkai fonts-hanazono fonts-liberation"
).split()
"""Qt's libraries and the typefaces that no Python package carries."""

DEMO_PACKAGES = [*BUILD_PACKAGES, *WINDOW_PACKAGES, "openssl"]
TEST_PACKAGES = (
    "pcscd vsmartcard-vpcd softhsm2 xvfb xauth dbus gnome-keyring poppler-utils librsvg2-bin imagemagick git postgresql fonts-noto-core"
).split()
"""What the tests need besides: the real card service, key store, display, and independent readers of what sealdesk writes."""


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Run one verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="dev.py", description=(__doc__ or "").partition("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="demo|test|lint|bench|texts")
    verbs.add_parser(
        "demo", help="sealdesk with a platform, keys and chips of its own; by itself with --walk or without a screen", add_help=False
    )
    test = verbs.add_parser("test", help="lint, then all tests; other arguments go to pytest")
    test.add_argument("--quick", action="store_true", help="leave out the tests marked as long")
    verbs.add_parser("lint", help="ruff, mypy, the layers, the translations")
    verbs.add_parser("bench", help="the measurements; other arguments go to pytest")
    texts = verbs.add_parser("texts", help="the translations")
    texts.add_argument("action", choices=("check", "compile", "missing"))
    options, rest = parser.parse_known_args(arguments)
    if rest and options.verb in ("lint", "texts"):
        parser.error(f"unknown arguments: {' '.join(rest)}")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling everything at each start costs seconds
    try:
        prepare(DEMO_PACKAGES if options.verb == "demo" else [*DEMO_PACKAGES, *TEST_PACKAGES])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if options.verb == "demo":
        return demo(rest)
    if options.verb == "test":
        return run_tests(options.quick, rest)
    if options.verb == "lint":
        return 1 if lint() else 0
    if options.verb == "bench":
        return bench(rest)
    return run([PYTHON, "tools/texts.py", options.action])


# ---- the environment


def prepare(packages: list[str]) -> None:
    """Bring system packages, virtual environment and compiled texts up to date; quick when they are.

    Raises:
        SetupError: something is missing that cannot be installed from here.
    """
    install_packages(packages)
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    wanted = f"{lock}\n{VENV}\n"
    if not (Path(PYTHON).exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted):
        make_venv()
        say("installing the locked packages, which takes a minute or two")
        if run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK)]):
            raise SetupError("The packages of requirements.lock could not be installed; pip's own words stand above.")
        STAMP.write_text(wanted, encoding="utf-8")
    if texts_are_stale() and run([PYTHON, "tools/texts.py", "compile"]):
        raise SetupError("The translations could not be compiled.")


def install_packages(packages: list[str]) -> None:
    """Install what is missing of Debian's packages; on other systems they are the owner's business.

    Raises:
        SetupError: packages are missing and cannot be installed from here; holds the line to copy.
    """
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        return
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev} ${Package}\n", *packages]
    listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[-1] for line in listed.splitlines() if line.startswith("ii")}
    missing = [name for name in packages if name not in installed]
    if not missing:
        return
    prefix = privilege()
    if prefix is not None:
        say(f"installing {len(missing)} system packages: {' '.join(missing)}")
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        install = [*apt, "install", "-y", "-qq", "--no-install-recommends", *missing]
        if run([*apt, "update", "-qq"], quiet=True) == 0 and run(install, quiet=True) == 0:
            return
    line = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(missing)}"
    raise SetupError(f"System packages are missing. Please run this line, then the same command again:\n\n{line}\n")


def privilege() -> list[str] | None:
    """What to put before a command that needs root, or None where nobody may."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


def make_venv() -> None:
    """Make `.venv` with Python 3.11 unless a working one is there.

    Raises:
        SetupError: no Python 3.11, or it cannot make virtual environments.
    """
    if works(PYTHON):
        return
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if run([python311(), "-m", "venv", str(VENV)]) or not works(PYTHON):
        raise SetupError("The virtual environment .venv could not be made.")


def works(python: str) -> bool:
    """Whether this interpreter is the 3.11 of a virtual environment that stands where it was made, with pip."""
    if not Path(python).exists():
        return False
    question = "import sys, pip; print(sys.version_info[:2] == (3, 11) and sys.prefix)"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() not in ("", "False") and Path(answer.stdout.strip()) == VENV


def python311() -> str:
    """A Python 3.11: the one that runs this, or another on the search path.

    Raises:
        SetupError: there is none.
    """
    if sys.version_info[:2] == (3, 11):
        return sys.executable
    for command in (["python3.11"], ["py", "-3.11"]):
        if shutil.which(command[0]) is None:
            continue
        answer = subprocess.run([*command, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return answer.stdout.strip()
    raise SetupError(f"sealdesk needs Python 3.11; this is {sys.version.split()[0]}, and no python3.11 was found.")


def texts_are_stale() -> bool:
    """Whether a catalogue file is newer than the compiled one."""
    compiled = LOCALE / "sealdesk.mo"
    return not compiled.exists() or any(file.stat().st_mtime >= compiled.stat().st_mtime for file in LOCALE.glob("*.po"))


# ---- the verbs


def demo(arguments: list[str]) -> int:
    """Start the demonstration; without a screen it walks by itself."""
    screen = WINDOWS or sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    walk = [] if screen or "--walk" in arguments else ["--walk"]
    return run([PYTHON, "-m", "sealdesk", "demo", *walk, *arguments])


def bench(names: list[str]) -> int:
    """Run the benchmarks, or those whose file name holds one of `names`; each prints its own figures."""
    os.environ["PYTHONPATH"] = str(ROOT)
    files = [file for file in sorted((ROOT / "tests" / "bench").glob("bench_*.py")) if not names or any(n in file.name for n in names)]
    return max((run([PYTHON, str(file)]) for file in files), default=0)


def lint() -> list[str]:
    """Run every check that runs no program of ours; returns the names of those that failed."""
    parts: dict[str, list[str]] = {
        "ruff": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
        "mypy": [PYTHON, "-m", "mypy", "--no-error-summary"],
        "layers": [PYTHON, "-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"],
        "texts": [PYTHON, "tools/texts.py", "check"],
    }
    failed = []
    for name, command in parts.items():
        begun = time.monotonic()
        code = run(command, quiet=True)
        say(f"lint: {name} {'failed' if code else 'is clean'} ({time.monotonic() - begun:.1f} s)")
        if code:
            failed.append(name)
    return failed


def run_tests(quick: bool, arguments: list[str]) -> int:
    """Lint, then pytest on as many processes as there are cores; pytest's closing line comes last.

    The tests start what they need (display, message bus, key store, card service) themselves.
    """
    failed = lint()
    command = [PYTHON, "-m", "pytest", "-n", str(max(1, min(4, os.cpu_count() or 1))), "--dist", "loadgroup"]
    command += ["--color=yes"] if sys.stdout.isatty() else []
    command += ["-m", "not long"] if quick else []
    held = ""
    with subprocess.Popen(
        [*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(held, end="", flush=True)
            held = line
    if failed:
        say(f"lint failed: {', '.join(failed)} (see above)")
    print(held, end="", flush=True)
    return process.returncode or (1 if failed else 0)


def run(words: list[str], quiet: bool = False) -> int:
    """Run a command in the repository's root; quiet ones speak only when they fail."""
    if not quiet:
        return subprocess.run(words, cwd=ROOT, check=False).returncode
    done = subprocess.run(words, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        print(done.stdout, end="", flush=True)
    return done.returncode


def say(text: str) -> None:
    """Tell what is being done, at once even into a pipe."""
    print(f"dev: {text}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
