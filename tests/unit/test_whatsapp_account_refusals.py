"""Row N4: what the Cloud API's error says of the account that was typed in."""

from __future__ import annotations

import pytest

from services.notifications.cloud_api.client import ApiRefused
from services.notifications.whatsapp_accounts.checking import refusal_of

NUMBER, BUSINESS = "phone_number_id", "business_account_id"


@pytest.mark.parametrize(
    ("status", "code", "said", "asked", "refusal", "field"),
    [
        (401, 190, "Invalid OAuth access token.", NUMBER, "whatsapp_token_refused", "access_token"),
        (401, 0, "Unable to authenticate.", NUMBER, "whatsapp_token_refused", "access_token"),
        (400, 200, "Permission missing.", BUSINESS, "whatsapp_token_refused", "access_token"),
        (400, 100, "Invalid appsecret_proof provided.", NUMBER, "whatsapp_secret_refused", "app_secret"),
        (400, 100, "Unsupported get request.", NUMBER, "whatsapp_number_unknown", NUMBER),
        (400, 100, "Unsupported get request.", BUSINESS, "whatsapp_business_account_unknown", BUSINESS),
        (500, 131000, "Something went wrong.", NUMBER, "whatsapp_unreached", NUMBER),
        # no answer of the API itself, as of a proxy before it
        (404, 0, "", BUSINESS, "whatsapp_unreached", BUSINESS),
    ],
)
def test_a_refusal_names_the_field_that_is_wrong(
    status: int, code: int, said: str, asked: str, refusal: str, field: str
) -> None:
    invalid = refusal_of(ApiRefused(status, code, said, None), asked)
    assert (invalid.code, list(invalid.params["fields"])) == (refusal, [field])


def test_an_api_that_does_not_answer_is_not_reached() -> None:
    assert refusal_of(TimeoutError(), NUMBER).code == "whatsapp_unreached"
