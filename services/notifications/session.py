"""The session that the use cases of `notifications` receive: the repositories of one company."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.access.roles import BUILT_IN_ROLES
from services.chassis.access.row_visibility import PERSONS, AttendanceFiling, AttendanceReplicas
from services.chassis.access.visibility import CATEGORY
from services.chassis.handling.session import Namer, Session, repository
from services.chassis.lazy import lazy
from services.chassis.references import USERS
from services.chassis.replicas.persons import persons_of
from services.chassis.replicas.zones import zone_of
from services.notifications.accounts import repository as accounts_repository
from services.notifications.accounts.repository import Accounts
from services.notifications.deliveries import repository as deliveries_repository
from services.notifications.deliveries.model import (
    DEAD,
    MAILING_CANCELLED,
    MAILING_PAUSED,
    OPTED_OUT,
    PERSON_ERASED,
    SENT,
    Delivery,
    Enclosure,
)
from services.notifications.deliveries.repository import Deliveries, Enclosures, document_of
from services.notifications.inbound import repository as inbound_repository
from services.notifications.inbound.repository import InboundMessages, PersonsByAddress
from services.notifications.mailboxes import repository as mailboxes_repository
from services.notifications.mailboxes.checking import reply_key
from services.notifications.mailboxes.model import reply_address
from services.notifications.mailboxes.repository import Mailboxes
from services.notifications.mailings import repository as mailings_repository
from services.notifications.mailings.model import CANCELLED, PAUSED
from services.notifications.mailings.repository import (
    MAILINGS,
    RECIPIENTS,
    Addressee,
    Mailings,
    OptOuts,
    Recipients,
)
from services.notifications.members import repository as members_repository
from services.notifications.members.model import absence, refusal
from services.notifications.members.repository import ROLES, Members
from services.notifications.templates import repository as templates_repository
from services.notifications.templates.repository import TEMPLATES, MailTemplates
from services.notifications.watching import repository as watching_repository
from services.notifications.watching.repository import (
    HISTORY,
    TELLINGS,
    Digests,
    StoredWatchSettings,
    Watches,
    WatchHistory,
)
from services.notifications.webhooks import repository as webhooks_repository
from services.notifications.webhooks.repository import Feed, Webhooks
from services.notifications.whatsapp import files as whatsapp_files
from services.notifications.whatsapp import repository as whatsapp_repository
from services.notifications.whatsapp.files import WhatsAppFiles
from services.notifications.whatsapp.repository import Conversations
from services.notifications.whatsapp_accounts import repository as whatsapp_accounts_repository
from services.notifications.whatsapp_accounts.repository import WhatsAppAccounts

INDEXES = (
    *watching_repository.INDEXES,
    *deliveries_repository.INDEXES,
    *accounts_repository.INDEXES,
    *whatsapp_accounts_repository.INDEXES,
    *whatsapp_repository.INDEXES,
    *whatsapp_files.INDEXES,
    *webhooks_repository.INDEXES,
    *mailings_repository.INDEXES,
    *templates_repository.INDEXES,
    *members_repository.INDEXES,
    *inbound_repository.INDEXES,
    *mailboxes_repository.INDEXES,
)


@dataclass(frozen=True)
class PermissionCheck:
    """Deliveries of one company, to check whether they may be sent. `unmerged`: ids of persons that are known to lead
    to no other one.
    """

    company: str
    deliveries: tuple[Delivery, ...]
    told: tuple[AttendanceFiling, ...] = ()
    unmerged: frozenset[str] = frozenset()


class NotificationsSession(Session):
    accounts = repository(lambda session: Accounts(session.tenant))
    whatsapp_accounts = repository(lambda session: WhatsAppAccounts(session.tenant))
    conversations = repository(lambda session: Conversations(session.tenant, session.redirects))
    whatsapp_files = repository(lambda session: WhatsAppFiles(session.tenant))
    mail_templates = repository(lambda session: MailTemplates(session.collection(TEMPLATES)))
    feed = repository(lambda session: Feed(session.tenant))
    webhooks = repository(lambda session: Webhooks(session.tenant))
    mailings = repository(lambda session: Mailings(session.collection(MAILINGS)))
    mailing_recipients = repository(lambda session: Recipients(session.collection(RECIPIENTS)))
    opt_outs = repository(lambda session: OptOuts(session.tenant))
    zone = repository(lambda session: zone_of(session.tenant))
    watch_settings = repository(lambda session: StoredWatchSettings(session.tenant))
    watch_history = repository(lambda session: WatchHistory(session.collection(HISTORY)))
    digests = repository(lambda session: Digests(session.tenant))
    watches = repository(lambda session: Watches(session.collection("watches")))
    deliveries = repository(lambda session: Deliveries(session.collection("deliveries")))
    enclosures = repository(lambda session: Enclosures(session.collection("enclosures")))
    inbound = repository(lambda session: InboundMessages(session.tenant))
    mailboxes = repository(lambda session: Mailboxes(session.tenant))
    persons_by_address = repository(lambda session: PersonsByAddress(session.collection(PERSONS), session.redirects))
    tellings = repository(lambda session: session.collection(TELLINGS))
    persons = repository(lambda session: persons_of(session.tenant, session.redirects))
    members = repository(lambda session: Members(session.tenant))
    attendances = repository(lambda session: AttendanceReplicas(session.tenant))

    @lazy
    def namers(self) -> dict[str, Namer]:
        return {
            PERSONS: self._persons_named,
            USERS: self.namer(USERS, f"{self.company}:"),
            ROLES: self.namer(ROLES, f"{self.company}:", BUILT_IN_ROLES),
        }

    def _persons_named(self, person_ids: Collection[str]) -> dict[str, str | None]:
        """The names of the persons that the user sees; a mailing's filter may name others, who get None."""
        if not self.actor.sight.narrowed(CATEGORY):
            return dict(self.namer(PERSONS)(person_ids))
        rows, asked = self.tenant.collection(PERSONS).visible, {"_id": {"$in": sorted(person_ids)}}
        return {row["_id"]: row.get("name") for row in rows.find(asked, [("_id", 1)], len(person_ids), ("name",))}

    def categories(self, person_ids: Collection[str]) -> dict[str, Collection[str] | None]:
        """By person id: the categories of the person that the id leads to, None where that person's data was erased.

        Two reads, and one more for each further redirection of a chain.
        """
        self.redirects.prefetch(person_ids)
        leads = {one: self.redirects.current(one) for one in person_ids}
        copies = {one["_id"]: one for one in self.persons.find_many(sorted({*leads, *leads.values()}))}
        found: dict[str, Collection[str] | None] = {}
        for asked, current in leads.items():
            copy = copies.get(current, {})
            erased = copy.get("erased") or copies.get(asked, {}).get("erased")
            found[asked] = None if erased else copy.get("categories") or ()
        return found

    def refusals(self, deliveries: Sequence[Delivery], told: Sequence[AttendanceFiling] = ()) -> list[str | None]:
        """For each delivery the code of why it may not be sent now, or None. The reads are shared with the other checks
        of this process (deliveries/permission_checks.py). `told`: attendances' data of the event that is being handled,
        newer than the copies here.
        """
        if self.shared is None:
            return self.find_refusals(deliveries, told)
        unmerged = frozenset(one.person_id for one in deliveries if self.redirects.leads_nowhere(one.person_id))
        found: list[str | None] = self.shared.ask(
            PermissionCheck(self.company, tuple(deliveries), tuple(told), unmerged)
        )
        return found

    def find_refusals(self, deliveries: Sequence[Delivery], told: Sequence[AttendanceFiling] = ()) -> list[str | None]:
        """As `refusals`, by reads of its own; the number of deliveries does not change how many."""
        categories = self.categories({one.person_id for one in deliveries})
        users = {one.user_id for one in deliveries if one.user_id}
        members = self.members.known(users)
        attendances = {about for one in deliveries if one.user_id for about in _attendances(one)}
        facts = self.attendances.facts_of(attendances, told)

        of_mailings = self.mailing_refusals([one for one in deliveries if one.mailing_id])

        def reason(one: Delivery) -> str | None:
            of_person = categories[one.person_id]
            if of_person is None:
                return PERSON_ERASED
            if one.mailing_id:
                return of_mailings.get(one.id)
            if one.user_id is not None and not one.person_id:  # it is about nobody
                return absence(members.get(one.user_id))
            if one.user_id is None or one.attendance_id is None:  # it goes to the customer
                return None
            refusals = (refusal(members.get(one.user_id), of_person, facts[about]) for about in _attendances(one))
            return next(filter(None, refusals), None)

        return [reason(one) for one in deliveries]

    def mailing_refusals(self, deliveries: Sequence[Delivery]) -> dict[str, str]:
        """By delivery id, why mails of mailings may not be sent now: the mailing is paused or cancelled, or the
        recipient has opted out. Three reads, none without deliveries.
        """
        if not deliveries:
            return {}
        states_and_purposes = self.mailings.states_and_purposes(
            {one.mailing_id for one in deliveries if one.mailing_id}
        )
        found: dict[str, str] = {}
        asked: dict[str, Addressee] = {}
        for one in deliveries:
            state, purpose = states_and_purposes.get(one.mailing_id or "", (CANCELLED, ""))
            if state == CANCELLED:
                found[one.id] = MAILING_CANCELLED
            elif state == PAUSED:
                found[one.id] = MAILING_PAUSED
            else:
                asked[one.id] = Addressee(one.person_id, purpose, one.recipient)
        declined = self.opt_outs.among(asked.values())
        return {**found, **{key: OPTED_OUT for key, one in asked.items() if one in declined}}

    def note_bounce(self, delivery: Delivery) -> None:
        """Saves the bounce, and makes the delivery's recipient in its mailing `dead`. In a transaction."""
        self.deliveries.save_bounce(delivery)
        mailing = self.mailings.find(delivery.mailing_id) if delivery.mailing_id else None
        if mailing is None:
            return
        ended = {"outcome": DEAD, "reason": delivery.last_error}
        count = self.mailing_recipients.settle_by_address(mailing.id, delivery.recipient, SENT, **ended)
        if count:
            mailing.count({SENT: -count, DEAD: count})
            self.mailings.save(mailing)

    def queue(self, delivery: Delivery) -> None:
        """Stores the delivery with what is pending; the sender (deliveries/jobs.py) takes it afterwards."""
        self.enqueue("deliveries", document_of(delivery))

    def enqueue_remaining_watchers(self, event_id: str, entry: dict[str, Any], after: str) -> None:
        """Enqueues the mails to the watchers whose user ids come after `after`, for watching/jobs.py; nothing about an
        erased person."""
        if self.categories([entry["person_id"]])[entry["person_id"]] is None:
            return
        telling = {"person_id": entry["person_id"], "created_at": self.now, "entry": entry, "after": after}
        self.enqueue(TELLINGS, {"_id": event_id, **telling})

    def reply_to(self, delivery: Delivery) -> str | None:
        """Row N10: the signed Reply-To address of a mail to a customer; None where answers go to its sender.

        Raises Conflict("secret_unstorable").
        """
        mailbox = self.mailboxes.of_company() if delivery.user_id is None else None
        if mailbox is None or not mailbox.plus_addresses:
            return None
        return reply_address(mailbox.address, reply_key(self.company, mailbox), delivery.id)

    def enclose(self, enclosure: Enclosure) -> None:
        """Stores what a delivery encloses, at once: it is there before the delivery is pending."""
        self.enclosures.add(enclosure)


def _attendances(delivery: Delivery) -> list[str]:
    """The ids of the attendances that the delivery is about."""
    first = [delivery.attendance_id] if delivery.attendance_id else []
    return [*first, *delivery.more_attendances]
