"""Uploading a file that is then sent over WhatsApp, in parts (row N4)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.chassis.handling.entrypoints import command
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp import contract
from services.notifications.whatsapp.files import PART_BYTES
from services.notifications.whatsapp.outgoing import kind_of, refuse_too_large

Data = dict[str, Any]


@command(
    takes=contract.BeginWhatsAppUpload,
    gives=contract.WhatsAppUpload,
    needs="notifications.write",
    section="attendances",
)
def begin_whatsapp_upload(tx: NotificationsSession, data: Data) -> Data:
    """What is not sent in a message goes with the retention of files, or where its user has MOST_UNSENT later ones."""
    tx.one_at_a_time(f"whatsapp_uploads:{tx.actor.id}")
    tx.whatsapp_files.make_room(tx.actor.id)
    return tx.whatsapp_files.begin(tx.new_id(), data["name"], tx.actor.id, tx.now)


@command(
    takes=contract.AddWhatsAppUploadPart,
    gives=contract.WhatsAppUpload,
    needs="notifications.write",
    section="attendances",
)
def add_whatsapp_upload_part(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("whatsapp_file_not_found"), Conflict("upload_part_unexpected"), what kind_of and
    refuse_too_large raise."""
    upload, part = tx.whatsapp_files.uploaded_by(data["upload_id"], tx.actor.id), data["data"]
    if upload["ready"] or data["number"] != upload["parts"] or not 0 < len(part) <= PART_BYTES:
        raise Conflict("upload_part_unexpected", "O arquivo chegou fora de ordem; envie-o de novo.")
    if data["number"] == 0:
        found = kind_of(upload["name"], part)
        upload |= {"name": found.name, "kind": found.kind, "media_type": found.media_type}
    refuse_too_large(upload["kind"], upload["size"] + len(part))
    return tx.whatsapp_files.add_upload_part(upload, part)


@command(
    takes=contract.FinishWhatsAppUpload,
    gives=contract.WhatsAppUpload,
    needs="notifications.write",
    section="attendances",
)
def finish_whatsapp_upload(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("whatsapp_file_not_found"), Invalid("attachment_empty")."""
    upload = tx.whatsapp_files.uploaded_by(data["upload_id"], tx.actor.id)
    if not upload["parts"]:
        raise Invalid("attachment_empty", "O arquivo está vazio.")
    return tx.whatsapp_files.finish(upload)
