"""`vinculo`, the operator's command: `./vinculo --help` in a checkout, `python -m deploy.operations` anywhere."""

from __future__ import annotations

from typing import Any

import click
from amqp.exceptions import AMQPError
from environs import EnvError
from kombu.exceptions import OperationalError
from pymongo.errors import OperationFailure, PyMongoError

from deploy.operations import installation
from deploy.operations.backup.archive import Refused
from deploy.operations.backup.command import backup
from deploy.operations.bus import keys, topology
from deploy.operations.companies import company
from deploy.operations.parked_command import parked
from deploy.operations.status import status
from deploy.operations.users import api_key, user
from services.chassis.errors import Failure

UNREACHABLE = (AMQPError, OperationalError, PyMongoError, OSError)


class Spoken(click.Group):
    """A group whose commands fail in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Failure as refusal:
            raise click.ClickException(f"{refusal.code}: {refusal.detail}") from refusal
        except (installation.NotSet, EnvError, Refused) as error:
            raise click.ClickException(str(error)) from error
        except OperationFailure as error:
            code = (error.details or {}).get("codeName") or error.code
            raise click.ClickException(f"the database refused: {code}") from error
        except UNREACHABLE as error:
            told = f"{type(error).__name__}: the broker or the database did not answer; `vinculo status` says which"
            raise click.ClickException(told) from error


@click.group(cls=Spoken, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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
    installation.settle()


for command in (status, parked, backup, topology, company, user, api_key, keys):
    vinculo.add_command(command)


def main() -> None:
    vinculo(prog_name="vinculo")
