"""Row A8 with many large files at once: they pass through, and nothing keeps them in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psutil

from tests.support.builders.attachments import MIB, path_of, picture, sent
from tests.support.stack.system import Client, System

LIMIT = 10 * MIB


def test_memory_does_not_grow_with_the_files(system: System) -> None:
    def resident(name: str) -> int:
        process = psutil.Process(system.processes[name].pid)
        return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))

    ana, content = Client(system.url, "ana@padaria.example"), picture(LIMIT)
    person = ana.register("Com anexos")
    attendance = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Visita"})

    def there_and_back(number: int) -> bool:
        client = Client(system.url, "ana@padaria.example")
        made = sent(client, attendance, f"{number}.png", content)
        return client.request("GET", f"{path_of(attendance)}/{made['id']}", timeout=60).content == content

    assert there_and_back(0)  # warm
    before = {name: resident(name) for name in ("gateway", "attendance")}
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(there_and_back, range(1, 9)))
    grown = {name: (resident(name) - was) / MIB for name, was in before.items()}
    print(f"\nresident MiB grown by 8 files of 10 MiB, 4 at once: {grown}")
    assert all(value < 30 for value in grown.values()), grown
