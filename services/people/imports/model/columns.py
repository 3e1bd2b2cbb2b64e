"""The columns of CSV files of persons: the field, the title in an export, and the names in other programs' files.

A new text of a person gets its column by one line in COLUMNS. No framework, no store, no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from services.people.imports.model.header_words import CODES, NO_WORDS, PARTY, PHONES, USE, Words, fold_header, joined


@dataclass(frozen=True)
class Column:
    """A column. `title`: its header in an export; `names`: patterns of other folded headers with the same meaning;
    `words`: the words that further headers are made of.

    `several`: more than one column of a file may have this field; the first filled one in a row is the main one.
    """

    field: str
    title: str
    names: tuple[str, ...] = ()
    words: Words = NO_WORDS
    several: bool = True
    exported: bool = True


COLUMNS = (
    Column("id", "Identificador", several=False),
    Column("code", "Código", ("cod", "code", f"{CODES} (do |da )?(cliente|pessoa|fornecedor)"), several=False),
    Column("name", "Nome", (
        "(cliente|fornecedor|pessoa|customer|client)( (ou |e )?(cliente|fornecedor|pessoa))?",
        "(nome )?razao social( d[ao] (empresa|cliente|fornecedor))?", "razao social( (ou|e))?( nome)? fantasia",
    ), Words.of(
        "nome name razao denominacao",
        "social completo full display empresarial cliente clientes fornecedor fornecedores pessoa person customer "
        "client titular vendor supplier",
    ), several=False),
    Column("other_name", "Outro nome", exported=False),
    Column("first_name", "Primeiro nome", (
        rf"({PARTY.replace(' ', '|')})?( ?d[ao])? ?(given name|first ?name|primeiro nome|prenome)",
    ), several=False, exported=False),
    Column("middle_name", "Nome do meio", (
        "additional name", "middle name", "segundo nome",
    ), several=False, exported=False),
    Column("last_name", "Sobrenome", (
        rf"({PARTY.replace(' ', '|')})?( ?d[ao])? ?(family name|last ?name|surname|sobrenome|ultimo nome)",
    ), several=False, exported=False),
    Column("name_suffix", "Sufixo", ("name suffix", "suffix"), several=False, exported=False),
    Column("organization", "Empresa", (
        r"organization( \d+)? name",
    ), Words.of(
        "empresa company organization organizacao organisation account companhia firma instituicao",
        "nome name associated contato pessoa contact person",
    ), exported=False),
    Column("file_as", "Arquivar como", ("file as",), exported=False),
    Column("short_name", "Nome curto", words=Words.of(
        "fantasia apelido nickname abreviado reduzido curto short trade alias", f"nome name {PARTY}",
    )),
    Column("trade_name", "Nome comercial"),
    Column("document", "CPF ou CNPJ", (
        "cnpj cpf id estrangeiro", "((n|no|num|numero) )?(d[oe] )?(documento|document)( principal)?", "tax id",
    ), Words.of("cpf cnpj", f"documento doc n num numero nr {PARTY}")),
    Column("state_registration", "Inscrição estadual", (
        "state registration",
    ), Words.of("ie", f"n num numero nr inscricao estadual {PARTY}")),
    Column("registration_or_rg", "IE ou RG", (
        "((ie|insc(r|ricao)?( est| estadual)?) rg|rg (ie|insc(r|ricao)?( est| estadual)?))",
    ), exported=False),
    Column("registration_exempt", "IE isento", ("isento", "isento (de )?ie", "ie isenta"), exported=False),
    Column("state_registration_state", "UF da inscrição estadual", ("uf (da )?ie",)),
    Column("categories", "Categorias", words=Words.of("categoria categorias category categories", PARTY)),
    Column("characteristics", "Características", ("caracteristica", "characteristics")),
    Column("email_mark", "Rótulo do e-mail", (r"e ?mail \d+ (label|type)",), exported=False),
    Column("emails", "E-mails", words=Words.of(
        "email mail", f"endereco enderecos address addresses value envio nfe nfes nf nfse boleto xml {USE} {PARTY}",
    )),
    Column("phone_mark", "Rótulo do telefone", (r"phone \d+ (label|type)",), exported=False),
    Column("phone_extension", "Ramal", words=Words.of("ramal extension", PHONES), exported=False),
    Column("phones", "Telefones", (
        "(ddd( e)? )?(numero|n) (com ddd )?((de|do) )?(telefone|celular)( com ddd)?",
        r"(telefone|fone|tel|celular|phone|whatsapp)( \d+)? (com|e) ddd", r"ddd( (e|com))? numero",
    ), Words.of(PHONES, f"numero number num n nr value fixo recado recados tele car carro fax {USE} {PARTY}")),
    Column("area_code", "DDD", words=Words.of("ddd", f"{PHONES} {USE} {PARTY}"), exported=False),
    # The names of addresses' parts, of which a file may have several groups, are in imports/model/layouts.py.
    Column("address.street", "Logradouro"),
    Column("address.number", "Número"),
    Column("address.complement", "Complemento"),
    Column("address.district", "Bairro"),
    Column("address.city", "Cidade"),
    Column("address.city_state", "Cidade e UF", exported=False),
    Column("address.state", "UF"),
    Column("address.postal_code", "CEP"),
    Column("address.country", "País"),
    Column("address.formatted", "Endereço por extenso", exported=False),
    Column("other_addresses", "Outros endereços"),
    Column("contacts", "Contatos", (
        r"contatos?( \d+)?", r"nome( \d+)? (do )?contatos?( \d+)?", "contato nome", "pessoa (de|para) contato",
        "contact( name| person)?",
    )),
)  # fmt: skip

TITLED = {fold_header(column.title): column for column in COLUMNS}
FIELDS = {column.field: column for column in COLUMNS}
EXPORTED = tuple(column for column in COLUMNS if column.exported)
# A file needs one of these for the persons' names.
NAME_FIELDS = frozenset({"name", "first_name", "last_name", "organization"})


@lru_cache(1000)
def find_column(folded: str) -> Column | None:
    """The column of a folded header: by its title, by another name, or by its words; None for none."""
    titled = filter(None, [TITLED.get(folded)])
    named = (column for column in COLUMNS if any(re.fullmatch(name, folded) for name in column.names))
    words = joined(folded).split()
    spoken = (column for column in COLUMNS if column.words.say(words))
    return next(chain(titled, named, spoken), None)


def note_of(field: str | None) -> str | None:
    """The pt-BR remark on a column with this field, if there is one."""
    if field is None:
        return "Esta coluna não é importada; dê-lhe um campo, se quiser."
    return NOTES.get(field)


_KNOWN_AGAIN = "Serve para reconhecer quem já está cadastrado; não é guardado: uma pessoa nova recebe o seu próprio."
NOTES = {
    "id": _KNOWN_AGAIN,
    "code": _KNOWN_AGAIN,
    "other_name": "Outro nome da mesma pessoa: fica no nome comercial.",
    "organization": "É o nome de quem não tem outro; senão fica no nome comercial.",
}


def title_of(field: str) -> str:
    return FIELDS[field].title
