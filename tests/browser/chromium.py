"""Finds the Chromium that the browser tests drive; run as a program it installs one where none is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "The browser tests need Chromium: install it as `chromium` or `google-chrome`, then run this again."
PACKAGES = {"browser": "chromium", "font": "fonts-noto-cjk"}


class ChromiumMissingError(Exception):
    """There is no Chromium on this machine; the text says what to install."""


def chromium_path() -> str:
    """Path of a Chromium: on PATH, or Playwright's own; raises ChromiumMissingError."""
    found = _on_path() or _of_playwright()
    if not found:
        raise ChromiumMissingError(MISSING)
    return found


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.is_file() else None


def _has_cjk_font() -> bool:
    listing = shutil.which("fc-list")
    return bool(listing and subprocess.run([listing, ":lang=ja", "family"], capture_output=True, check=False).stdout)


def _root() -> list[str] | None:
    """What to put before a command that root must run; None where that cannot be done without a password."""
    if os.geteuid() == 0:
        return []
    may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if may and may.returncode == 0 else None


def _install_with_apt(packages: list[str]) -> bool:
    root = _root() if sys.platform == "linux" and shutil.which("apt-get") else None
    if root is None:
        return False
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
    commands = ([*apt, "update"], [*apt, "install", "--no-install-recommends", *packages])
    return all(subprocess.run(command, check=False).returncode == 0 for command in commands)


def _install_with_playwright() -> bool:
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0


def main() -> int:
    """Makes sure that Chromium is there, and a font for Japanese where apt-get can bring one."""
    wanted = [] if _has_cjk_font() else [PACKAGES["font"]]
    if _on_path() or _of_playwright():
        if wanted and not _install_with_apt(wanted):
            print("No font for Japanese was found; pictures of Japanese pages may show boxes.")
        return 0
    # On Ubuntu the package is an empty one that points to a snap, so look again before being content.
    if _install_with_apt([PACKAGES["browser"], *wanted]) and _on_path():
        return 0
    if _install_with_playwright() and _of_playwright():
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
