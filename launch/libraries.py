"""The environment in `.venv`: made once, filled by pip, and left alone while its stamps match."""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterable, List, Tuple

from launch.sentences import Stop, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NEEDED = (3, 11)
UNFINISHED = "unfinished"

NETWORK_WORDS = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo|nodename nor servname|"
    r"Failed to establish a new connection|Network is unreachable|No route to host|Connection refused|"
    r"Connection reset|ConnectTimeout|ReadTimeout|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|"
    r"Connection aborted|RemoteDisconnected|MaxRetryError"
)
# How pip names a library that it looks at: by its name, or by the file it has of it.
LIBRARY = re.compile(
    r"(?:Collecting|Requirement already satisfied:|Processing) (?:\S*/)?(\w[\w.\-]*?)(?=-\d|[^\w.\-]|$)"
)
DISK_WORDS = re.compile(r"No space left on device|Errno 28|not enough space on the disk")


def check_python(version: Tuple[int, ...]) -> None:
    """Stop when `version` (major, minor, …) is older than the app needs."""
    if tuple(version[:2]) < NEEDED:
        raise Stop("python_too_old", needed="%d.%d" % NEEDED, found="%d.%d" % tuple(version[:2]))


def check_venv_module() -> None:
    """Stop when this Python cannot make environments: Debian ships `venv` without its `ensurepip`."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Stop("no_venv", command="sudo apt install python%d.%d-venv" % sys.version_info[:2])


def check_writable(folder: Path) -> None:
    """Stop when no file can be made in `folder`."""
    try:
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError:
        raise Stop("read_only", folder=folder) from None


def venv_python() -> Path:
    """The environment's own interpreter."""
    return VENV / "Scripts" / "python.exe" if sys.platform == "win32" else VENV / "bin" / "python"


def stamp_path(requirements: Path) -> Path:
    """Where the stamp of one requirements file lies."""
    return VENV / (requirements.stem + ".stamp")


def digest(requirements: Path) -> str:
    """What a stamp holds: one hash over the file's text and this Python's version."""
    text = requirements.read_text(encoding="utf-8") + "%d.%d" % sys.version_info[:2]
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def stamp(requirements: Path) -> str:
    """The current stamp; empty when there is none."""
    try:
        return stamp_path(requirements).read_text(encoding="utf-8")
    except OSError:
        return ""


def is_installed(requirements: Path) -> bool:
    """Whether the environment holds exactly what `requirements` lists. Touches no network."""
    return venv_python().exists() and stamp(requirements) == digest(requirements)


def made_by_this_python() -> bool:
    """Whether `.venv` has an interpreter with pip, of the version that runs now."""
    try:
        config = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    version = re.search(r"^version\w*\s*=\s*(\d+)\.(\d+)", config, re.MULTILINE)
    if not version or tuple(map(int, version.groups())) != sys.version_info[:2] or not venv_python().exists():
        return False
    return subprocess.call([str(venv_python()), "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0


def make_venv() -> None:
    """Make `.venv` anew, replacing an earlier one."""
    check_venv_module()
    say("making_venv")
    process = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    if process.returncode:
        raise Stop("venv_failed", detail="\n    ".join(process.stdout.strip().splitlines()[-5:]))


def install(requirements: Path) -> None:
    """Bring the environment to what `requirements` pins; does nothing when its stamp says so already.

    An install that was cut short leaves the stamp "unfinished", and the next start begins afresh: pip takes a
    half-written library for an installed one. Without a network pip has not begun to write, so nothing is lost.
    """
    if is_installed(requirements):
        return
    check_writable(ROOT)
    before = stamp(requirements)
    if before == UNFINISHED:
        say("again")
    if before == UNFINISHED or not made_by_this_python():
        make_venv()
        before = ""
    stamp_path(requirements).write_text(UNFINISHED, encoding="utf-8")
    try:
        run_pip(requirements)
    except Stop as stop:
        if stop.key == "no_network":
            stamp_path(requirements).write_text(before, encoding="utf-8")
        raise
    stamp_path(requirements).write_text(digest(requirements), encoding="utf-8")


def run_pip(requirements: Path) -> None:
    """Install with pip and tell how far it is; stop with the reason when it fails."""
    pins = [line for line in requirements.read_text(encoding="utf-8").splitlines() if "==" in line]
    say("fetching", total=len(pins))
    command = [
        str(venv_python()),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
        "--retries",
        "2",
        "--only-binary",
        ":all:",
        "-r",
        str(requirements),
    ]
    pip = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors="replace"
    )
    try:
        lines = follow_pip(pip.stdout or (), len(pins))
        code = pip.wait()
    except KeyboardInterrupt:
        pip.wait()
        raise
    if code:
        raise pip_failure(lines)


def follow_pip(lines: Iterable[str], total: int) -> List[str]:
    """Report how many of `total` libraries pip has looked at, every tenth one; returns all its lines."""
    output = []
    done = 0
    for line in lines:
        output.append(line.rstrip())
        match = LIBRARY.match(line)
        if match:
            done += 1
            if done % 10 == 0:
                say("fetched", done=done, total=total, name=match.group(1))
        elif line.startswith("Installing collected packages"):
            say("unpacking")
    return output


def pip_failure(lines: List[str]) -> Stop:
    """Why pip failed, read from its output."""
    text = "\n".join(lines)
    if DISK_WORDS.search(text):
        return Stop("disk_full")
    if NETWORK_WORDS.search(text):
        return Stop("no_network")
    return Stop("install_failed", detail="\n".join("    " + line for line in lines[-6:]))
