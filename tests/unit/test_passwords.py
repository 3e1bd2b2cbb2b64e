"""The password policy: long, and not easily guessed; no rule about which characters."""

from __future__ import annotations

import pytest

from services.chassis.errors import Invalid
from services.people import passwords
from tests.support.statistics import same_distribution_p


@pytest.mark.parametrize(
    "password", ["uma senha bem longa", "correct horse battery", "só letras e espaços", "é" * 3 + "quintal azul 7"]
)
def test_a_long_phrase_of_any_characters_is_good(password: str) -> None:
    passwords.refuse_weak(password, "ana@padaria.example", "Ana")


@pytest.mark.parametrize(
    "password",
    ["", "curta", "a" * 11, "aaaaaaaaaaaa", "senhasenhasenha", "123456789012", "qwertyuiop123", "password1234",
     "x" * 129, "ana@padaria.example", "padaria.example"],
)  # fmt: skip
def test_what_is_short_common_or_the_users_own_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password_weak"):
        passwords.refuse_weak(password, "ana@padaria.example", "Ana")


def test_hashes_match_their_password_only() -> None:
    known = passwords.hashed("janela azul sobre o trapiche")
    assert passwords.matches(known, "janela azul sobre o trapiche")
    assert not passwords.matches(known, "Janela azul sobre o trapiche")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", "x")


def test_the_statistics_see_a_difference_and_see_none() -> None:
    values = [float(n) for n in range(0, 80, 2)]
    assert same_distribution_p(values, [value + 1 for value in values]) > 0.8
    assert same_distribution_p(values, [value + 100 for value in values]) < 1e-9
