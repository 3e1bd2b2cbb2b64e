"""The gateway's settings, read once from the environment; one error names every wrong variable."""

from __future__ import annotations

from dataclasses import dataclass

from environs import Env
from marshmallow import validate

from services.catalogue import SERVICES
from services.chassis.access.keyring import GATEWAY, Keyring, keyring_of
from services.chassis.uris import is_amqp_uri


@dataclass(frozen=True)
class Config:
    """Times in seconds, sizes in bytes."""

    amqp_uri: str
    keys: Keyring
    jwt_key: str
    rpc_seconds: float
    view_seconds: float
    token_seconds: int
    heartbeat: int
    trusted_proxies: int = 0
    threads: int = 16
    metrics_port: int = 0
    # Where customers reach this gateway; empty where that is how the caller reached it.
    public_url: str = ""
    # Requests a minute that a company, and an API key, may make at this process; 0: any number.
    company_rate: int = 0
    key_rate: int = 0


def from_environment() -> Config:
    """Raises environs.EnvValidationError that names every missing or wrong variable."""
    env = Env(eager=False)
    config = Config(
        amqp_uri=env.str("AMQP_URI", validate=is_amqp_uri),
        jwt_key=env.str("VINCULO_JWT_KEY", validate=validate.Length(min=32)),
        rpc_seconds=env.float("VINCULO_RPC_SECONDS", 5.0, validate=validate.Range(min=0.1, max=60)),
        view_seconds=env.float("VINCULO_VIEW_SECONDS", 2.0, validate=validate.Range(min=0.1, max=60)),
        token_seconds=env.int("VINCULO_TOKEN_SECONDS", 900, validate=validate.Range(min=60)),
        keys=keyring_of(env),
        heartbeat=env.int("VINCULO_HEARTBEAT_SECONDS", 10, validate=validate.Range(min=2, max=600)),
        trusted_proxies=env.int("VINCULO_TRUSTED_PROXIES", 0, validate=validate.Range(min=0, max=10)),
        metrics_port=_port(env.str("VINCULO_METRICS_BIND", "")),
        company_rate=env.int("VINCULO_COMPANY_RATE", 6_000, validate=validate.Range(min=0)),
        key_rate=env.int("VINCULO_KEY_RATE", 1_200, validate=validate.Range(min=0)),
        public_url=env.str("VINCULO_PUBLIC_URL", "", validate=validate.Regexp("^(https?://[^/ ]+/?)?$")),
        threads=env.int("VINCULO_GATEWAY_THREADS", 16, validate=validate.Range(min=1, max=1_000)),
    )
    env.seal()
    config.keys.require(GATEWAY, SERVICES)
    return config


def _port(bind: str) -> int:
    """The port of "host:port"; 0 where there is none."""
    port = bind.rpartition(":")[2]
    return int(port) if port.isdecimal() else 0
