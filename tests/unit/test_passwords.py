"""The password policy: long, and not easily guessed; no rule about which characters."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from environs import EnvError

from services.chassis.errors import Invalid
from services.people.sessions import passwords
from services.people.users.model import User
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


# Long and none of them in a list as it stands: made of what is in one, of sequences, or of what everybody knows here.
GUESSABLE = """
password password | p4ssw0rd P4SSW0RD | Password1 Password2 Password3 | drowssap password | senha senha senha
S3nh4-s3nh4-s3nh4 | Senha!Senha!Senha! | senhasegura123 | minha senha secreta | trocar123trocar123 | bom dia bom dia
janela janela janela janela | abcabcabcabcabcabc | abcd efgh ijkl mnop | aaaa bbbb cccc dddd | 111111 222222 333333
123456 654321 123456 | 01/02/1990 01/02/1990 | qwerty asdfgh zxcvbn | iloveyou password dragon | z z z z z z z z z z
p a s s w o r d 1 | Padaria Padaria Padaria | Padaria@2026#Padaria | padaria2024padaria | AnaSouzaPadaria2024
ana.souza.padaria | souza souza padaria ana 123 | senha da padaria 2026 | Admin@123 Admin@123 | flamengo flamengo
"""
GOOD = """
correct horse battery | porteira velha do sertao | quatro gatos pintam o muro | padaria janela trapiche quintal
senha: tijolo rio caneca | g7#kP0!vQz2L | h@rtW3lk9zQp | 3f9c2a7be1d04c55a9b8e7f6 | бабушка варит борщ
"""


def each(phrases: str) -> list[str]:
    return [phrase.strip() for line in phrases.strip().splitlines() for phrase in line.split("|")]


@pytest.mark.parametrize("password", each(GUESSABLE))
def test_neither_repetition_nor_sequence_nor_own_words_make_a_password_longer(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.refuse_weak(password, "ana@padaria.example", "Ana Souza", "Padaria do Zé", "padaria")
    assert "senha" in str(refused.value.detail)
    assert password not in str(refused.value.detail)


@pytest.mark.parametrize("password", each(GOOD))
def test_words_that_have_nothing_to_do_with_each_other_are_good(password: str) -> None:
    passwords.refuse_weak(password, "ana@padaria.example", "Ana Souza", "Padaria do Zé", "padaria")


def test_a_hash_costs_what_rfc_9106_recommends_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MEMORY_KIB", "PASSES", "LANES"):
        monkeypatch.delenv(f"VINCULO_ARGON2_{name}", raising=False)
    usual = passwords.hasher_of_environment()
    assert (usual.memory_cost, usual.time_cost, usual.parallelism) == (65_536, 3, 4)
    monkeypatch.setenv("VINCULO_ARGON2_MEMORY_KIB", "131072")
    assert passwords.hasher_of_environment().memory_cost == 131_072


@pytest.mark.parametrize(("name", "value"), [("PASSES", "0"), ("MEMORY_KIB", "much"), ("LANES", "65")])
def test_a_cost_that_is_none_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:  # fmt: skip
    monkeypatch.setenv(f"VINCULO_ARGON2_{name}", value)
    with pytest.raises(EnvError, match=f"VINCULO_ARGON2_{name}"):
        passwords.hasher_of_environment()


def test_only_a_hash_by_other_parameters_is_renewed() -> None:
    old = PasswordHasher(time_cost=2, memory_cost=4_096).hash("janela azul sobre o trapiche")
    new = passwords.rehash_in_thread(old, "janela azul sobre o trapiche")
    assert new is not None
    assert passwords.matches(new, "janela azul sobre o trapiche")
    assert passwords.rehash_in_thread(new, "janela azul sobre o trapiche") is None


def test_a_renewed_hash_is_proven_by_the_one_before_until_the_password_changes() -> None:
    user = User("u", "ana", "Ana", "old")
    user.renew_hash("new")
    assert (user.epoch, user.is_proven_by("old"), user.is_proven_by("new")) == (1, True, True)
    assert not user.is_proven_by("other")
    assert "old" not in str(vars(user))
    user.set_password("changed")
    assert (user.is_proven_by("old"), user.is_proven_by("new")) == (False, False)


def test_hashes_match_their_password_only() -> None:
    known = passwords.hash_password("janela azul sobre o trapiche")
    assert passwords.matches(known, "janela azul sobre o trapiche")
    assert not passwords.matches(known, "Janela azul sobre o trapiche")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", "x")


def test_the_statistics_see_a_difference_and_see_none() -> None:
    values = [float(n) for n in range(0, 80, 2)]
    assert same_distribution_p(values, [value + 1 for value in values]) > 0.8
    assert same_distribution_p(values, [value + 100 for value in values]) < 1e-9
