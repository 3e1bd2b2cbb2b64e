"""`python -m tests.bench`: measures, and writes its table to docs/benchmarks.md (one section an engine)."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import psutil

from tests.bench import echo, journeys, page
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.system import ROOT, System


def main() -> None:
    engine = page.engine()
    system = System()
    helpers: list[subprocess.Popen[bytes]] = []
    try:
        system.start()
        helpers = _start_echoes(system)
        rates = echo.measure(system.env["AMQP_URI"], system.keys.ring())
        views, mails = journeys.person_views(system), journeys.entries_to_mail(system)
        memory = {name: _megabytes(process.pid) for name, process in system.processes.items()}
    finally:
        for helper in helpers:
            helper.terminate()
        system.stop()
    section = _section(engine, rates, views, mails, memory)
    page.write(engine, section)
    print(section)


def _start_echoes(system: System) -> list[subprocess.Popen[bytes]]:
    port = free_port()
    commands = (
        ["tests.bench.bare_service", "bare"],
        ["tests.bench.stock_service"],
        ["services.chassis.process.runner", "tests.bench.echo_service:Echo"],
    )
    env = {**system.env, "VINCULO_HEALTH_PORT": str(port), **system.keys.own("echo")}
    started = [subprocess.Popen([sys.executable, "-m", *command], env=env, cwd=ROOT) for command in commands]
    system.ports["echo"] = port
    system.wait_ready("echo")
    wait_for(lambda: system.queue_length("rpc-stock") == 0, 20, "stock nameko")
    return started


def _megabytes(pid: int) -> int:
    process = psutil.Process(pid)
    return sum(p.memory_info().rss for p in (process, *process.children(recursive=True))) >> 20


def _section(
    engine: str,
    rates: dict[str, dict[str, float]],
    views: dict[str, float],
    mails: dict[str, float],
    memory: dict[str, int],
) -> str:
    python, today = sys.version.split()[0], dt.datetime.now(dt.UTC).date()
    lines = [f"## {engine}", "", f"{today}, {os.cpu_count()} cores, Python {python}.", ""]
    lines += ["| RPC echo, calls/s | one at a time | 32 in flight |", "|---|---|---|"]
    for name, kinds in rates.items():
        lines.append(f"| {name} | {kinds['sequential']:.0f} | {kinds['pipelined']:.0f} |")
    for other in ("bare pika", "stock nameko"):
        ratios = [rates["chassis"][kind] / rates[other][kind] for kind in ("sequential", "pipelined")]
        lines.append(f"| **chassis / {other}** | **{ratios[0]:.2f}** | **{ratios[1]:.2f}** |")
    lines += ["", "| journey | figure |", "|---|---|"]
    lines += [f"| person view, {key} | {value:.1f} |" for key, value in views.items()]
    lines += [f"| entry to e-mail, {key} | {value:.1f} |" for key, value in mails.items()]
    views_per_echo = views["per_second"] / (rates["bare pika"]["pipelined"] / 5)
    lines += [f"| person views / (bare echoes / 5) | {views_per_echo:.2f} |"]
    lines += ["", "| process | MB |", "|---|---|", *(f"| {name} | {size} |" for name, size in memory.items()), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
