"""A service's settings, read once from the environment; every mistake is named at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from environs import Env
from marshmallow import ValidationError, validate

from services.chassis.access.keyring import Keyring, keyring_of
from services.chassis.jobs.retention import Retention
from services.chassis.uris import is_amqp_uri, is_mongo_uri

# Seconds between tries of leased work that fails: some hours in all, and then it is parked.
WORK_DELAYS = (5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 3600.0, 3600.0)

# Seconds between tries of an event.
RETRY_DELAYS = [1, 5, 30, 300]
MOST_RETRY_SECONDS = 86_400

# An expiring index holds its seconds in 31 bits.
MOST_DAYS = 24_000


@dataclass(frozen=True)
class Config:
    """Times are in seconds."""

    amqp_uri: str
    mongo_uri: str
    database_prefix: str
    keys: Keyring
    heartbeat: int
    max_workers: int
    grace: float
    retry_delays: tuple[int, ...]
    confirm_timeout: float
    lease: float
    settle: float
    work_delays: tuple[float, ...]
    reply_buffer: int
    retention: Mapping[str, int]
    health_host: str
    health_port: int
    log_level: str


def are_delays(seconds: list[int]) -> None:
    """Validates the delays of retries; each has a queue of its own."""
    if not seconds or not all(1 <= delay <= MOST_RETRY_SECONDS for delay in seconds):
        raise ValidationError(f"one or more, each of 1 to {MOST_RETRY_SECONDS} seconds")


def from_environment(retentions: Sequence[Retention] = ()) -> Config:
    """Raises environs.EnvValidationError, which names every missing or wrong variable; each retention has one."""
    env = Env(eager=False)
    config = Config(
        amqp_uri=env.str("AMQP_URI", validate=is_amqp_uri),
        mongo_uri=env.str("MONGO_URI", validate=is_mongo_uri),
        database_prefix=env.str("VINCULO_DATABASE_PREFIX", "vinculo_", validate=validate.Regexp("^[a-z0-9_]{0,40}$")),
        keys=keyring_of(env),
        heartbeat=env.int("VINCULO_HEARTBEAT_SECONDS", 10, validate=validate.Range(min=2, max=600)),
        max_workers=env.int("VINCULO_MAX_WORKERS", 20, validate=validate.Range(min=2, max=500)),
        grace=env.float("VINCULO_GRACE_SECONDS", 20.0, validate=validate.Range(min=1)),
        retry_delays=tuple(env.list("VINCULO_RETRY_DELAYS", RETRY_DELAYS, subcast=int, validate=are_delays) or ()),
        confirm_timeout=env.float("VINCULO_CONFIRM_SECONDS", 3.0, validate=validate.Range(min=0.1)),
        lease=env.float("VINCULO_LEASE_SECONDS", 10.0, validate=validate.Range(min=1)),
        # Longer than any transaction lives: after it, every transaction begun before has ended.
        settle=env.float("VINCULO_SETTLE_SECONDS", 75.0, validate=validate.Range(min=0)),
        work_delays=tuple(env.list("VINCULO_WORK_DELAYS", list(WORK_DELAYS), subcast=float) or ()),
        reply_buffer=env.int("VINCULO_REPLY_BUFFER_BYTES", 32 << 20, validate=validate.Range(min=1024)),
        retention={
            retention.setting: env.int(retention.setting, retention.days, validate=validate.Range(min=1, max=MOST_DAYS))
            for retention in retentions
        },
        health_host=env.str("VINCULO_HEALTH_HOST", "127.0.0.1"),
        health_port=env.int("VINCULO_HEALTH_PORT", 0, validate=validate.Range(min=0, max=65535)),
        log_level=env.str("VINCULO_LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])),
    )
    env.seal()
    return config
