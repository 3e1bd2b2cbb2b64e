"""What the processes of tests write goes with a passed test, and stays after a failed one."""

from __future__ import annotations

import shutil

import pytest

from tests.support.stack import folders
from tests.support.stack.folders import LogFolder


@pytest.fixture(autouse=True)
def _failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of these tests alone."""
    monkeypatch.setattr(folders, "failed_tests", ["tests/e2e/test_before.py::test_it"])


def test_the_folder_of_passed_tests_is_removed() -> None:
    logs = LogFolder("vinculo-test-")
    (logs.path / "people.log").write_text("ready")
    logs.close()
    assert not logs.path.exists()


def test_the_folder_stays_after_a_failed_test_and_its_path_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    logs = LogFolder("vinculo-test-")
    folders.failed_tests.append("tests/e2e/test_now.py::test_it")
    logs.close()
    assert logs.path.exists()
    assert str(logs.path) in capsys.readouterr().out
    shutil.rmtree(logs.path)


def test_the_folder_stays_when_the_system_did_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    logs = LogFolder("vinculo-test-")
    try:
        raise RuntimeError("people is not ready")
    except RuntimeError:
        logs.close()
    assert logs.path.exists()
    assert str(logs.path) in capsys.readouterr().out
    shutil.rmtree(logs.path)
