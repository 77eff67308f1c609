"""The browser for the tests: find one, or install one (`make test` runs this file)."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

WHOLE = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
# The same engine without a window to draw: two thirds of the processor time for the same tests.
NAMES = "chromium-headless-shell", *WHOLE


def find(names=NAMES):
    """Path of a browser that starts: $UNROLLED_CHROMIUM, one of this machine, Playwright's own, or None."""
    named = os.environ.get("UNROLLED_CHROMIUM")
    if named:
        return named if starts(named) else None
    installed = filter(None, map(shutil.which, names))
    return next(filter(starts, installed), None) or next(filter(starts, playwrights_own()), None)


def starts(browser):
    """True when the browser says its version (Ubuntu's chromium-browser may be a note saying "use snap")."""
    try:
        answer = subprocess.run([browser, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


def playwrights_own():
    """The browser that `playwright install chromium` has put into its cache, if any."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = Path(playwright.chromium.executable_path)
    return [str(browser)] if browser.exists() else []


def on_debian():
    """True where apt-get has a Chromium of its own (Ubuntu's only asks snap for one)."""
    try:
        return platform.freedesktop_os_release()["ID"] == "debian" and shutil.which("apt-get") is not None
    except OSError:
        return False


def install():
    """Ask apt on Debian, Playwright's download, then apt elsewhere; True as soon as there is a browser that starts."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if os.getuid():
        apt = ["sudo", "-n", *apt]
    os.environ.setdefault("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT", "5000")  # milliseconds; it tries again and again
    get = [*apt, "install", "-y", "--no-install-recommends"]
    ways = {
        "Playwright's own download": [[sys.executable, "-m", "playwright", "install", "chromium"]],
        "apt-get": [[*apt, "update"], [*get, "chromium-headless-shell"], [*get, "chromium"]],
    }
    for name in sorted(ways, key=lambda name: (name == "apt-get") != on_debian()):
        print(f"No Chromium found: trying {name} ...", flush=True)
        for command in ways[name]:
            if shutil.which(command[0]):
                subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
            if find():  # whether a command succeeded is seen by whether there is a browser now
                return True
    return False


if __name__ == "__main__":
    named = os.environ.get("UNROLLED_CHROMIUM")
    if named and not find():
        sys.exit(f"UNROLLED_CHROMIUM names {named}, which does not start. Correct it, or unset it.")
    if not find() and not install():
        sys.exit(
            "The tests need Chromium, and it could not be installed from here. Install it yourself "
            "(Debian: sudo apt install chromium-headless-shell; Ubuntu, macOS: Google Chrome), or set "
            "UNROLLED_CHROMIUM to the path of a Chromium or Chrome, then run `make test` again."
        )
    print(f"Chromium: {find()}")
