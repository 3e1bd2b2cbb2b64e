"""Row P8: the words of a header say what its column is; a word that is none of ours makes it somebody else's."""

from __future__ import annotations

import pytest

from services.people.imports.model.columns import EXPORTED, FIELDS, note_of
from services.people.imports.model.header_words import fold_header
from services.people.imports.model.layouts import field_of, recognise
from tests.support.builders.csv_rows import outcome_of, read_file

MEANT = {
    "name": ["Nome", "NOME:", "Nome completo", "Razão Social", "Nome / Razão Social", "Cliente", "Cliente/Fornecedor",
             "Nome do cliente", "Pessoa - Nome", "Name", "Full Name", "Razão social / Nome fantasia"],
    "short_name": ["Fantasia", "Nome Fantasia/Apelido", "Apelido", "Nickname", "Nome reduzido"],
    "organization": ["Empresa", "Company", "Company name", "Nome da empresa", "Organization Name", "Account Name",
                     "Pessoa - Organização", "Associated Company"],
    "document": ["CPF", "CNPJ", "CPF/CNPJ", "CNPJ / CPF", "CPF ou CNPJ", "CGC/CPF", "Nº do CPF", "CPF do cliente",
                 "Documento", "Número do documento", "Tax ID"],
    "state_registration": ["IE", "Insc. Est.", "Inscrição Estadual", "I.E.", "Nº da inscrição estadual"],
    "registration_or_rg": ["IE / RG", "Inscrição Estadual/RG", "RG/IE"],
    "emails": ["E-mail", "Email", "e-mails", "E-mail 1", "Email 2 address", "E-mail 1 - Value", "E-mail do cliente",
               "Endereço de e-mail", "E-mail(s) NFe", "E-mail para envio de NFe", "Work email", "Email - Home",
               "Correio eletrônico", "Additional email addresses", "E-mail financeiro"],
    "phones": ["Telefone", "Fone", "Tel.", "Celular", "WhatsApp", "Whats App", "Telefone 2", "FONE (1):", "Fone/Fax",
               "Tel. Cel.", "Telefone celular", "Telefone residencial 2", "Mobile Phone Number", "Phone - Work",
               "iPhone", "Número do celular", "Telefone do contato", "Company main phone", "Telefone/WhatsApp",
               "Telefone com DDD", "Recado (telefone)"],
    "area_code": ["DDD", "DDD 2", "DDD Telefone", "Telefone DDD"],
    "phone_extension": ["Ramal", "Ramal do telefone"],
    "contacts": ["Contato", "Contatos", "Nome do contato", "Pessoa de contato"],
    "categories": ["Categoria", "Categorias", "Categoria do cliente"],
    "address.street": ["Endereço", "Logradouro", "Rua", "End.", "Endereço completo", "Rua residencial",
                       "Street Address", "Endereço do cliente", "End. Principal - Logradouro", "Mailing Street"],
    "address.number": ["Número", "Nº", "Nº:", "Nro", "Número do endereço", "Número de cobrança"],
    "address.complement": ["Complemento", "Compl."],
    "address.city": ["Cidade", "CID.:", "Município", "Home City", "Cidade de entrega"],
    "address.city_state": ["Cidade/UF", "Município - UF", "UF/Cidade", "Cidade e Estado"],
    "address.state": ["UF", "Estado", "Estado (UF)", "State/Region", "Mailing State/Province"],
    "address.postal_code": ["CEP", "Zip", "Postal Code", "Mailing Zip/Postal Code", "CEP de cobrança"],
}  # fmt: skip
OTHERS = [
    "", "ID", "Record ID", "Nome da mãe", "Nome do vendedor", "Nome do produto", "CPF do responsável", "CPF pai", "RG",
    "Telefone da mãe", "E-mail do responsável", "Email status", "Fax", "Pager", "Home Fax", "Estado civil", "Idade",
    "Cidade natal", "Data de nascimento", "Cliente desde", "Tipo de pessoa", "Tipo pessoa", "Situação", "Website",
    "Número comercial", "Phone 1 - Country", "Contact owner", "Account Owner", "Company ID", "Empresa desde",
    "Observações", "Limite de crédito", "Região de vendas", "Inscrição municipal", "Manager's Name", "Job Title",
]  # fmt: skip


@pytest.mark.parametrize(("field", "header"), [(field, one) for field, many in MEANT.items() for one in many])
def test_a_header_is_known_by_its_words(field: str, header: str) -> None:
    assert field_of(fold_header(header)) == field


@pytest.mark.parametrize("header", OTHERS)
def test_a_header_with_a_word_of_something_else_is_none_of_ours(header: str) -> None:
    assert field_of(fold_header(header)) is None


def test_every_exported_title_is_recognised_as_its_own_field() -> None:
    layout, fields = recognise([column.title for column in EXPORTED])
    assert layout == "generic"
    assert fields == [column.field for column in EXPORTED]


def test_a_column_that_is_not_imported_says_so() -> None:
    columns = read_file("Nome;Observações;Código;Razão social\nAna;;;\n").read.columns
    notes = [column["note"] for column in columns]
    assert notes[0] is None
    assert notes[1] == "Esta coluna não é importada; dê-lhe um campo, se quiser."
    assert all(notes[2:])
    assert all(note_of(field) is None or note_of(field) for field in FIELDS)


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("nome;razão social;telefone", ";Sol Ltda;", "Sol Ltda"),
        ("nome;nome;telefone", ";Ana;", "Ana"),
        ("nome;fantasia;telefone", ";Sol;", "Sol"),
        ("nome;empresa;telefone", ";Sol;", "Sol"),
        ("contato;e-mail;telefone", "Rita;;", "Rita"),
        ("first name;last name;email", ";;so@x.example", "so@x.example"),
    ],
)
def test_the_first_filled_name_is_the_name(header: str, row: str, name: str) -> None:
    (found,) = read_file(f"{header}\n{row}\n").rows.values()
    assert outcome_of(found)["name"] == name


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Código;Nome;Cliente;Fornecedor;Pessoa", "1;Ana;S;N;Física", "Ana"),
        ("Cliente;Razão social;Empresa", "Sim;Sol Ltda;1", "Sol Ltda"),
        ("Cliente;Telefone", "Ana;1134567890", "Ana"),
    ],
)
def test_a_flag_that_is_called_like_a_person_is_no_name(header: str, row: str, name: str) -> None:
    (found,) = read_file(f"{header}\n{row}\n").rows.values()
    assert (outcome_of(found)["name"], outcome_of(found).get("trade_name")) == (name, None)


def test_the_whole_address_beside_its_parts_is_no_second_street() -> None:
    header = (
        "Nome;Sobrenome;Endereço residencial;Rua residencial;Rua residencial 2;Cidade residencial;Estado residencial"
    )
    found = read_file(f"{header}\nAna;Sá;Rua A, Santos - SP;Rua A;Ap 1;Santos;SP\nBia;Sá;;;Rua B;Santos;SP\n").rows
    assert [outcome_of(row)["addresses"] for row in found.values()] == [
        ["main: Rua A, Ap 1, Santos, SP"], ["main: Rua B, Santos, SP"]
    ]  # fmt: skip
