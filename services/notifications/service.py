"""Notifications: who watches a person, and what was sent to them."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.personal_data import erasure
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.notifications import events, personal_data, visibility
from services.notifications import session as notifications_session
from services.notifications import subscribers as notifications_subscribers
from services.notifications.accounts import commands as accounts_commands
from services.notifications.accounts import queries as accounts_queries
from services.notifications.accounts import repository as accounts_repository
from services.notifications.audience import queries as audience_queries
from services.notifications.deliveries import commands as deliveries_commands
from services.notifications.deliveries import queries as deliveries_queries
from services.notifications.deliveries import repository as deliveries_repository
from services.notifications.deliveries.jobs import make_sender
from services.notifications.deliveries.permission_checks import PermissionChecks, make_permission_checks
from services.notifications.emails import commands as emails_commands
from services.notifications.inbound import commands as inbound_commands
from services.notifications.inbound import queries as inbound_queries
from services.notifications.inbound import repository as inbound_repository
from services.notifications.inbound import subscribers as inbound_subscribers
from services.notifications.inbound.jobs import make_reminder
from services.notifications.inbound.repository import MESSAGES
from services.notifications.mailboxes import commands as mailboxes_commands
from services.notifications.mailboxes import queries as mailboxes_queries
from services.notifications.mailboxes.jobs import make_reader
from services.notifications.mailboxes.repository import MAILBOXES
from services.notifications.mailings import commands as mailings_commands
from services.notifications.mailings import queries as mailings_queries
from services.notifications.mailings import repository as mailings_repository
from services.notifications.mailings import subscribers as mailings_subscribers
from services.notifications.mailings.jobs import make_mailer
from services.notifications.mailings.repository import MAILINGS
from services.notifications.session import NotificationsSession
from services.notifications.templates import commands as templates_commands
from services.notifications.templates import queries as templates_queries
from services.notifications.watching import commands as watching_commands
from services.notifications.watching import queries as watching_queries
from services.notifications.watching import repository as watching_repository
from services.notifications.watching.jobs import make_digester, make_watcher_mailer
from services.notifications.watching.repository import DIGESTS, TELLINGS
from services.notifications.webhooks import commands as webhooks_commands
from services.notifications.webhooks import queries as webhooks_queries
from services.notifications.webhooks import repository as webhooks_repository
from services.notifications.webhooks.jobs import make_caller
from services.notifications.webhooks.recording import also_record, erasure_rows, imported_rows, subscribe_for_feed
from services.notifications.webhooks.repository import WEBHOOKS
from services.notifications.whatsapp import commands as whatsapp_commands
from services.notifications.whatsapp import files as whatsapp_files
from services.notifications.whatsapp import queries as whatsapp_queries
from services.notifications.whatsapp import repository as whatsapp_repository
from services.notifications.whatsapp import uploads as whatsapp_uploads
from services.notifications.whatsapp.jobs import make_fetcher
from services.notifications.whatsapp_accounts import commands as whatsapp_accounts_commands
from services.notifications.whatsapp_accounts import queries as whatsapp_accounts_queries


class Notifications(Service):
    name = events.SERVICE
    session = NotificationsSession
    indexes = notifications_session.INDEXES
    expiries = accounts_repository.EXPIRIES
    retentions = (
        *deliveries_repository.RETENTIONS,
        *watching_repository.RETENTIONS,
        *webhooks_repository.RETENTIONS,
        *inbound_repository.RETENTIONS,
        *mailings_repository.RETENTIONS,
        *whatsapp_repository.RETENTIONS,
        *whatsapp_files.RETENTIONS,
    )
    jobs: ClassVar = {
        "deliveries": make_sender,
        TELLINGS: make_watcher_mailer,
        DIGESTS: make_digester,
        WEBHOOKS: make_caller,
        MAILBOXES: make_reader,
        MESSAGES: make_reminder,
        MAILINGS: make_mailer,
        whatsapp_files.FILES: make_fetcher,
        "erasures": erasure.worker(events.PERSON_DATA_ERASED),
    }
    inventory = personal_data.INVENTORY
    visibility_rules = visibility.VISIBILITY_RULES
    runtime = Runtime()

    @classmethod
    def shared(cls, runtime: Runtime) -> PermissionChecks:
        return make_permission_checks(runtime)

    # watching persons, and the delivery log (rows N1, N7)
    watch_person = watching_commands.watch_person
    unwatch_person = watching_commands.unwatch_person
    list_watchers = watching_queries.list_watchers
    list_watches = watching_queries.list_watches
    list_watch_changes = watching_queries.list_watch_changes
    get_watch_settings = watching_queries.get_watch_settings
    change_watch_settings = watching_commands.change_watch_settings
    list_deliveries = deliveries_queries.list_deliveries
    get_delivery = deliveries_queries.get_delivery
    retry_delivery = deliveries_commands.retry_delivery

    # mail accounts, and which one a mail goes through: rows N2, N5
    put_own_mail_account = accounts_commands.put_own_mail_account
    remove_own_mail_account = accounts_commands.remove_own_mail_account
    get_own_mail_account = accounts_queries.get_own_mail_account
    put_company_mail_account = accounts_commands.put_company_mail_account
    remove_company_mail_account = accounts_commands.remove_company_mail_account
    get_company_mail_account = accounts_queries.get_company_mail_account
    get_mail_usage = accounts_queries.get_mail_usage
    get_mail_sender = accounts_queries.get_mail_sender

    # WhatsApp: row N4
    put_whatsapp_account = whatsapp_accounts_commands.put_whatsapp_account
    remove_whatsapp_account = whatsapp_accounts_commands.remove_whatsapp_account
    get_whatsapp_account = whatsapp_accounts_queries.get_whatsapp_account
    read_whatsapp_templates = whatsapp_accounts_commands.read_whatsapp_templates
    list_whatsapp_templates = whatsapp_accounts_queries.list_whatsapp_templates
    begin_whatsapp_upload = whatsapp_uploads.begin_whatsapp_upload
    add_whatsapp_upload_part = whatsapp_uploads.add_whatsapp_upload_part
    finish_whatsapp_upload = whatsapp_uploads.finish_whatsapp_upload
    send_whatsapp_message = whatsapp_commands.send_whatsapp_message
    list_whatsapp_messages = whatsapp_queries.list_whatsapp_messages
    get_whatsapp_file = whatsapp_queries.get_whatsapp_file
    get_whatsapp_file_part = whatsapp_queries.get_whatsapp_file_part
    get_whatsapp_windows = whatsapp_queries.get_whatsapp_windows
    verify_whatsapp_callback = whatsapp_commands.verify_whatsapp_callback
    take_whatsapp_callback = whatsapp_commands.take_whatsapp_callback

    # templates of e-mails: row N5
    add_mail_template = templates_commands.add_mail_template
    change_mail_template = templates_commands.change_mail_template
    delete_mail_template = templates_commands.delete_mail_template
    get_mail_template = templates_queries.get_mail_template
    list_mail_templates = templates_queries.list_mail_templates

    # webhooks and the event feed: row N9
    create_webhook = webhooks_commands.create_webhook
    change_webhook = webhooks_commands.change_webhook
    rotate_webhook_secret = webhooks_commands.rotate_webhook_secret
    redeliver_webhook = webhooks_commands.redeliver_webhook
    delete_webhook = webhooks_commands.delete_webhook
    get_webhook = webhooks_queries.get_webhook
    list_webhooks = webhooks_queries.list_webhooks
    list_events = webhooks_queries.list_events

    # mailings to many: row N6
    create_mailing = mailings_commands.create_mailing
    change_mailing = mailings_commands.change_mailing
    gather_mailing = mailings_commands.gather_mailing
    start_mailing = mailings_commands.start_mailing
    pause_mailing = mailings_commands.pause_mailing
    resume_mailing = mailings_commands.resume_mailing
    cancel_mailing = mailings_commands.cancel_mailing
    copy_mailing = mailings_commands.copy_mailing
    get_mailing = mailings_queries.get_mailing
    list_mailings = mailings_queries.list_mailings
    list_mailing_recipients = mailings_queries.list_mailing_recipients
    get_mailing_preview = mailings_queries.get_mailing_preview
    list_mailing_letters = mailings_queries.list_mailing_letters
    opt_out = mailings_commands.opt_out
    get_opt_out = mailings_queries.get_opt_out
    on_people_mailing_audience_gathered = mailings_subscribers.on_people_mailing_audience_gathered
    on_attendance_mailing_candidates_chosen = mailings_subscribers.on_attendance_mailing_candidates_chosen
    on_people_consent_changed = also_record(mailings_subscribers.on_people_consent_changed)

    # who would be told: row N8
    get_audience = audience_queries.get_audience

    # an e-mail to a person: row N2
    send_person_email = emails_commands.send_person_email

    # messages received from customers: row N10
    assign_inbound_message = inbound_commands.assign_inbound_message
    discard_inbound_message = inbound_commands.discard_inbound_message
    list_inbound_messages = inbound_queries.list_inbound_messages
    get_inbound_message = inbound_queries.get_inbound_message
    on_attendance_message_filed = inbound_subscribers.on_attendance_message_filed

    # mailboxes that are read for answers: row N10
    put_own_mailbox = mailboxes_commands.put_own_mailbox
    remove_own_mailbox = mailboxes_commands.remove_own_mailbox
    get_own_mailbox = mailboxes_queries.get_own_mailbox
    put_company_mailbox = mailboxes_commands.put_company_mailbox
    remove_company_mailbox = mailboxes_commands.remove_company_mailbox
    get_company_mailbox = mailboxes_queries.get_company_mailbox

    # events of other services
    on_attendance_entry_recorded = also_record(notifications_subscribers.on_attendance_entry_recorded)
    on_sales_document_sent = notifications_subscribers.on_sales_document_sent
    on_sales_nfe_sent = notifications_subscribers.on_sales_nfe_sent
    on_people_person_registered = also_record(notifications_subscribers.on_people_person_registered)
    on_people_persons_imported = also_record(notifications_subscribers.on_people_persons_imported, imported_rows)
    on_people_person_changed = also_record(notifications_subscribers.on_people_person_changed)

    # replicas that decide who receives and sees what
    on_people_company_changed = notifications_subscribers.on_people_company_changed
    on_people_user_changed = notifications_subscribers.on_people_user_changed
    on_people_key_changed = notifications_subscribers.on_people_key_changed
    on_people_role_changed = notifications_subscribers.on_people_role_changed
    on_attendance_attendance_opened = also_record(notifications_subscribers.on_attendance_attendance_opened)
    on_attendance_attendance_filed = also_record(notifications_subscribers.on_attendance_attendance_filed)
    on_attendance_flow_changed = notifications_subscribers.on_attendance_flow_changed

    # heard for the event feed alone: row N9
    on_attendance_attendance_changed = subscribe_for_feed("attendance", "attendance_changed")
    on_attendance_attendance_moved = subscribe_for_feed("attendance", "attendance_moved")
    on_attendance_attendance_closed = subscribe_for_feed("attendance", "attendance_closed")
    on_attendance_attendance_reopened = subscribe_for_feed("attendance", "attendance_reopened")
    on_attendance_attendance_purged = subscribe_for_feed("attendance", "attendance_purged")
    on_sales_opportunity_created = subscribe_for_feed("sales", "opportunity_created")
    on_sales_opportunity_changed = subscribe_for_feed("sales", "opportunity_changed")
    on_sales_opportunity_closed = subscribe_for_feed("sales", "opportunity_closed")
    on_sales_opportunity_reopened = subscribe_for_feed("sales", "opportunity_reopened")
    on_sales_opportunity_deleted = subscribe_for_feed("sales", "opportunity_deleted")
    on_sales_action_added = subscribe_for_feed("sales", "action_added")
    on_sales_action_settled = subscribe_for_feed("sales", "action_settled")
    on_sales_quote_changed = subscribe_for_feed("sales", "quote_changed")
    on_sales_quote_answered = subscribe_for_feed("sales", "quote_answered")
    on_sales_order_placed = subscribe_for_feed("sales", "order_placed")
    on_sales_order_cancelled = subscribe_for_feed("sales", "order_cancelled")
    on_sales_order_deleted = subscribe_for_feed("sales", "order_deleted")
    on_sales_nfe_changed = subscribe_for_feed("sales", "nfe_changed")
    on_sales_contract_billed = subscribe_for_feed("sales", "contract_billed")
    on_sales_receivable_withdrawn = subscribe_for_feed("sales", "receivable_withdrawn")
    on_sales_payment_recorded = subscribe_for_feed("sales", "payment_recorded")
    on_sales_payment_reversed = subscribe_for_feed("sales", "payment_reversed")
    on_sales_service_order_changed = subscribe_for_feed("sales", "service_order_changed")
    on_sales_service_order_deleted = subscribe_for_feed("sales", "service_order_deleted")
    on_sales_service_invoice_changed = subscribe_for_feed("sales", "service_invoice_changed")
    on_scheduling_appointment_booked = subscribe_for_feed("scheduling", "appointment_booked")

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = also_record(personal_data.on_people_person_merged)
    on_people_person_unmerged = also_record(personal_data.on_people_person_unmerged)
    on_people_person_erasure_requested = also_record(personal_data.on_people_person_erasure_requested, erasure_rows)
    get_person_data = personal_data.get_person_data
