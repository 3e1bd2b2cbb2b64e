"""Row N6: who is a recipient, once, in the chosen order; what a turn of the mailer does, and does not do twice."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.access import tokens
from services.chassis.access.row_visibility import PERSONS
from services.chassis.handling.session import Actor
from services.chassis.personal_data.inventory import erase_rows
from services.chassis.replicas.replica import LAST
from services.chassis.schemas import load
from services.notifications.deliveries.model import Delivery, Failure
from services.notifications.mail.transport import Failed
from services.notifications.mailings import commands, queries, subscribers
from services.notifications.mailings.jobs import BATCH, Turn
from services.notifications.mailings.repository import mailing_of
from services.notifications.personal_data import INVENTORY
from tests.support.builders.mailings_in_memory import DRAFT, NOW, InMemoryMailings, audience_member


def outcomes(made: InMemoryMailings, mailing_id: str) -> dict[str, tuple[str, str | None]]:
    return {one["person_id"]: (one["outcome"], one["reason"]) for one in made.recipients(mailing_id)}


def test_each_address_is_one_recipient_whatever_batches_and_persons_it_comes_with() -> None:
    made = InMemoryMailings()
    mailing_id = made.mailing()
    made.batch(mailing_id, 2, [audience_member(3, email="P1@C.example"), audience_member(4)])
    assert made.shown(mailing_id).state == "gathering"
    made.batch(
        mailing_id,
        1,
        [audience_member(1), audience_member(2, email="p2@c.example"), audience_member(5, email="p2@c.example")],
        last=False,
    )
    assert made.shown(mailing_id).state == "ready"
    assert [one for one, (outcome, _) in outcomes(made, mailing_id).items() if outcome == "waiting"] == [
        "p2",
        "p3",
        "p4",
    ]
    assert made.shown(mailing_id).counts == {"waiting": 3, "suppressed": 2}
    repeated = {key for key, value in outcomes(made, mailing_id).items() if value == ("suppressed", "address_repeated")}
    assert repeated == {"p1", "p5"}


@pytest.mark.parametrize(
    ("kind", "person", "expected"),
    [
        ("bulletin", {"email_consent": None}, ("suppressed", "consent_missing")),
        ("bulletin", {"email_consent": False}, ("suppressed", "opted_out")),
        ("price_adjustment", {"email_consent": None}, ("waiting", None)),
        ("price_adjustment", {"email_consent": False}, ("suppressed", "opted_out")),
        ("bulletin", {"email": None}, ("suppressed", "address_missing")),
        ("bulletin", {"email": None, "address": {"city": "Contagem"}}, ("suppressed", "consent_missing")),
        ("after_sale", {"email": None, "address": {"city": "Contagem"}}, ("letter", None)),
    ],
)
def test_the_purpose_decides_who_may_be_written_to(kind: str, person: Any, expected: tuple[str, str | None]) -> None:
    made = InMemoryMailings()
    mailing_id = made.mailing(kind=kind)
    made.batch(mailing_id, 1, [audience_member(1, **person)])
    assert outcomes(made, mailing_id) == {"p1": expected}


@pytest.mark.parametrize(
    ("order", "expected"),
    [("name", ["p1", "p2", "p3"]), ("code", ["p3", "p1", "p2"]), ("city", ["p2", "p3", "p1"]),
     ("postal_code", ["p3", "p2", "p1"])],
)  # fmt: skip
def test_recipients_come_in_the_chosen_order(order: str, expected: list[str]) -> None:
    made = InMemoryMailings()
    mailing_id = made.mailing(order=order)
    persons = [
        audience_member(
            1, name="Álvaro", code=7, address={"state": "MG", "city": "Uberaba", "postal_code": "38010000"}
        ),
        audience_member(
            2, name="bruna", code=8, address={"state": "MG", "city": "Água Boa", "postal_code": "30110-000"}
        ),
        audience_member(3, name="Caio", code=2, address={"state": "MG", "city": "Betim", "postal_code": "30100000"}),
    ]
    made.batch(mailing_id, 1, persons)
    assert [one["person_id"] for one in made.recipients(mailing_id)] == expected
    paged = made.ask(queries.list_mailing_recipients, mailing_id=mailing_id, limit=2)
    rest = made.recipients(mailing_id, cursor=paged["next_cursor"])
    assert [one["person_id"] for one in (*paged["items"], *rest)] == expected


def test_batches_of_a_gathering_that_is_over_count_no_more_and_a_refused_one_is_a_draft_again() -> None:
    made = InMemoryMailings()
    mailing_id = made.mailing()
    first = made.shown(mailing_id).gathering_id
    made.batch(mailing_id, 1, [audience_member(1)], last=False)
    made.batch(mailing_id, 2, [], refused="rights_missing")
    again = made.shown(mailing_id)
    assert (again.state, again.problem, again.counts, made.recipients(mailing_id)) == (
        "draft",
        "rights_missing",
        {},
        [],
    )
    made.ask(commands.gather_mailing, mailing_id=mailing_id)
    made.batch(mailing_id, 3, [audience_member(2)], gathering_id=first)
    assert made.recipients(mailing_id) == []
    made.ask(commands.cancel_mailing, mailing_id=mailing_id)
    made.batch(mailing_id, 1, [audience_member(2)])
    assert (made.shown(mailing_id).state, made.recipients(mailing_id)) == ("cancelled", [])


def test_all_are_sent_once_with_their_own_words_and_a_link_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(number) for number in range(2 * BATCH + 1)], header="Boletim")
    assert made.turn(mailing_id, monkeypatch) is None
    assert made.to() == [f"p{number}@c.example" for number in range(2 * BATCH + 1)]
    assert (made.shown(mailing_id).state, made.shown(mailing_id).counts) == ("done", {"sent": 2 * BATCH + 1})
    first = made.mails[0]
    assert (first.subject, first.body) == ("Novidades, Pessoa 0000", "Boletim\n\nOlá, Pessoa 0000!")
    assert len({one.opt_out_url for one in made.mails}) == len(made.mails)
    assert made.turn(mailing_id, monkeypatch) is None
    assert len(made.mails) == 2 * BATCH + 1


def test_what_a_crashed_turn_had_stored_is_left_to_the_sender_and_settled_by_its_delivery(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2)])

    class Killed(Exception):
        pass

    def kill(*_: Any) -> None:
        raise Killed

    killed: Any = SimpleNamespace(ask=kill)
    monkeypatch.setattr("services.notifications.mailings.jobs.attempt", made._attempt)
    row = made.collection("mailings").kept[mailing_id]
    turn = Turn(made._runtime(), made._office, killed, made.company, mailing_of(row), 10)
    monkeypatch.setattr(turn, "_write", kill)
    with pytest.raises(Killed):
        turn.take()
    assert len(made.mails) == 2
    due = made.turn(mailing_id, monkeypatch)
    assert due is not None
    assert len(made.mails) == 2
    assert outcomes(made, mailing_id) == {"p1": ("queued", None), "p2": ("queued", None)}
    for one in made.mails:  # the sender has sent them again, under their Message-IDs, when the lease was over
        made._record(({}, one))
    assert made.turn(mailing_id, monkeypatch) is None
    assert made.shown(mailing_id).counts == {"sent": 2}


def test_a_refused_one_is_dead_with_the_servers_answer_and_a_deferred_one_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2), audience_member(3)])

    def answer(delivery: Delivery) -> None:
        if delivery.recipient.startswith("p1"):
            raise Failed(Failure("SMTP 550", "no such user", permanent=True))
        if delivery.recipient.startswith("p2"):
            raise Failed(Failure("SMTP 451", deferred=True))

    made.answer = answer
    due = made.turn(mailing_id, monkeypatch)
    assert due is not None
    assert made.shown(mailing_id).state == "sending"
    assert outcomes(made, mailing_id) == {"p1": ("dead", "SMTP 550"), "p2": ("queued", None), "p3": ("sent", None)}


def test_what_finds_no_place_in_its_account_waits_without_a_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2), audience_member(3)])
    made.answer = lambda delivery: delivery.wait(NOW + dt.timedelta(days=9), "account_rate")
    assert made.turn(mailing_id, monkeypatch) == NOW + dt.timedelta(days=9)
    assert made.documents("deliveries") == []
    assert made.shown(mailing_id).counts == {"waiting": 3}


def test_paused_nothing_is_sent_and_cancelled_nothing_is_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2)])
    made.ask(commands.pause_mailing, mailing_id=mailing_id)
    assert made.turn(mailing_id, monkeypatch) is None
    assert made.mails == []
    made.ask(commands.resume_mailing, mailing_id=mailing_id)
    made.ask(commands.cancel_mailing, mailing_id=mailing_id)
    assert made.turn(mailing_id, monkeypatch) is None
    assert (made.mails, made.shown(mailing_id).counts) == ([], {"cancelled": 2})
    assert made.refusal(commands.resume_mailing, mailing_id=mailing_id) == "mailing_not_paused"


def test_a_pause_in_the_midst_of_a_batch_holds_the_rest_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(number) for number in range(10)])
    made.answer = lambda delivery: made.ask(commands.pause_mailing, mailing_id=mailing_id) if not made.mails else None
    made.turn(mailing_id, monkeypatch)
    sent = len(made.mails)
    assert 1 <= sent < 10
    assert made.shown(mailing_id).counts == {"sent": sent, "waiting": 10 - sent}
    assert len(made.documents("deliveries")) == sent
    made.answer = lambda delivery: None
    made.ask(commands.resume_mailing, mailing_id=mailing_id)
    assert made.turn(mailing_id, monkeypatch) is None
    assert sorted(made.to()) == sorted(f"p{number}@c.example" for number in range(10))


def token_of(made: InMemoryMailings, mailing_id: str, person_id: str) -> tokens.Token:
    mailing = mailing_of(made.collection("mailings").kept[mailing_id])
    (recipient,) = (one for one in made.documents("mailing_recipients") if one["person_id"] == person_id)
    found = tokens.read("vm", mailing.token(made.company, recipient["_id"]))
    assert found is not None
    return found


def opt_out(made: InMemoryMailings, token: tokens.Token) -> Any:
    said = {"recipient_id": token.record, "digest": token.digest, "source": "one_click"}
    return made.ask(commands.opt_out, **said)


def test_who_opts_out_in_the_midst_gets_nothing_of_what_is_in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2)])
    token = token_of(made, mailing_id, "p2")
    shown = opt_out(made, token)
    assert (shown["address"], shown["opted_out"]) == ("p•••@c.example", True)
    assert opt_out(made, token) == shown
    assert len(made.documents("outbox")) == 2  # of the gathering, and one of the opt-out
    made.turn(mailing_id, monkeypatch)
    assert made.to() == ["p1@c.example"]
    assert outcomes(made, mailing_id)["p2"] == ("suppressed", "opted_out")
    other = made.sending([audience_member(9, email="p2@c.example")])
    made.turn(other, monkeypatch)
    assert outcomes(made, other) == {"p9": ("suppressed", "opted_out")}
    forged = {"recipient_id": token.record, "digest": "0" * 64, "source": "page"}
    assert made.refusal(commands.opt_out, **forged) == "opt_out_not_found"
    assert made.refusal(queries.get_opt_out, recipient_id="0" * 32, digest=token.digest) == "opt_out_not_found"


def test_a_consent_that_is_withdrawn_meanwhile_counts_and_one_that_is_given_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2), audience_member(3)])
    made.decides("p1", False)
    made.decides("p2", False, channel="post")
    opt_out(made, token_of(made, mailing_id, "p3"))
    made.decides("p3", True, NOW + dt.timedelta(days=1))
    made.turn(mailing_id, monkeypatch)
    assert made.to() == ["p2@c.example", "p3@c.example"]


def test_of_two_who_share_an_address_each_opts_out_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InMemoryMailings()
    for person in ("p1", "p2"):
        opt_out(made, token_of(made, made.sending([audience_member(int(person[1]), email="casa@c.example")]), person))
    heard = [json.loads(one["envelope"]) for one in made.documents("outbox") if one["name"] == "recipient_opted_out"]
    assert [one["data"]["person_id"] for one in heard] == ["p1", "p2"]
    # as people tells of both, and of the first one's new consent
    for person, given, day in (("p1", False, 0), ("p2", False, 0), ("p1", True, 1)):
        made.decides(person, given, NOW + dt.timedelta(days=day))
    again = [made.sending([audience_member(number, email="casa@c.example")]) for number in (1, 2)]
    for mailing_id in again:
        made.turn(mailing_id, monkeypatch)
    assert outcomes(made, again[1]) == {"p2": ("suppressed", "opted_out")}
    assert made.to() == ["casa@c.example"]


def test_of_a_person_who_was_erased_since_the_batch_was_told_nothing_is_kept() -> None:
    made = InMemoryMailings()
    made.collection(PERSONS).put({"_id": "p2", "sequence": LAST, "erased": True, "name": "Pessoa apagada"})
    mailing_id = made.mailing()
    made.batch(mailing_id, 1, [audience_member(1), audience_member(2, name="Zilda", address={"city": "Betim"})])
    assert outcomes(made, mailing_id).keys() == {"p1"}
    assert "Zilda" not in str(made.documents("mailing_recipients"))
    assert made.shown(mailing_id).counts == {"waiting": 1}


def test_only_listed_variables_are_filled_in_and_what_they_hold_is_not_filled_again() -> None:
    made = InMemoryMailings()
    for text in ("{{ senha }}", "{% if a %}", "{{ cliente.nome | upper }}", "{# x #}"):
        assert made.refusal(commands.create_mailing, **{**DRAFT, "text": text}) == "mailing_variable_unknown"
    mailing_id = made.mailing(kind="after_sale")
    made.batch(mailing_id, 1, [audience_member(1, name="{{ hoje }}", email=None, address={"city": "Betim"})])
    (letter,) = made.ask(queries.list_mailing_letters, mailing_id=mailing_id)["items"]
    assert letter["text"] == "Olá, {{ hoje }}!"


def test_an_erased_person_is_no_recipient_any_more_and_their_link_opens_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2, name="Zilda", address={"city": "Betim"})])
    token = token_of(made, mailing_id, "p2")
    held = [one for one in INVENTORY if one.collection == "mailing_recipients"]
    tenant: Any = made
    done, _ = erase_rows(tenant, held, "p2")
    assert [(one.what, one.outcome, one.count) for one in done] == [("mailing_recipients", "anonymised", 1)]
    assert not any("Zilda" in str(row) or "p2@" in str(row) for row in made.documents("mailing_recipients"))
    made.turn(mailing_id, monkeypatch)
    assert made.to() == ["p1@c.example"]
    assert outcomes(made, mailing_id)["p2"] == ("suppressed", "person_erased")
    assert made.refusal(queries.get_opt_out, recipient_id=token.record, digest=token.digest) == "opt_out_not_found"


def test_a_mail_that_bounces_after_it_was_sent_ends_its_recipient_and_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = InMemoryMailings()
    mailing_id = made.sending([audience_member(1), audience_member(2)])
    made.turn(mailing_id, monkeypatch)
    bounced = made.mails[0]
    assert bounced.bounce("DSN 5.1.1", "no such user", NOW)
    made.run(lambda tx: tx.note_bounce(bounced))
    assert outcomes(made, mailing_id) == {"p1": ("dead", "DSN 5.1.1"), "p2": ("sent", None)}
    assert made.shown(mailing_id).counts == {"sent": 1, "dead": 1}
    made.turn(mailing_id, monkeypatch)
    assert len(made.mails) == 2


def test_a_filter_by_the_last_contact_is_kept_asked_for_and_answered_by_attendance() -> None:
    made = InMemoryMailings()
    mailing_id = made.mailing(filter={"contact_since": "2026-01-01", "no_contact_since": "2026-06-01"})
    asked = json.loads(made.documents("outbox")[-1]["envelope"])["data"]["filter"]
    assert (asked["contact_since"], asked["no_contact_since"]) == ("2026-01-01", "2026-06-01")
    assert made.shown(mailing_id).filter["contact_since"] == dt.date(2026, 1, 1)
    gathering_id = made.shown(mailing_id).gathering_id
    chosen = {"gathering_id": gathering_id, "mailing_id": mailing_id, "last": True, "persons": [audience_member(1)]}
    made._hear(subscribers.on_attendance_mailing_candidates_chosen, 1, load(subscribers.BatchSeen, chosen))
    assert made.shown(mailing_id).state == "ready"
    assert set(outcomes(made, mailing_id)) == {"p1"}


def test_a_draft_of_the_version_before_is_gathered_without_those_days() -> None:
    made = InMemoryMailings()
    mailing_id = made.ask(commands.create_mailing, **DRAFT).id
    kept = made.collection("mailings").kept[mailing_id]["filter"]
    del kept["contact_since"], kept["no_contact_since"]
    assert made.ask(commands.gather_mailing, mailing_id=mailing_id).state == "gathering"


@pytest.mark.parametrize(
    ("scopes", "code"),
    [({"flow": ["f1"]}, "scope_narrowed"), ({"section": ["orders"]}, "section_hidden"), ({"category": ["c"]}, None)],
)
def test_who_sees_a_part_of_the_attendances_does_not_ask_for_last_contacts(
    scopes: dict[str, Any], code: str | None
) -> None:
    made = InMemoryMailings()
    made.actor = Actor("ana", "Ana", scopes=scopes)
    by_contact = {"filter": {"no_contact_since": "2026-06-01"}}
    draft = made.ask(commands.create_mailing, **DRAFT)
    for use_case, given in (
        (commands.create_mailing, {**DRAFT, **by_contact}),
        (commands.change_mailing, {"mailing_id": draft.id, **by_contact}),
    ):
        if code is None:
            made.ask(use_case, **given)
        else:
            assert made.refusal(use_case, **given) == code
