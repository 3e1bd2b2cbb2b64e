"""`make run`: the whole system on this machine, from nothing to two companies with data.

Starts with `System`, keeps running until Ctrl-C or SIGTERM, stops in order. Knows the demo, not how parts run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from deploy.local.broker import Broker
from deploy.local.demo import COMPANIES, password
from deploy.local.processes import LocalError, private_folder
from deploy.local.system import ROOT, System

ROLE = "admin"
WELCOME = """
Vínculo está no ar.

  Documentação da API   {gateway}/docs
  E-mails enviados      {mailbox}
  WhatsApp (o cliente)  {whatsapp}
  Registros (logs)      {logs}

  Empresa   Usuário                  Senha
{users}

Para experimentar:

  TOKEN=$(curl -s {gateway}/v1/session -H 'Content-Type: application/json' \\
    -d '{{"login": "{login}", "password": "{password}"}}' \\
    | sed -E 's/.*"access_token": *"([^"]+)".*/\\1/')
  curl -s {gateway}/v1/persons -H "Authorization: Bearer $TOKEN"
  curl -s {gateway}/v1/persons/{person}/view -H "Authorization: Bearer $TOKEN"

Ctrl-C encerra tudo; `make run` continua de onde parou; `make clean-run` apaga os dados.
"""


def _say(text: str) -> None:
    print(text, flush=True)


def lock(folder: Path) -> int:
    """One run per folder; the descriptor holds the lock while we live."""
    private_folder(folder)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LocalError(f"O Vínculo já está rodando com os dados de {folder}.") from None
    return descriptor


def first_data(system: System) -> None:
    """Companies, users and demo data, once per folder; interrupted in the middle it continues at the next run."""
    person = system.folder / "demo-person"
    if person.exists():
        return
    _say("Criando duas empresas com dados de demonstração...")
    for company in COMPANIES:
        system.python("deploy.operations", "company", "create", "--code", company.code, "--name", company.name)
        user = ["--login", company.login, "--name", company.user, "--company", company.code, "--role", ROLE]
        system.python("deploy.operations", "user", "create", *user, VINCULO_PASSWORD=password())
    options = ["--gateway", system.gateway_url, "--whatsapp", str(system.whatsapp_folder)]
    output = system.python("deploy.local.demo", *options)
    # the last word of the last line is a person to look at
    person.write_text(output.split()[-1])


def welcome(system: System) -> str:
    rows = [f"  {company.code:<9} {company.login:<24} {password()}" for company in COMPANIES]
    return WELCOME.format(
        gateway=system.gateway_url,
        mailbox=system.mailbox_url,
        whatsapp=system.whatsapp_url,
        logs=system.folder / "logs",
        users="\n".join(rows),
        login=COMPANIES[0].login,
        password=password(),
        person=(system.folder / "demo-person").read_text().strip(),
    )


def stay(system: System) -> None:
    """Until a signal ends us, or supervisord ended without being asked."""
    while system.supervisor.alive():
        time.sleep(1)
    raise LocalError(f"O supervisord terminou; veja {system.supervisor.log}")


def run(folder: Path) -> None:
    held = lock(folder)
    system: System | None = None
    try:
        system = System(folder, say=_say)
        system.start()
        first_data(system)
        _say(welcome(system))
        if os.environ.get("VINCULO_RUN_ONCE_READY") == "1":
            _say("ready")
            return
        stay(system)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if system:
            _say("\nEncerrando: gateway, serviços, RabbitMQ, banco de dados...")
            system.stop()
            _say("Encerrado.")
        os.close(held)


def forget(folder: Path) -> None:
    """`make clean-run`; refuses while a run holds the folder."""
    held = lock(folder)
    if not os.environ.get("AMQP_URI") and (folder / "broker").exists():
        Broker(folder / "broker").delete()
    shutil.rmtree(folder)
    os.close(held)


def _leave(*_: int | FrameType | None) -> None:
    """An asked-for end is no error; `run` drains on the way out."""
    raise SystemExit(0)


def main() -> None:
    # What we write holds personal data and secrets: for its owner only.
    os.umask(0o077)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave)
    folder = Path(os.environ.get("VINCULO_RUN_FOLDER") or ROOT / ".run").absolute()
    try:
        forget(folder) if sys.argv[1:] == ["--forget"] else run(folder)
    except LocalError as error:
        sys.exit(f"vinculo: {error}")


if __name__ == "__main__":
    main()
