"""`vinculo`, the operator's command: `./vinculo --help` in a checkout, `python -m deploy.operations` anywhere."""

from __future__ import annotations

import importlib
from typing import Any

import click
from amqp.exceptions import AMQPError
from environs import EnvError
from kombu.exceptions import OperationalError
from pymongo.errors import OperationFailure, PyMongoError

from deploy.operations.installation import settle
from services.chassis.errors import Failure

UNREACHABLE = (AMQPError, OperationalError, PyMongoError, OSError)
# Where each command is, and what it says of itself: a help text loads none of them, for some load all services.
COMMANDS = {
    "status": ("status:status", "Every part in one table, with what to do next."),
    "parked": ("parked_command:parked", "What was given up: list it, show why, requeue or drop it."),
    "backup": ("backup.command:backup", "Backups of one company or of all: create, check, restore."),
    "topology": ("bus:topology", "Exchanges and queues: check, apply."),
    "company": ("companies:company", "Companies: create, change, list, announce again."),
    "user": ("users:user", "Users: create, deactivate, list; new passwords, locks."),
    "api-key": ("users:api_key", "API keys of other systems: list, revoke."),
    "keys": ("bus:keys", "Keys of the installation: new ones for the bus, whether they fit, secrets at rest."),
}


class Operations(click.Group):
    """Commands that are loaded when they are called, and fail in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(f"deploy.operations.{module}"), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Failure as refusal:
            raise click.ClickException(f"{refusal.code}: {refusal.detail}") from refusal
        except EnvError as error:
            raise click.ClickException(str(error)) from error
        except OperationFailure as error:
            code = (error.details or {}).get("codeName") or error.code
            raise click.ClickException(f"the database refused: {code}") from error
        except UNREACHABLE as error:
            if isinstance(error, OSError) and error.filename is not None:
                raise click.ClickException(f"{error.filename}: {error.strerror}") from error
            told = f"{type(error).__name__}: the broker or the database did not answer; `vinculo status` says which"
            raise click.ClickException(told) from error


@click.group(cls=Operations, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def vinculo() -> None:
    """Operate an installation of Vínculo.

    Begin with `vinculo status`: it shows every part, and what to do next about what is wrong.

    \b
    Something went wrong with a message or a job?   vinculo parked --help
    Backups?                                        vinculo backup --help
    A new installation?                             vinculo topology apply
                                                    vinculo company create --help
                                                    vinculo user create --help

    The settings are AMQP_URI, MONGO_URI and VINCULO_... of the environment (deploy/README.md). Without AMQP_URI and
    MONGO_URI it takes those of `make run` on this machine. What it changes is in the audit of the company, as
    "operator"; nothing that it prints without being asked to is personal data.
    """
    settle()


def main() -> None:
    vinculo(prog_name="vinculo")
