"""Checks of a WhatsApp account at the Cloud API, before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.access.sealing import Safe
from services.chassis.errors import Invalid
from services.chassis.jobs.deadline import within
from services.notifications.accounts.checking import CHECK_SECONDS, reach
from services.notifications.cloud_api.client import TROUBLES, ApiRefused, CloudApi, api_url
from services.notifications.whatsapp_accounts.model import SECRETS, Template, WhatsAppAccount, template_of

TOKEN_CODES = (0, 3, 10, 190, *range(200, 300))
PARAMETER = 100


def api_of(account: WhatsAppAccount, secrets: Mapping[str, str]) -> CloudApi:
    named = account.phone_number_id, account.business_account_id
    return CloudApi(api_url(), *named, secrets["access_token"], secrets["app_secret"], reach())


def secrets_of(company: str, account: WhatsAppAccount) -> dict[str, str]:
    """Raises Conflict("secret_unstorable") where no key of the installation opens them."""
    opened = Safe.of_installation().unseal(company, account.sealed)
    return {name: opened[name] for name in SECRETS}


def look_up(api: CloudApi) -> tuple[dict[str, Any], list[Template]]:
    """What the number is, and its approved templates.

    Raises Invalid: whatsapp_token_refused, whatsapp_secret_refused, whatsapp_number_unknown,
    whatsapp_business_account_unknown, whatsapp_unreached.
    """
    asked = "phone_number_id"
    try:
        with within(CHECK_SECONDS):
            number = api.number(CHECK_SECONDS)
            asked = "business_account_id"
            found = [template_of(one) for one in api.templates(CHECK_SECONDS)]
    except TROUBLES as error:
        raise refusal_of(error, asked) from error
    return number, [one for one in found if one is not None]


def refusal_of(error: Exception, asked: str) -> Invalid:
    """Why the account could not be used, for who has typed it in. `asked`: the field whose id was asked for."""
    if not isinstance(error, ApiRefused):
        return _refused("whatsapp_unreached", asked, f"A API do WhatsApp não respondeu: {type(error).__name__}.")
    if error.code == PARAMETER and "appsecret_proof" in error.said:
        return _refused("whatsapp_secret_refused", "app_secret", "A chave secreta não é a do aplicativo deste token.")
    if error.code in TOKEN_CODES and (error.code or error.status in (401, 403)):
        return _refused("whatsapp_token_refused", "access_token", "A Meta recusou o token de acesso.")
    if error.status >= 500 or not error.code:
        return _refused("whatsapp_unreached", asked, f"A API do WhatsApp respondeu com erro {error.status}.")
    if asked == "phone_number_id":
        return _refused("whatsapp_number_unknown", asked, "O token não alcança um número com esta identificação.")
    detail = "O token não alcança uma conta do WhatsApp Business com esta identificação."
    return _refused("whatsapp_business_account_unknown", asked, detail)


def _refused(code: str, field: str, detail: str) -> Invalid:
    return Invalid(code, detail, fields={field: [detail]})
