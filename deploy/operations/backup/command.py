"""`vinculo backup`: create, check, restore."""

from __future__ import annotations

import os
from pathlib import Path

import click

from deploy.operations.backup import restoring, taking
from deploy.operations.backup.archive import header_of
from deploy.operations.backup.records import Manifest
from deploy.operations.companies import company_named
from deploy.operations.tables import table

KEY = "VINCULO_BACKUP_KEY"
File = click.Path(dir_okay=False, path_type=Path)
Existing = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def backup() -> None:
    """Backups of one company or of all: create, check, restore.

    A backup is one moment of all services, taken while they run, with the events that were on their way then.
    VINCULO_BACKUP_KEY (16 characters or more) encrypts it; keep the key elsewhere. A backup holds no key of the
    installation: keep VINCULO_SECRET_KEYS and the keys of the bus, too.

    \b
      vinculo backup create FILE                     all companies
      vinculo backup create --company CODE FILE      one
      vinculo backup check FILE                      is it whole? what is in it?
      vinculo backup restore FILE                    into an empty installation, before its services start
      vinculo backup restore --replace FILE          one company, in the place of what is there of it
    """


@backup.command()
@click.argument("file", type=File)
@click.option("--company", help="Its code; without it all companies.")
@click.option("--unencrypted", is_flag=True, help="Needed where VINCULO_BACKUP_KEY is not set.")
def create(file: Path, company: str | None, unencrypted: bool) -> None:
    """Write a backup to a new FILE, that only you can read. The services go on working."""
    key = _key()
    if (key is None) is not unencrypted:
        raise click.UsageError(f"set {KEY}, or say --unencrypted: a backup holds personal data")
    manifest = taking.take(file, company_named(company).id if company else None, key)
    click.echo(f"{file}: {_summary(manifest)}")


@backup.command()
@click.argument("file", type=Existing)
def check(file: Path) -> None:
    """Read all of FILE and tell what is in it. Writes nothing."""
    header, manifest = restoring.verified(file, _key_for(file))
    click.echo(f"made {header.made}, {'company ' + header.company if header.company else 'all companies'}")
    rows = [(path, one["count"], one["digest"][:16]) for path, one in manifest.collections.items() if one["count"]]
    click.echo("\n".join(table(("COLLECTION", "DOCUMENTS", "DIGEST"), rows)))
    click.echo(_summary(manifest))


@backup.command()
@click.argument("file", type=Existing)
@click.option("--replace", is_flag=True, help="A company that is there is replaced: what came since is lost.")
def restore(file: Path, replace: bool) -> None:
    """Bring FILE back, after all of it was found whole.

    All companies: into an empty installation (`vinculo topology apply` first), before its services start. One company:
    into any; other companies are not touched, and go on. Broken off, it is run again.
    """
    manifest = restoring.restore(file, _key_for(file), replace)
    click.echo(f"restored: {_summary(manifest)}. Next: start the services, `vinculo status`")


def _summary(manifest: Manifest) -> str:
    count = sum(one["count"] for one in manifest.collections.values())
    return f"{count} documents, {manifest.messages} messages on their way"


def _key() -> str | None:
    return os.environ.get(KEY) or None


def _key_for(file: Path) -> str | None:
    """The key, for a file that needs one."""
    return _key() if header_of(file).encrypted else None
