"""Validators for the URIs of broker, database and mail server, which contain a password.

A URI that a library would parse wrongly is refused here, and the refusal repeats no part of it: the libraries' own
exceptions have a part of the password in their text.
"""

from __future__ import annotations

import re

from marshmallow import validate

_WHO = r"([^:@/?#\s]*(:[^:@/?#\s]*)?@)?"
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^:@/?#,;\[\]\s]+)(:[0-9]{1,5})?"
_REST = r"([/?][^@#\s]*)?"
TROUBLE = "this is no address: in user and password, write @ : / ? # % and blanks as %40 %3A %2F %3F %23 %25 %20"


def _address(schemes: str) -> validate.Regexp:
    return validate.Regexp(re.compile(rf"(?:{schemes})://{_WHO}{_HOST}(,{_HOST})*{_REST}\Z"), error=TROUBLE)


is_amqp_uri = _address("amqps?")
is_mongo_uri = _address(r"mongodb(\+srv)?")
is_smtp_uri = _address(r"smtps?|smtp\+starttls")
