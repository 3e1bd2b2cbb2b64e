"""Every PUT, PATCH and DELETE of the document compares the version that was seen, or says here why it need not."""

from __future__ import annotations

from gateway.http.document.answers import operations
from tests.contract.write_openapi import document

# What is changed or taken away without a version, and why nobody's change is lost by it unseen.
WITHOUT = {
    "answer_cycle": "an attendance's answers are kept one by one, each with who gave it, and told in an entry",
    "apply_configuration": "the document says what is to be, whatever was; dry_run tells what it would change",
    "change_import": "of who imports, until it begins",
    "change_own_password": "one's own",
    "choose_template": "chooses one of several, by its id",
    "delete_attachment": "is never changed",
    "discard_attendance_draft": "one's own",
    "discard_person_draft": "one's own",
    "put_contract": "given whole by the system that it is of, and makes the record as well",
    "put_receivable": "given whole by the system that it is of, and makes the record as well",
    "put_service_invoice": "given whole by the system that it is of, and makes the record as well",
    "put_service_order": "given whole by the system that it is of, and makes the record as well",
    "renew_tag_ordering": "one's own lock",
    "reset_password": "nobody has seen the one before",
    "revoke_key": "for ever, whatever the key was",
    "revoke_keys_of": "for ever, whatever the keys were",
    "sign_out": "one's own",
    "unwatch_person": "one's own",
    "watch_person": "one's own",
}


def test_every_edit_compares_a_version_or_says_why_not() -> None:
    found = {operation["operationId"] for _, verb, operation in operations(document())
             if verb in ("put", "patch", "delete") and "412" not in operation["responses"]}  # fmt: skip
    assert found == WITHOUT.keys()
