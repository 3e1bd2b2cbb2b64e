"""Installs a Debian package that the local run needs: says which one, and asks for root or sudo only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def can_install() -> bool:
    """Whether this is a Debian on which this person may install: as root, or by sudo."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    # without a terminal nobody could type sudo's password
    return bool(shutil.which("sudo")) and (sys.stdin.isatty() or _runs(["sudo", "-n", "true"]))


def install(*packages: str) -> bool:
    """True when apt installed them; its words go to the terminal."""
    print(f"Instalando pacotes do Debian: {' '.join(packages)}", flush=True)
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    # old package lists are better than none: its failure alone decides nothing
    _runs([*apt, "update"])
    return _runs([*apt, "install", "-y", "--no-install-recommends", *packages])


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, check=False).returncode == 0
