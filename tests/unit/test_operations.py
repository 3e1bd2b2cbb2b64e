"""The operator's command without an installation: its help, its words, where it looks for settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner

from deploy import keys
from deploy.operations import bus, installation
from deploy.operations.command import COMMANDS, vinculo
from deploy.operations.looking import Queue, ServiceSeen
from deploy.operations.reasons import DEFECT, REASONS, RULE, reason_of
from deploy.operations.status import service_lines
from deploy.operations.tables import age, printable, table
from services.chassis.access.sealing import Safe
from services.chassis.jobs.backlog import Backlog
from tests.support.stack.system import ROOT

SETTINGS = ("AMQP_URI", "MONGO_URI", "VINCULO_SECRET_KEYS", "VINCULO_JWT_KEY", "VINCULO_PUBLIC_KEYS")


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without any, and an empty folder where that of `make run` is looked for."""
    for name in SETTINGS:
        # set first, so that what the command puts there is taken back
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("VINCULO_RUN_FOLDER", str(tmp_path))
    return tmp_path


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", list(commands(vinculo)), ids=" ".join)
def test_every_command_says_what_it_does(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(vinculo, [*path, "--help"])
    assert told.exit_code == 0
    assert re.search(r"^  [A-Z]", told.output, re.MULTILINE)


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    context = click.Context(vinculo)
    for name, (_, told) in COMMANDS.items():
        command = vinculo.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(200) == told


def test_the_help_names_only_commands_that_there_are() -> None:
    known = {" ".join(path) for path in commands(vinculo)}
    texts = [CliRunner().invoke(vinculo, [*path.split(), "--help"]).output for path in ("", *known)]
    texts += [reason.next for reason in REASONS.values()]
    for text in texts:
        for line in text.splitlines():
            words = line.partition("vinculo ")[2].replace("`", " ").replace(";", " ").split()
            if words and words[0].replace("-", "").isalpha() and "Usage" not in line:
                assert words[0] in known, line
                if len(words) > 1 and words[0] in ("parked", "topology", "keys", "company", "user"):
                    assert words[1].startswith("-") or " ".join(words[:2]) in known, line


def test_without_settings_it_says_which_is_missing_and_touches_nothing(no_settings: Path) -> None:
    told = CliRunner().invoke(vinculo, ["parked", "list"])
    assert told.exit_code == 1
    assert "MONGO_URI is not set" in told.output
    assert list(no_settings.iterdir()) == []


def test_it_takes_the_settings_of_make_run(no_settings: Path) -> None:
    seeds = keys.new_seeds()
    for name, content in (
        ("secrets.json", {"VINCULO_SECRET_KEYS": "s"}),
        ("sender-keys.json", seeds),
        ("broker/ports.json", {"broker": 20001}),
        ("database/ports.json", {"database": 20002}),
    ):
        (no_settings / name).parent.mkdir(exist_ok=True)
        (no_settings / name).write_text(json.dumps(content))
    (no_settings / "broker" / "password").write_text("p")
    assert installation.settle()
    assert installation.amqp_uri() == "amqp://vinculo:p@127.0.0.1:20001/%2F"
    assert installation.mongo_uri() == "mongodb://127.0.0.1:20002/?directConnection=true"
    told = CliRunner().invoke(vinculo, ["keys", "check"])
    assert (told.exit_code, "missing" in told.output) == (0, False)


def test_a_given_database_never_goes_with_the_broker_of_make_run(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (no_settings / "secrets.json").write_text("{}")
    (no_settings / "broker").mkdir()
    (no_settings / "broker" / "ports.json").write_text('{"broker": 20001}')
    monkeypatch.setenv("MONGO_URI", "mongodb://db.example/")
    assert not installation.settle()
    with pytest.raises(installation.NotSet, match="AMQP_URI"):
        installation.amqp_uri()


def test_every_reason_is_in_the_page_of_dead_letters() -> None:
    page = (ROOT / "docs" / "dead-letters.md").read_text()
    assert [code for code in REASONS if f"`{code}`" not in page and code not in page] == []


@pytest.mark.parametrize(
    ("error", "reason"), [("KeyError", DEFECT), ("version_changed", RULE), ("input_invalid", REASONS["input_invalid"])]
)
def test_a_class_is_a_defect_and_a_code_a_rule(error: str, reason: object) -> None:
    assert reason_of(error) is reason


def seen(readers: int = 1, waiting: int | None = 0, overdue: float = 0, events: int | None = 0) -> ServiceSeen:
    work = {"outbox": Backlog(1, 2.0, overdue)}
    return ServiceSeen("people", Queue("rpc-people", waiting, readers), [Queue("evt-x", events, 1)], [], work, [], None)


@pytest.mark.parametrize(
    ("found", "part", "state", "todo"),
    [
        (seen(), "people", "ok", ""),
        (seen(readers=0), "people", "down", "start the service people"),
        (seen(waiting=None), "people", "no queue", "vinculo topology apply"),
        (seen(events=None), "people events", "no queue", "vinculo topology apply"),
        (seen(events=5_000), "people events", "behind", "evt-x"),
        (seen(overdue=90), "people outbox", "behind", "look at its log"),
    ],
)
def test_the_status_says_what_to_do_about_each_part(found: ServiceSeen, part: str, state: str, todo: str) -> None:
    (line,) = [one for one in service_lines(found) if one.part == part]
    assert (line.state, todo in line.next, bool(line.next)) == (state, True, bool(todo))


def test_a_table_has_straight_columns_and_ages_one_unit() -> None:
    assert list(table(("A", "B"), [("long", 1), ("x", "")])) == ["A     B", "long  1", "x"]
    assert [age(one) for one in (None, -3, 59, 150, 7_300, 400_000)] == ["-", "0 s", "59 s", "2 min", "2 h", "5 d"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("Conexão 1 ✓", "Conexão 1 ✓"), (None, "None"), ("a\x1b[2Jb\r\nc", r"a\x1b[2Jb\r\nc"),
     ("\x9b31m", r"\x9b31m"), ("\ud800", r"\ud800"),
     ("a\u202eb", r"a\u202eb")],
)  # fmt: skip
def test_what_others_wrote_is_shown_to_the_terminal_and_not_obeyed(value: object, shown: str) -> None:
    assert printable(value) == shown
    assert list(table(("WHY",), [(value,)]))[1] == shown


def test_a_file_that_cannot_be_read_is_not_blamed_on_the_broker(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.operations.parked.listed", lambda *_: open(no_settings / "missing"))  # noqa: SIM115
    told = CliRunner().invoke(vinculo, ["parked", "list"])
    assert told.output == f"Error: {no_settings}/missing: No such file or directory\n"


class Sealed:
    """A collection with secrets at rest, as much of it as `reseal_rows` asks."""

    def __init__(self, **sealed: str) -> None:
        self.rows = {key: {"_id": key, "sealed": value} for key, value in sealed.items()}

    def collection(self, _: str) -> Sealed:
        return self

    def find(self, where: dict[str, Any], _: Any) -> Sealed:
        self.found = sorted(one for one in self.rows if one > where["_id"]["$gt"])
        return self

    def sort(self, *_: Any) -> Sealed:
        return self

    def limit(self, most: int) -> list[dict[str, Any]]:
        return [dict(self.rows[one]) for one in self.found[:most]]

    def update_one(self, where: dict[str, Any], change: dict[str, Any]) -> SimpleNamespace:
        self.rows[where["_id"]] |= change["$set"]
        return SimpleNamespace(matched_count=1)


def test_a_secret_that_no_key_opens_holds_up_no_other_ones_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, lost = Safe(["old"]), Safe(["new"]), Safe(["lost"])
    rows = Sealed(a=lost.seal("c", {"of": "a"}), b=old.seal("c", {"of": "b"}), c=old.seal("c", {"of": "c"}))
    monkeypatch.setattr(bus, "database_of", lambda _: nullcontext(rows))
    before = rows.rows["a"]["sealed"]
    assert bus.reseal_rows(Safe(["new", "old"]), "sales", "fiscal_settings") == (2, ["a"])
    assert [new.unseal("c", rows.rows[one]["sealed"]) for one in "bc"] == [{"of": "b"}, {"of": "c"}]
    assert rows.rows["a"]["sealed"] == before
    monkeypatch.setenv("VINCULO_SECRET_KEYS", "new,old")
    told = CliRunner().invoke(vinculo, ["keys", "reseal", "sales"])
    assert (told.exit_code, "fiscal_settings a" in told.output) == (1, True)
