"""Attendance: conversations with a person and their entries. What it can do, by name."""

from __future__ import annotations

from typing import ClassVar

from services.attendance import contract, store
from services.attendance.cleaner import make_cleaner, make_expirer
from services.attendance.store import AttendanceSession
from services.attendance.use_cases import (
    attachments,
    attendances,
    centers,
    configuration,
    critical,
    cycle,
    cycles,
    drafts,
    entries,
    filing,
    flows,
    heard,
    moving,
    opening,
    opportunities,
    person_rights,
    queries,
    renaming,
    reports,
    settings,
    tags,
    types,
    workflows,
)
from services.chassis import erasure
from services.chassis.runtime import Runtime, Service


class Attendance(Service):
    name = contract.SERVICE
    session = AttendanceSession
    indexes = store.INDEXES
    holdings = store.HOLDINGS
    seeables = store.SEEABLES
    works: ClassVar = {
        "erasures": erasure.worker(contract.PERSON_DATA_ERASED),
        store.UPLOADS: make_cleaner,
        store.ATTACHMENTS: make_expirer,
        store.RENAMES: renaming.make_renamer,
    }
    runtime = Runtime()

    # responsibility centers: row A1
    create_center = centers.create_center
    change_center = centers.change_center
    delete_center = centers.delete_center
    get_center = centers.get_center
    list_centers = centers.list_centers

    # workflows: row A2
    create_workflow = workflows.create_workflow
    change_workflow = workflows.change_workflow
    publish_workflow = workflows.publish_workflow
    delete_workflow = workflows.delete_workflow
    get_workflow = workflows.get_workflow
    get_workflow_check = workflows.get_workflow_check
    list_workflows = workflows.list_workflows

    # service cycles: row A3
    create_cycle = cycles.create_cycle
    change_cycle = cycles.change_cycle
    delete_cycle = cycles.delete_cycle
    get_service_cycle = cycles.get_service_cycle
    list_cycles = cycles.list_cycles

    # attendance types and the company's options: row A4
    create_type = types.create_type
    change_type = types.change_type
    delete_type = types.delete_type
    get_type = types.get_type
    list_types = types.list_types
    change_options = types.change_options
    get_options = types.get_options

    # the whole configuration as one document: rows A1 to A4
    apply_configuration = configuration.apply_configuration
    get_configuration = configuration.get_configuration

    # attendances: rows A7, A11, A16
    open_attendance = opening.open_attendance
    duplicate_attendance = opening.duplicate_attendance
    change_attendance = attendances.change_attendance
    close_attendance = attendances.close_attendance
    get_attendance = attendances.get_attendance
    get_attendance_details = attendances.get_attendance_details

    # entries and steps: rows A8, A10, A11
    record_entry = entries.record_entry
    list_entries = entries.list_entries
    list_entries_in_time = entries.list_entries_in_time
    list_standard_texts = entries.list_standard_texts
    move_attendance = moving.move_attendance
    get_next_step = moving.get_next_step

    # drafts: row A9
    save_attendance_draft = drafts.save_attendance_draft
    save_person_draft = drafts.save_person_draft
    discard_attendance_draft = drafts.discard_attendance_draft
    discard_person_draft = drafts.discard_person_draft
    get_attendance_draft = drafts.get_attendance_draft
    get_person_draft = drafts.get_person_draft
    list_drafts = drafts.list_drafts

    # the cycle of an attendance: row A12
    answer_cycle = cycle.answer_cycle
    get_cycle = cycle.get_cycle

    # flows and their tags: rows A5, A6
    create_flow = flows.create_flow
    change_flow = flows.change_flow
    activate_flow = flows.activate_flow
    deactivate_flow = flows.deactivate_flow
    delete_flow = flows.delete_flow
    get_flow = flows.get_flow
    list_flows = flows.list_flows
    list_tags = tags.list_tags
    create_tag = tags.create_tag
    change_tag = tags.change_tag
    delete_tag = tags.delete_tag
    take_tag_ordering = tags.take_tag_ordering
    renew_tag_ordering = tags.renew_tag_ordering
    release_tag_ordering = tags.release_tag_ordering
    order_tags = tags.order_tags
    tag_attendances = tags.tag_attendances

    # the list of a flow, and filing: rows A13, A14
    list_flow_attendances = filing.list_flow_attendances
    get_neighbours = filing.get_neighbours
    archive_attendance = filing.archive_attendance
    unarchive_attendance = filing.unarchive_attendance
    trash_attendance = filing.trash_attendance
    restore_attendance = filing.restore_attendance
    purge_attendance = filing.purge_attendance
    move_to_flow = filing.move_to_flow
    get_settings = settings.get_settings
    change_settings = settings.change_settings

    # attendances by who and what they concern, production, critical factors: rows A16, A17, A18
    list_attendances = queries.list_attendances
    list_company_attendances = queries.list_company_attendances
    list_production = queries.list_production
    list_critical_factors = critical.list_critical_factors
    forward_critical_factor = critical.forward_critical_factor

    # opportunities' conversations: row S1
    get_conversation = opportunities.get_conversation

    # attachments: row A8
    begin_upload = attachments.begin_upload
    send_part = attachments.send_part
    finish_upload = attachments.finish_upload
    discard_upload = attachments.discard_upload
    delete_attachment = attachments.delete_attachment
    get_attachment = attachments.get_attachment
    get_attachment_part = attachments.get_attachment_part
    list_attachments = attachments.list_attachments

    # reports and print: row A15
    list_summaries = reports.list_summaries

    # other services
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
    on_people_company_changed = heard.on_people_company_changed
    on_people_user_changed = heard.on_people_user_changed
    on_sales_opportunity_created = heard.on_sales_opportunity_created
    on_sales_quote_changed = heard.on_sales_quote_changed
    on_sales_action_added = opportunities.on_sales_action_added
    on_sales_opportunity_changed = opportunities.on_sales_opportunity_changed
    on_sales_opportunity_closed = opportunities.on_sales_opportunity_closed
    on_sales_opportunity_reopened = opportunities.on_sales_opportunity_reopened
    on_sales_opportunity_deleted = opportunities.on_sales_opportunity_deleted

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = person_rights.on_people_person_merged
    on_people_person_unmerged = person_rights.on_people_person_unmerged
    on_people_person_erasure_requested = person_rights.on_people_person_erasure_requested
    get_person_data = person_rights.get_person_data
