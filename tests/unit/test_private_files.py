"""What the local run writes (mails, logs, settings) is read by its owner only, whatever the umask says."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.mailbox import Mails
from deploy.local.processes import end, private_folder, spawn
from deploy.local.run import lock
from deploy.local.supervision import Program, Supervisor
from tests.support.stack.ports import wait_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def shared(folder: Path) -> list[str]:
    """What others may read, of the folder and all in it."""
    found = [folder, *folder.rglob("*")]
    return [str(path) for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077 and not path.is_socket()]


def test_a_mail_is_read_by_its_owner_only(tmp_path: Path) -> None:
    mails = Mails(tmp_path / "mail")
    mails.keep("a@x.example", ["b@x.example"], b"Subject: segredo\r\n\r\ntexto\r\n")
    assert not shared(tmp_path / "mail")


def test_a_mail_is_in_its_file_and_waits_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []
    monkeypatch.setattr(os, "fsync", waited.append)
    mails = Mails(tmp_path / "mail")
    assert [mails.keep("a@x.example", ["b@x.example"], b"Subject: %d\r\n\r\n" % n) for n in (1, 2)] == [1, 2]
    assert [one["subject"] for one in Mails(tmp_path / "mail").listing()] == ["1", "2"]
    assert waited == []


def test_mails_of_an_earlier_version_are_closed_to_others_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "00000001.eml").write_text("Subject: segredo\n\ntexto\n")
    assert Mails(tmp_path / "mail").listing()[0]["subject"] == "segredo"
    assert not shared(tmp_path / "mail")


def test_a_log_is_read_by_its_owner_only_though_it_was_open_before(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "run")
    (folder / "old.log").write_text("antes\n")
    for name in ("old.log", "new.log"):
        end(spawn([sys.executable, "-c", "print('segredo')"], folder / name), 20)
    assert (folder / "old.log").read_text().startswith("antes\n")
    assert not shared(folder)


def test_the_run_s_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    os.close(lock(tmp_path / "run"))
    assert not shared(tmp_path / "run")


def test_logs_of_supervised_programs_and_what_they_write_are_closed_to_others(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "run")
    (folder / "logs").mkdir()
    (folder / "logs" / "x.log.1").write_text("antes\n")
    command = [sys.executable, "-c", f"print('segredo'); open({str(folder / 'written')!r}, 'w'); input()"]
    supervisor = Supervisor(folder, ROOT, {"group": [Program("x", command)]})
    supervisor.start(dict(os.environ))
    try:
        supervisor.start_group("group")
        wait_for((folder / "written").exists, what="the program has written")
        assert (folder / "logs" / "x.log").exists()
        assert not shared(folder)
    finally:
        supervisor.stop()
