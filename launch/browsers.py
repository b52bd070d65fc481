"""A Chromium and Chinese characters for the browser tests: found where they usually are, else installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

from launch.libraries import venv_python
from launch.sentences import say

BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
    "brave",
)
BROWSER_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Brave Browser.app/Contents/MacOS/Brave Browser",
    ),
    "win32": (
        r"Google\Chrome\Application\chrome.exe",
        r"Chromium\Application\chrome.exe",
        r"Microsoft\Edge\Application\msedge.exe",
        r"BraveSoftware\Brave-Browser\Application\brave.exe",
    ),
}


def find_browser() -> str:
    """A Chromium of some make on this computer: `CHROMIUM`, by name, or in its usual place; empty when none is."""
    override = os.environ.get("CHROMIUM", "")
    if override and Path(override).exists():
        return override
    for name in BROWSER_NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    return next((str(place) for place in browser_places() if place.exists()), "")


def browser_places() -> List[Path]:
    """Where this system's installers put Chromium, Chrome, Edge and Brave."""
    places = BROWSER_PLACES.get(sys.platform, ())
    if sys.platform == "win32":
        roots = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return [Path(root) / place for place in places for root in roots if root]
    return [Path(place) for place in places]


def starts(browser: str) -> bool:
    """Whether `browser` runs at all (Ubuntu ships a `chromium-browser` that only names another package)."""
    if sys.platform == "win32":
        return True  # there, asking for the version opens a window
    return quietly([browser, "--version"], seconds=30)


def quietly(command: List[str], seconds: int = 1800, environ: Optional[Dict[str, str]] = None) -> bool:
    """Run `command` without its output; whether it ended well."""
    try:
        return (
            subprocess.call(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                env=environ,
            )
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def apt_install(*packages: str) -> bool:
    """Install Debian packages, when this is Debian's kind of system and ours to change."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quietly(["apt-get", "update"], environ=environ)
    return quietly(["apt-get", "install", "-y", "--no-install-recommends"] + list(packages), environ=environ)


def playwright_browser() -> str:
    """The Chromium that Playwright has downloaded for itself; empty when it has not."""
    process = subprocess.run(
        [
            str(venv_python()),
            "-c",
            "from playwright.sync_api import sync_playwright\n"
            "with sync_playwright() as p: print(p.chromium.executable_path)",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        universal_newlines=True,
        check=False,
    )
    path = process.stdout.strip()
    return path if path and Path(path).exists() else ""


def provide_browser() -> str:
    """A Chromium for the browser tests, installed when there is none; empty, with a message, when none can be installed."""
    browser = find_browser() or playwright_browser()
    if browser:
        return browser
    say("getting_browser")
    if apt_install("chromium", "fonts-noto-cjk") and find_browser():
        return find_browser()
    quietly([str(venv_python()), "-m", "playwright", "install", "chromium"])
    browser = playwright_browser()
    if not browser:
        say("no_browser")
    return browser


def provide_fonts() -> None:
    """Install Chinese fonts for screenshots, on a system without any where we may install packages."""
    if not shutil.which("fc-list"):
        return
    fonts = subprocess.run(
        ["fc-list", ":lang=zh"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    if not fonts.stdout.strip() and not apt_install("fonts-noto-cjk"):
        say("no_fonts")
