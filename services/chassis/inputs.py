"""The kinds of field of which every input is made. Each has bounds: what passes can be stored, compared and answered.
A new kind of field is a class here.

marshmallow's own fields accept values that fail later: numbers that no database holds, days that leave the calendar
once a zone is applied, NaN, texts with invisible characters. A test in tests/architecture refuses them in inputs.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from decimal import Decimal as Number
from typing import Any

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from marshmallow import ValidationError, fields, validate

from services.chassis import messages
from services.chassis.messages import Characters
from services.chassis.texts import lines, one_line

messages.install()

# The largest integer that every JSON parser represents exactly.
LARGEST_WHOLE = 2**53 - 1
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
ID_LENGTH, CURSOR_LENGTH, EMAIL_LENGTH = 64, 400, 254
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,16}", re.ASCII)
MOST_DECIMALS = 20
_DECIMAL = re.compile(rf"[+-]?[0-9]{{1,20}}(\.[0-9]{{1,{MOST_DECIMALS}}})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Allows addresses under .local, which a company's own mail server may have, in the way that the library documents.
SPECIAL_USE_DOMAIN_NAMES.remove("local")
_TRUTHS = {"true": True, "false": False}
OUT_OF_CALENDAR = f"Informe uma data entre {FIRST_DAY.year} e {LAST_DAY.year}."


class Written(str):
    """A value of a query string, where numbers and flags are texts too."""

    __slots__ = ()


class Line(fields.String):
    """One line of text of at most `maximum` characters, cleaned; at least `minimum`, by default one where required."""

    def __init__(self, maximum: int, *, minimum: int | None = None, validate: Any = (), **options: Any) -> None:
        least = int(bool(options.get("required"))) if minimum is None else minimum
        super().__init__(validate=[Characters(least, maximum), *_several(validate)], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return self._cleaned(super()._deserialize(value, attr, data, **kwargs))

    def _cleaned(self, text: str) -> str:
        return one_line(text)


class Text(Line):
    """Lines of text: their ends are made newlines."""

    def _cleaned(self, text: str) -> str:
        return lines(text)


class Verbatim(Line):
    """Text that is stored unchanged, or only trimmed: a template, a draft, a password. Refuses characters that can't be
    stored."""

    def __init__(self, maximum: int, *, trimmed: bool = True, **options: Any) -> None:
        self._trimmed = trimmed
        super().__init__(maximum, **options)

    def _cleaned(self, text: str) -> str:
        if _UNSTORABLE.search(text):
            raise ValidationError("O texto tem caracteres que não podem ser gravados.")
        return text.strip() if self._trimmed else text


class Id(Line):
    """The id of a record, or a key that another system or the company chose. Its length counts before cleaning, too."""

    def __init__(self, maximum: int = ID_LENGTH, **options: Any) -> None:
        options = {"minimum": 1, **options}
        super().__init__(maximum, **options)
        self._length = Characters(options["minimum"], maximum)

    def _cleaned(self, text: str) -> str:
        return super()._cleaned(self._length(text))


class Code(fields.String):
    """A text that matches `pattern` as a whole, in ASCII; `words`: the refusal, in Portuguese."""

    def __init__(self, pattern: str, words: str = "Formato inválido.", **options: Any) -> None:
        self.form = pattern
        form = validate.Regexp(re.compile(rf"(?:{pattern})\Z", re.ASCII), error=words)
        super().__init__(validate=form, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return one_line(super()._deserialize(value, attr, data, **kwargs))


class Base64(fields.String):
    """Bytes in Python, base64 in JSON."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else base64.b64encode(value).decode()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return base64.b64decode(super()._deserialize(value, attr, data, **kwargs), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError("Não é base64.") from error


class Choice(fields.String):
    """One of some words."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(tuple(choices)), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).strip()


class Cursor(fields.String):
    """The `next_cursor` of the page before; None for the first page (pages.py reads it)."""

    def __init__(self, maximum: int = CURSOR_LENGTH, **options: Any) -> None:
        settings = {"load_default": None, "allow_none": True, **options}
        super().__init__(validate=Characters(max=maximum), **settings)


class EmailAddress(fields.String):
    """An e-mail address without invisible characters. The domain is stored in lower case and ASCII (`xn--`), as mail
    servers use it; the local part must be ASCII, since many servers accept no other."""

    def __init__(self, maximum: int = EMAIL_LENGTH, **options: Any) -> None:
        options["metadata"] = {"format": "email", **options.get("metadata", {})}
        super().__init__(validate=Characters(max=maximum), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = one_line(super()._deserialize(value, attr, data, **kwargs))
        try:
            found = validate_email(
                text, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False, strict=True
            )
        except EmailNotValidError:
            raise ValidationError("Endereço de e-mail inválido.") from None
        name, _, end = found.ascii_domain.rpartition(".")
        if not name or end.isdigit() or found.ascii_email is None:
            raise ValidationError("Endereço de e-mail inválido.")
        return f"{found.ascii_local_part}@{found.ascii_domain.lower()}"


class Whole(fields.Integer):
    """A whole number from `minimum` to `maximum`: a JSON number, or digits in a query string."""

    def __init__(self, minimum: int = 0, maximum: int = LARGEST_WHOLE, *, choices: Any = None, **options: Any) -> None:
        bounds = validate.OneOf(choices) if choices else validate.Range(min=minimum, max=maximum)
        super().__init__(validate=bounds, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, Written) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_WHOLE:
            return int(value)  # to JSON, 1.0 is the number 1
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)


class Version(Whole):
    """The version of a record that the caller saw; None for any version."""

    def __init__(self, **options: Any) -> None:
        settings = {} if options.get("required") else {"load_default": None, "allow_none": True}
        super().__init__(0, **{**settings, **options})


class Flag(fields.Boolean):
    """true or false, in a query string as in JSON."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, Written) and value in _TRUTHS:
            return _TRUTHS[value]
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)


class Decimal(fields.Decimal):
    """A decimal from `minimum` to `maximum` with at most `places` decimals: more are refused, or rounded by `rounding`.

    Digits with a point, as text (which is how it is answered) or as a JSON number; no exponent, NaN or infinity.
    """

    def __init__(
        self,
        *,
        places: int,
        maximum: Number,
        minimum: Number = Number(0),
        rounding: str | None = None,
        validate: Any = (),
        **options: Any,
    ) -> None:
        self.most_places, self._rounding = places, rounding
        self.written_places = MOST_DECIMALS if rounding else places
        super().__init__(as_string=True, validate=[_range(minimum, maximum), *_several(validate)], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Number:
        text = self._text(value)
        if not _DECIMAL.fullmatch(text):
            raise self.make_error("invalid")
        number = Number(text) or Number(text.lstrip("+-"))  # -0 is 0
        if self._rounding:
            return number.quantize(Number(1).scaleb(-self.most_places), self._rounding)
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.most_places:
            raise ValidationError(f"No máximo {self.most_places} casas decimais.")
        return number

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        number = Number(repr(value)) if isinstance(value, float) else value
        if isinstance(number, int):
            number = Number(number)
        if isinstance(number, Number):
            return format(number, "f") if number.is_finite() and abs(number) < 10**20 else ""
        return number.strip() if isinstance(number, str) else ""


class Day(fields.Date):
    """A date, YYYY-MM-DD, from FIRST_DAY to LAST_DAY, so that no calculation with it leaves Python's calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        text = value.strip() if isinstance(value, str) else ""
        if not _DAY.fullmatch(text):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day: dt.date = super()._deserialize(text, attr, data, **kwargs)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(OUT_OF_CALENDAR)
        return day


class Moment(fields.DateTime):
    """A time with its offset, within the bounds of Day; in Python it is UTC in whole milliseconds, as it is stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        text = value.strip() if isinstance(value, str) else value
        moment: dt.datetime = super()._deserialize(text, attr, data, **kwargs)
        if moment.tzinfo is None:
            raise ValidationError("Informe o fuso horário (por exemplo, -03:00 ou Z).")
        try:
            utc = moment.astimezone(dt.UTC)
        except OverflowError:
            raise ValidationError(OUT_OF_CALENDAR) from None
        if not FIRST_DAY <= utc.date() <= LAST_DAY:
            raise ValidationError(OUT_OF_CALENDAR)
        return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _range(minimum: Number, maximum: Number) -> validate.Range:
    return validate.Range(min=minimum, max=maximum)


def _several(validators: Any) -> tuple[Any, ...]:
    return (validators,) if callable(validators) else tuple(validators)
