"""`python -m tests.bench.lists BASE`: the lists that both trees have, this tree's against those of a git revision.

As tests/bench/against.py measures: both systems side by side, the same requests of each, and as many rows in both
(deliveries are left out: who hears of what has changed). The table goes to docs/benchmarks.md.
"""

from __future__ import annotations

from functools import partial

from tests.bench.against import Operation, Stage, arguments, compare

# By name of a list: its path; {person}, {attendance} and {opportunity} are those of the benchmark in turn.
LISTS = {
    "persons": "/v1/persons",
    "persons by name": "/v1/persons?q=Alves",
    "attendances": "/v1/attendances",
    "a person's attendances": "/v1/persons/{person}/attendances",
    "an attendance's entries": "/v1/attendances/{attendance}/entries",
    "an attendance's timeline": "/v1/attendances/{attendance}/timeline",
    "opportunities": "/v1/opportunities",
    "a person's opportunities": "/v1/persons/{person}/opportunities",
    "an opportunity's timeline": "/v1/opportunities/{opportunity}/timeline",
    "a person's receivables": "/v1/persons/{person}/receivables",
    "a person's appointments": "/v1/persons/{person}/appointments",
    "stages": "/v1/stages",
}


def _ask(path: str, stage: Stage, connection: int, number: int) -> None:
    opportunity = number % len(stage.opportunities)
    places = {
        "person": stage.persons[opportunity],
        "attendance": stage.attendances[number % len(stage.attendances)],
        "opportunity": stage.opportunities[opportunity],
    }
    stage.ask(connection, "GET", path.format(**places))


def main() -> None:
    operations = [Operation(name, partial(_ask, path)) for name, path in LISTS.items()]
    compare(arguments(__doc__).parse_args(), operations, "lists against")


if __name__ == "__main__":
    main()
