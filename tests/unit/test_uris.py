"""An address that is not written as addresses are is refused, and nothing of it is said: it holds a password."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from environs import EnvError
from marshmallow import ValidationError

from deploy import topology
from deploy.operations.command import vinculo
from services.chassis import config
from services.chassis.uris import is_amqp_uri, is_mongo_uri, is_smtp_uri

GOOD = {
    is_amqp_uri: [
        "amqp://guest:guest@localhost", "amqps://u:p%40%23ss@rabbitmq.example:5671/%2F?heartbeat=30", "amqp://h/vhost",
        "amqp://u:p@[::1]:5672//", "amqp://u:@127.0.0.1:5672/",
    ],
    is_mongo_uri: [
        "mongodb://127.0.0.1:27017/?directConnection=true", "mongodb+srv://u:p@cluster.example/?tls=true",
        "mongodb://u:p@a:27017,b:27018,c/?replicaSet=rs0&authSource=admin&tlsCAFile=/etc/vinculo-database/ca.crt",
    ],
    is_smtp_uri: ["smtp://127.0.0.1:25", "smtps://u%40x.example:p@mail.example", "smtp+starttls://u:p@mail.example:587"],
}  # fmt: skip
BAD = {
    is_amqp_uri: [
        "amqp://guest:pa#ss@localhost", "amqp://guest:1#ss@localhost", "amqp://guest:se/cret@localhost:5672/",
        "amqp://guest:secret@localhost:port5", "http://guest:secret@localhost", "guest:secret", "", "amqp://",
        "amqp://u:a:b@host", "amqp://u:a@b@host", "amqp://u:p?q@host", "amqp://u:p@host:123456/", "amqp://u:p s@host",
        "amqp://u:p@host/\n",
    ],
    is_mongo_uri: ["mongodb://u:p@ss@localhost", "mongo://u:p@x", "mongodb://u:se/cret@localhost", "mongodb://u:p@a,"],
    is_smtp_uri: ["smtp+tls://u:p@mail.example", "smpt://mail.example", "smtps://u@x.example:p@mail.example"],
}  # fmt: skip


@pytest.mark.parametrize(("check", "uri"), [(check, uri) for check, uris in GOOD.items() for uri in uris])
def test_an_address_that_is_one_passes(check: type[object], uri: str) -> None:
    assert check(uri) == uri  # type: ignore[call-arg]


@pytest.mark.parametrize(("check", "uri"), [(check, uri) for check, uris in BAD.items() for uri in uris])
def test_an_address_that_is_none_is_refused_without_being_repeated(check: type[object], uri: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check(uri)  # type: ignore[call-arg]
    assert not uri or uri not in str(refused.value)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("AMQP_URI", "amqp://127.0.0.1:1/")
    monkeypatch.setenv("MONGO_URI", "mongodb://127.0.0.1:1/")
    return monkeypatch


@pytest.mark.parametrize("command", [("status",), ("company", "list"), ("topology", "check"), ("parked", "list")])
@pytest.mark.parametrize(("name", "uri"), [("AMQP_URI", "amqp://u:ge#heim@h"), ("MONGO_URI", "mongodb://u:ge/heim@h")])
def test_the_operator_is_told_in_one_line(
    settings: pytest.MonkeyPatch, command: tuple[str, ...], name: str, uri: str
) -> None:
    settings.setenv(name, uri)
    told = CliRunner().invoke(vinculo, command)
    if name in told.output:
        assert (told.exit_code, "this is no address" in told.output) == (1, True)
    assert "heim" not in told.output
    assert isinstance(told.exception, SystemExit | None)


@pytest.mark.parametrize("delays", ["", "0", "-1", "1,0", "86401", "x"])
def test_delays_that_no_queue_can_have_are_refused_at_the_start(settings: pytest.MonkeyPatch, delays: str) -> None:
    settings.setenv("VINCULO_RETRY_DELAYS", delays)
    with pytest.raises(EnvError, match="VINCULO_RETRY_DELAYS"):
        topology.settings()
    with pytest.raises(EnvError, match="VINCULO_RETRY_DELAYS"):
        config.from_environment()
