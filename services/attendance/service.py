"""The attendance service: conversations with persons and their entries. All its methods, events and jobs."""

from __future__ import annotations

from typing import ClassVar

from services.attendance import events, personal_data, subscribers, visibility
from services.attendance import session as attendance_session
from services.attendance.attachments import commands as attachments_commands
from services.attendance.attachments import queries as attachments_queries
from services.attendance.attachments import repository as attachments_repository
from services.attendance.attachments.jobs import make_cleaner, make_expirer
from services.attendance.attendances import commands as attendances_commands
from services.attendance.attendances import jobs as attendances_jobs
from services.attendance.attendances import queries as attendances_queries
from services.attendance.audiences import subscribers as audiences_subscribers
from services.attendance.board import queries as board_queries
from services.attendance.centers import commands as centers_commands
from services.attendance.centers import queries as centers_queries
from services.attendance.conversations import queries as conversations_queries
from services.attendance.conversations import subscribers as conversations_subscribers
from services.attendance.critical import commands as critical_commands
from services.attendance.critical import queries as critical_queries
from services.attendance.cycles import commands as cycles_commands
from services.attendance.cycles import queries as cycles_queries
from services.attendance.dashboards import queries as dashboards_queries
from services.attendance.drafts import commands as drafts_commands
from services.attendance.drafts import queries as drafts_queries
from services.attendance.emails import commands as emails_commands
from services.attendance.entries import commands as entries_commands
from services.attendance.entries import queries as entries_queries
from services.attendance.filing import commands as filing_commands
from services.attendance.filing import queries as filing_queries
from services.attendance.flows import commands as flows_commands
from services.attendance.flows import queries as flows_queries
from services.attendance.received import commands as received_commands
from services.attendance.received import queries as received_queries
from services.attendance.received import subscribers as received_subscribers
from services.attendance.session import AttendanceSession
from services.attendance.settings import commands as settings_commands
from services.attendance.settings import queries as settings_queries
from services.attendance.setup import commands as setup_commands
from services.attendance.setup import queries as setup_queries
from services.attendance.tags import commands as tags_commands
from services.attendance.tags import queries as tags_queries
from services.attendance.types import commands as types_commands
from services.attendance.types import queries as types_queries
from services.attendance.view import queries as view_queries
from services.attendance.workflow import commands as workflow_commands
from services.attendance.workflow import queries as workflow_queries
from services.chassis.personal_data import erasure
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service


class Attendance(Service):
    name = events.SERVICE
    session = AttendanceSession
    indexes = attendance_session.INDEXES
    inventory = personal_data.INVENTORY
    visibility_rules = visibility.VISIBILITY_RULES
    expiries = attachments_repository.EXPIRIES
    jobs: ClassVar = {
        "erasures": erasure.worker(events.PERSON_DATA_ERASED),
        attachments_repository.UPLOADS: make_cleaner,
        attachments_repository.ATTACHMENTS: make_expirer,
        attendance_session.RENAMES: attendances_jobs.make_renamer,
    }
    runtime = Runtime()

    # responsibility centers: row A1
    create_center = centers_commands.create_center
    change_center = centers_commands.change_center
    delete_center = centers_commands.delete_center
    get_center = centers_queries.get_center
    list_centers = centers_queries.list_centers

    # workflows: row A2
    create_workflow = workflow_commands.create_workflow
    change_workflow = workflow_commands.change_workflow
    publish_workflow = workflow_commands.publish_workflow
    delete_workflow = workflow_commands.delete_workflow
    get_workflow = workflow_queries.get_workflow
    get_workflow_check = workflow_queries.get_workflow_check
    list_workflows = workflow_queries.list_workflows

    # service cycles: row A3
    create_cycle = cycles_commands.create_cycle
    change_cycle = cycles_commands.change_cycle
    delete_cycle = cycles_commands.delete_cycle
    get_service_cycle = cycles_queries.get_service_cycle
    list_cycles = cycles_queries.list_cycles

    # attendance types and the company's options: row A4
    create_type = types_commands.create_type
    change_type = types_commands.change_type
    delete_type = types_commands.delete_type
    get_type = types_queries.get_type
    list_types = types_queries.list_types
    change_options = types_commands.change_options
    get_options = types_queries.get_options

    # the whole configuration as one document: rows A1 to A4
    apply_configuration = setup_commands.apply_configuration
    get_configuration = setup_queries.get_configuration

    # attendances: rows A7, A11, A16
    open_attendance = attendances_commands.open_attendance
    duplicate_attendance = attendances_commands.duplicate_attendance
    change_attendance = attendances_commands.change_attendance
    close_attendance = attendances_commands.close_attendance
    get_attendance = attendances_queries.get_attendance
    get_attendance_details = attendances_queries.get_attendance_details

    # the screen of one: rows A8, A9, A11, A12, A14
    get_attendance_view = view_queries.get_attendance_view
    # of that of a person: row G1
    get_person_attendances = view_queries.get_person_attendances

    # entries and steps: rows A8, A10, A11
    send_email = emails_commands.send_email
    record_entry = entries_commands.record_entry
    list_entries = entries_queries.list_entries
    list_entries_in_time = entries_queries.list_entries_in_time
    list_standard_texts = entries_queries.list_standard_texts
    move_attendance = entries_commands.move_attendance
    get_next_step = entries_queries.get_next_step

    # drafts: row A9
    save_attendance_draft = drafts_commands.save_attendance_draft
    save_person_draft = drafts_commands.save_person_draft
    discard_attendance_draft = drafts_commands.discard_attendance_draft
    discard_person_draft = drafts_commands.discard_person_draft
    get_attendance_draft = drafts_queries.get_attendance_draft
    get_person_draft = drafts_queries.get_person_draft
    list_drafts = drafts_queries.list_drafts

    # the cycle of an attendance: row A12
    answer_cycle = cycles_commands.answer_cycle
    get_cycle = cycles_queries.get_cycle

    # flows and their tags: rows A5, A6
    create_flow = flows_commands.create_flow
    change_flow = flows_commands.change_flow
    activate_flow = flows_commands.activate_flow
    deactivate_flow = flows_commands.deactivate_flow
    delete_flow = flows_commands.delete_flow
    get_flow = flows_queries.get_flow
    list_flows = flows_queries.list_flows
    list_tags = tags_queries.list_tags
    create_tag = tags_commands.create_tag
    change_tag = tags_commands.change_tag
    delete_tag = tags_commands.delete_tag
    take_tag_ordering = tags_commands.take_tag_ordering
    renew_tag_ordering = tags_commands.renew_tag_ordering
    release_tag_ordering = tags_commands.release_tag_ordering
    order_tags = tags_commands.order_tags
    tag_attendances = tags_commands.tag_attendances

    # figures for dashboards
    get_ages_by_center = dashboards_queries.get_ages_by_center

    # the board of a flow: rows A6, A13
    get_flow_board = board_queries.get_flow_board
    list_flow_cards = board_queries.list_flow_cards

    # the list of a flow, and filing: rows A13, A14
    list_flow_attendances = filing_queries.list_flow_attendances
    get_neighbours = filing_queries.get_neighbours
    archive_attendance = filing_commands.archive_attendance
    unarchive_attendance = filing_commands.unarchive_attendance
    trash_attendance = filing_commands.trash_attendance
    restore_attendance = filing_commands.restore_attendance
    purge_attendance = filing_commands.purge_attendance
    move_to_flow = filing_commands.move_to_flow
    get_settings = settings_queries.get_settings
    change_settings = settings_commands.change_settings

    # queries of attendances, production, critical factors: rows A16, A17, A18
    list_attendances = attendances_queries.list_attendances
    list_company_attendances = attendances_queries.list_company_attendances
    list_production = attendances_queries.list_production
    list_critical_factors = critical_queries.list_critical_factors
    count_critical_factors = critical_queries.count_critical_factors
    forward_critical_factor = critical_commands.forward_critical_factor

    # opportunities' conversations: row S1
    get_conversation = conversations_queries.get_conversation

    # messages from customers: row N10
    get_receiving_rule = received_queries.get_receiving_rule
    change_receiving_rule = received_commands.change_receiving_rule
    on_notifications_message_received = received_subscribers.on_notifications_message_received

    # mailings: row N6
    on_people_mailing_candidates_found = audiences_subscribers.on_people_mailing_candidates_found

    # attachments: rows A7, A8
    begin_upload = attachments_commands.begin_upload
    begin_opening_upload = attachments_commands.begin_opening_upload
    send_part = attachments_commands.send_part
    finish_upload = attachments_commands.finish_upload
    discard_upload = attachments_commands.discard_upload
    delete_attachment = attachments_commands.delete_attachment
    get_attachment = attachments_queries.get_attachment
    get_attachment_part = attachments_queries.get_attachment_part
    list_attachments = attachments_queries.list_attachments

    # reports and print: row A15
    list_summaries = attendances_queries.list_summaries

    # events of other services
    on_people_person_registered = subscribers.on_people_person_registered
    on_people_persons_imported = subscribers.on_people_persons_imported
    on_people_person_changed = subscribers.on_people_person_changed
    on_people_company_changed = subscribers.on_people_company_changed
    on_people_user_changed = subscribers.on_people_user_changed
    on_sales_opportunity_created = subscribers.on_sales_opportunity_created
    on_sales_quote_changed = subscribers.on_sales_quote_changed
    on_sales_action_added = conversations_subscribers.on_sales_action_added
    on_sales_products_changed = subscribers.on_sales_products_changed
    on_sales_quote_answered = conversations_subscribers.on_sales_quote_answered
    on_sales_opportunity_changed = conversations_subscribers.on_sales_opportunity_changed
    on_sales_opportunity_closed = conversations_subscribers.on_sales_opportunity_closed
    on_sales_opportunity_reopened = conversations_subscribers.on_sales_opportunity_reopened
    on_sales_opportunity_deleted = conversations_subscribers.on_sales_opportunity_deleted

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = personal_data.on_people_person_merged
    on_people_person_unmerged = personal_data.on_people_person_unmerged
    on_people_person_erasure_requested = personal_data.on_people_person_erasure_requested
    get_person_data = personal_data.get_person_data
