"""`python -m tests.bench.people_growth`: how searching persons (row P1) grows, from 20,000 to 200,000.

Persons are written in bulk by the store's own document builder; searches go through the gateway, one at a time. Writes
a section of docs/benchmarks.md for the engine of MONGO_URI. Never part of `make test`: an embedded engine takes long.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from faker import Faker
from pymongo.errors import PyMongoError

from services.people.persons.model.person import Person
from services.people.persons.model.search import read_query
from services.people.persons.repository import NEWEST, document_of
from tests.bench import page
from tests.bench.explained import indexes, milliseconds
from tests.bench.journeys import percentile, timed
from tests.support.stack.system import Client, System

SIZES = tuple(int(size) for size in os.environ.get("VINCULO_GROWTH", "20000,200000").split(","))
BATCH = 1_000
SEARCHES = 100
CHECKED = 5
PAGE_READ = 22  # what the store reads for a page of 20

Row = dict[str, float]


def main() -> None:
    system = System()
    try:
        system.start()
        company = str(system.mongo("people").companies.find_one({"code": "padaria"})["_id"])
        fake, rows, loads = _faker(), {}, {}
        for before, size in zip((0, *SIZES), SIZES, strict=False):
            loads[size] = load(system, company, fake, before, size)
            if not before:
                check(system, company)
            rows[size] = measure(system, company)
            print(size, loads[size], rows[size], flush=True)
        used = indexes_used(system, company)
    finally:
        system.stop()
    title = f"persons, growth, {page.engine()}"
    section = _section(title, rows, loads, used)
    page.write(title, section)
    print(section)


def load(system: System, company: str, fake: Faker, before: int, size: int) -> float:
    """Adds persons up to `size`; the documents written a second."""
    database, started = system.mongo("people"), time.perf_counter()
    for first in range(before + 1, size + 1, BATCH):
        codes = range(first, min(first + BATCH, size + 1))
        database.persons.insert_many([{**document_of(person(fake, code)), "company": company} for code in codes])
    number = {"company": company, "value": size}
    database.numbers.update_one({"_id": f"{company}:person_code"}, {"$set": number}, upsert=True)
    return (size - before) / (time.perf_counter() - started)


def person(fake: Faker, code: int) -> Person:
    """One of three is a company; each has a phone and an e-mail."""
    is_company = code % 3 == 0
    name = fake.company() if is_company else fake.name()
    data = {
        "name": name,
        "short_name": name.split()[0],
        "phones": [{"number": f"{fake.random_element(('11', '21', '31', '41'))}9{fake.random_number(8, True)}"}],
        "emails": [{"address": f"pessoa{code}@exemplo.example"}],
    }
    return Person.register(f"growth-{code:07d}", code, data, dt.datetime.now(dt.UTC))


def measure(system: System, company: str) -> dict[str, Row]:
    """Milliseconds by kind of search: through the gateway (p50, p99), of the engine alone (p50), and what is found."""
    ana, persons = Client(system.url, "ana@padaria.example"), system.mongo("people").persons
    chosen = _chosen(persons, company, SEARCHES)
    return {name: _row(ana, persons, company, [text(one) for one in chosen]) for name, text in KINDS.items()}


def _chosen(persons: Any, company: str, count: int) -> list[dict[str, Any]]:
    chooser, last = random.Random(1), persons.count_documents({"company": company})
    return [persons.find_one({"company": company, "code": chooser.randint(1, last)}) for _ in range(count)]


def _digits(document: dict[str, Any]) -> str:
    return str(document["phones"][0]["number"])[-8:]


KINDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "code": lambda one: str(one["code"]),
    "e-mail": lambda one: str(one["emails"][0]["address"]),
    "phone, last 8 digits": _digits,
    "phone, last 4 digits": lambda one: _digits(one)[-4:],
    "name, 5 letters of its last word": lambda one: str(one["name"]).split()[-1][:5],
    "name, two words begun": lambda one: " ".join(word[:4] for word in str(one["name"]).split()[-2:]),
}


def _row(ana: Client, persons: Any, company: str, texts: list[str]) -> Row:
    for text in texts[:5]:
        timed(ana, "GET", "/v1/persons", params={"q": text})
    took = [timed(ana, "GET", "/v1/persons", params={"q": text}) for text in texts]
    wheres = [_where(company, text) for text in texts]
    alone = [milliseconds(partial(_found, persons, where)) for where in wheres]
    matches = statistics.median(persons.count_documents(where) for where in wheres[:20])
    return {
        "p50": statistics.median(took), "p99": percentile(took, 0.99),
        "engine": statistics.median(alone), "matches": matches,
    }  # fmt: skip


def _where(company: str, text: str) -> dict[str, Any]:
    keys = read_query(text).keys
    more = {"$and": [{"keys": key} for key in keys[1:]]} if keys[1:] else {}
    return {"company": company, "active": True, "keys": keys[0], **more}


def _found(persons: Any, where: dict[str, Any]) -> Any:
    return persons.find(where).sort(NEWEST).limit(PAGE_READ)


def _faker() -> Faker:
    fake = Faker("pt_BR")
    fake.seed_instance(1)
    return fake


def check(system: System, company: str) -> None:
    """All pages of some searches of each kind hold exactly those whose keys say so, each once, newest first."""
    ana, persons = Client(system.url, "ana@padaria.example"), system.mongo("people").persons
    everybody = [(one["code"], set(one["keys"])) for one in persons.find({"company": company}, {"code": 1, "keys": 1})]
    codes = {code for code, _ in everybody}
    for one in _chosen(persons, company, CHECKED):
        for name, text in KINDS.items():
            asked = read_query(text(one))
            first = [asked.code] if asked.code in codes else []
            others = sorted(
                (c for c, keys in everybody if keys.issuperset(asked.keys) and c != asked.code), reverse=True
            )
            assert _all_codes(ana, text(one)) == [*first, *others], name
    print(f"checked: {CHECKED} searches of each kind find exactly whom they should", flush=True)


def _all_codes(ana: Client, text: str) -> list[int]:
    codes: list[int] = []
    params: dict[str, Any] = {"q": text, "limit": 100}
    while True:
        found = ana.get("/v1/persons", params=params, timeout=60)
        codes += [person["code"] for person in found["items"]]
        if found["next_cursor"] is None:
            return codes
        params["cursor"] = found["next_cursor"]


def indexes_used(system: System, company: str) -> set[str]:
    """The indexes by which the engine says that it reads the searches; empty where it explains nothing."""
    persons = system.mongo("people").persons
    used: set[str] = set()
    one = persons.find_one({"company": company, "code": 1})
    for text in KINDS.values():
        try:
            used.update(indexes(_found(persons, _where(company, text(one)))) or {"no index"})
        except PyMongoError:
            continue
    return used


def _section(title: str, rows: dict[int, dict[str, Row]], loads: dict[int, float], used: set[str]) -> str:
    small, large = min(rows), max(rows)
    python, today = sys.version.split()[0], dt.datetime.now(dt.UTC).date()
    lines = [
        f"## {title}",
        "",
        f"{today}, {os.cpu_count()} cores, Python {python}; {SEARCHES} searches each.",
    ]
    lines += ["Milliseconds through the gateway, p50 / p99; the engine alone (the same read by pymongo), p50."]
    lines += [f"The machine's load average at the end: {os.getloadavg()[1]:.0f}.", ""]
    lines += [
        f"| search | matches at {large:,} | {small:,} | {large:,} | ratio | engine {small:,} | engine {large:,} |"
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for name in KINDS:
        one, other = rows[small][name], rows[large][name]
        times = " | ".join(f"{row['p50']:.1f} / {row['p99']:.1f}" for row in (one, other))
        engines = " | ".join(f"{row['engine']:.1f}" for row in (one, other))
        lines.append(f"| {name} | {other['matches']:.0f} | {times} | {other['p50'] / one['p50']:.2f} | {engines} |")
    rates = ", ".join(f"{rate:,.0f}/s up to {size:,}" for size, rate in loads.items())
    lines += [
        "",
        f"Loaded in bulk: {rates}. By its explain, the engine read them by: {', '.join(sorted(used))}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
