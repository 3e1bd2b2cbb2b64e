"""No file of the project names the place where this machine gets its packages, or holds a private key."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "NPM_CONFIG_REGISTRY",
)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{20}")
# In every project's lock files and documents; naming it tells nothing of this machine.
EVERYBODYS = {"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"}


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def registry_hosts() -> set[str]:
    """Of pip's configuration and the environment; empty where nothing is set."""
    pip = shutil.which("pip", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    told = subprocess.run([pip, "config", "list"], capture_output=True, text=True, check=False).stdout if pip else ""
    texts = [told, *(os.environ.get(name, "") for name in VARIABLES)]
    urls = re.findall(r"https?://[^\s'\"]+", " ".join(texts))
    return {host for url in urls if (host := urlsplit(url).hostname)} - EVERYBODYS - {"localhost", "127.0.0.1"}


def test_no_tracked_file_names_a_package_registry() -> None:
    hosts = registry_hosts()
    named = [
        str(path.relative_to(ROOT)) for path in tracked() if any(host.encode() in path.read_bytes() for host in hosts)
    ]
    assert not named


def test_no_tracked_file_holds_a_private_key() -> None:
    assert not [str(path) for path in tracked() if PRIVATE_KEY.search(path.read_text(errors="replace"))]
