"""The variables that a template may use: one table, which describes them for people and computes their values.

Every value is a text in Brazilian form, empty where there is none; a list holds rows of texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.attendance import report_content
from gateway.documents import formatting
from services.chassis.phones import format_phone
from services.sales.templates.contract import QUOTE, VISIT_SHEET

Record = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """The data of a document. `source`: sales' DocumentSource; `person`, `company`: people's answers, or a name."""

    source: Record
    person: Record
    company: Record
    user_name: str

    @property
    def quote(self) -> Record:
        return self.source["quote"] or {}

    @property
    def version(self) -> Record:
        return self.quote.get("version") or {}

    @property
    def letterhead(self) -> Record:
        """Empty from a sales service of the previous version."""
        return self.source.get("letterhead") or {}

    @property
    def opportunity(self) -> Record:
        return self.source["opportunity"] or {}

    def money(self, amount: Any) -> str:
        return formatting.money(amount, self.version.get("currency") or self.opportunity.get("currency") or "BRL")


@dataclass(frozen=True)
class Variable:
    """One text. `name` is `group.name` or a name alone; `example` is the value in a preview without a record."""

    name: str
    description: str
    example: str
    value: Callable[[Facts], Any]


@dataclass(frozen=True)
class Column:
    """One text in each row of a list; `examples`: its values in the two rows of a preview."""

    name: str
    description: str
    examples: tuple[str, str]
    value: Callable[[Facts, Record], Any]


@dataclass(frozen=True)
class Rows:
    """A list; a template writes it as `{% for item in itens %}{{ item.produto }}{% endfor %}`."""

    name: str
    item: str
    columns: tuple[Column, ...]
    rows: Callable[[Facts], Iterable[Record]]


# What a preview shows where a company's logo stands.
LOGO = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAHgAAAAoCAIAAAC6iKlyAAAAUklEQVR42u3QQQ0AAAgEoGtiMxMZ2hbOBxsJSPVwIA"
    "pEi0a0aNEWRItGtGjRFkSLRrRo0YgWjWjRohEtGtGiRSNaNKJFi0a0aESLFo1o0Yj+ZwGYCmneRdnIZwAAAABJRU5E"
    "rkJggg=="
)
COMMON = (
    Variable("empresa.nome", "Nome da sua empresa", "Padaria Modelo", lambda f: f.company["name"]),
    Variable("empresa.logo", "Logotipo, para <img src=\"{{ empresa.logo }}\">; vazio quando não há", LOGO,
             lambda f: f.letterhead.get("logo")),
    Variable("empresa.razao_social", "Razão social da sua empresa", "Padaria Modelo Ltda.",
             lambda f: f.letterhead.get("legal_name")),
    Variable("empresa.documento", "CNPJ ou CPF da sua empresa", "11.222.333/0001-81",
             lambda f: formatting.document(f.letterhead.get("document"))),
    Variable("empresa.telefone", "Telefone da sua empresa", "(41) 3333-4444",
             lambda f: format_phone(f.letterhead.get("phone") or "")),
    Variable("empresa.email", "E-mail da sua empresa", "vendas@padaria.example", lambda f: f.letterhead.get("email")),
    Variable("empresa.site", "Site da sua empresa", "https://padaria.example", lambda f: f.letterhead.get("site")),
    Variable("empresa.endereco", "Endereço da sua empresa, numa linha", "Rua XV, 10 - Centro, Curitiba/PR, 80020-310",
             lambda f: f.letterhead.get("address")),
    Variable("usuario.nome", "Quem gera ou envia o documento", "Ana Souza", lambda f: f.user_name),
    Variable("hoje", "Data de hoje", "05/03/2031", lambda f: formatting.date(f.source["today"])),
    Variable("cliente.nome", "Nome ou razão social", "Confeitaria Flor & Filhos", lambda f: f.person["name"]),
    Variable("cliente.nome_fantasia", "Nome fantasia", "Flor", lambda f: f.person.get("trade_name")),
    Variable("cliente.codigo", "Código do cadastro", "42", lambda f: f.person.get("code")),
    Variable("cliente.documento", "CPF ou CNPJ", "11.222.333/0001-81",
             lambda f: formatting.document(f.person.get("document"))),
    Variable("cliente.email", "E-mail principal", "compras@flor.example", lambda f: report_content.email(f.person)),
    Variable("cliente.telefone", "Telefone principal", "(41) 99999-8888", lambda f: report_content.phone(f.person)),
    Variable("cliente.contato", "Nome do contato principal", "Rita", lambda f: report_content.contact(f.person)),
    Variable("cliente.endereco", "Endereço principal, numa linha", "Rua XV, 10 - Centro, Curitiba/PR, 80020-310",
             lambda f: formatting.address(f.person)),
    Variable("cliente.cidade", "Cidade e UF", "Curitiba/PR", lambda f: report_content.place(f.person)),
    Variable("oportunidade.descricao", "Assunto do contato de venda", "Forno novo",
             lambda f: f.opportunity.get("subject")),
    Variable("oportunidade.etapa", "Etapa do funil", "Negociação", lambda f: _name(f.opportunity.get("stage"))),
    Variable("oportunidade.data_contato", "Próximo contato", "07/03/2031",
             lambda f: formatting.date(f.opportunity.get("contact_date"))),
    Variable("oportunidade.valor", "Valor previsto", "R$ 12.000,00", lambda f: f.money(f.opportunity.get("amount"))),
    Variable("oportunidade.ambiente", "Ambiente", "Loja do centro", lambda f: f.opportunity.get("environment")),
    Variable("oportunidade.meio_contato", "Meio de contato", "Telefone",
             lambda f: f.opportunity.get("means_of_contact")),
    Variable("oportunidade.indicado_por", "Quem indicou", "João", lambda f: f.opportunity.get("referral")),
)  # fmt: skip
OF_QUOTE = (
    Variable("proposta.numero", "Número da proposta", "12", lambda f: f.quote["number"]),
    Variable("proposta.versao", "Versão da proposta", "2", lambda f: f.version["number"]),
    Variable("proposta.data", "Data da versão", "05/03/2031",
             lambda f: formatting.day_of(f.version["made_at"], f.source["time_zone"])),
    Variable("proposta.validade", "Válida até", "20/03/2031", lambda f: formatting.date(f.version["valid_until"])),
    Variable("proposta.situacao", "Em aprovação, aprovada, rejeitada ou substituída", "Em aprovação",
             lambda f: formatting.STATUS.get(f.version["state"])),
    Variable("proposta.subtotal", "Soma dos itens", "R$ 1.300,00", lambda f: f.money(f.version["basket"]["subtotal"])),
    Variable("proposta.desconto", "Desconto sobre o todo; vazio quando não há", "R$ 100,00",
             lambda f: f.money(formatting.taken_off(f.version["basket"]))),
    Variable("proposta.total", "Total da proposta", "R$ 1.200,00", lambda f: f.money(f.version["basket"]["total"])),
    Variable("proposta.observacoes", "Observações da proposta", "Entrega em dez dias.", lambda f: f.version["notes"]),
    Variable("proposta.condicoes", "Condições das propostas da empresa", "Entrega sem custo na cidade.",
             lambda f: f.letterhead.get("conditions")),
    Variable("proposta.autor", "Quem fez a versão", "Ana Souza", lambda f: _name(f.version["made_by"])),
)  # fmt: skip
ITEMS = Rows(
    "itens", "item",
    (
        Column("produto", "Código do produto", ("FORNO-2", "INST"), lambda f, r: r["code"]),
        Column("descricao", "Descrição", ("Forno elétrico", "Instalação"), lambda f, r: r["description"]),
        Column("quantidade", "Quantidade", ("1", "2,5"), lambda f, r: formatting.quantity(r["quantity"])),
        Column("unidade", "Unidade; vazia quando não há", ("UN", ""), lambda f, r: r.get("unit")),
        Column("preco", "Preço unitário", ("R$ 1.000,00", "R$ 120,00"), lambda f, r: f.money(r["unit_price"])),
        Column("desconto", "Desconto da linha; vazio quando não há", ("", "10%"),
               lambda f, r: formatting.discount(r["discount"], f.version["currency"])),
        Column("total", "Total da linha", ("R$ 1.000,00", "R$ 270,00"), lambda f, r: f.money(r["total"])),
        Column("mensal", "“sim” quando é cobrado todo mês; senão vazio", ("", "sim"),
               lambda f, r: "sim" if r["recurring"] else ""),
    ),
    lambda f: f.version["basket"]["items"],
)  # fmt: skip
INSTALMENTS = Rows(
    "parcelas", "parcela",
    (
        Column("numero", "Número da parcela", ("1", "2"), lambda f, r: r["number"]),
        Column("vencimento", "Vencimento", ("05/03/2031", "05/04/2031"), lambda f, r: formatting.date(r["due_on"])),
        Column("valor", "Valor", ("R$ 600,00", "R$ 600,00"), lambda f, r: f.money(r["amount"])),
    ),
    lambda f: ({**one, "number": number} for number, one in enumerate(f.quote["instalments"], 1)),
)  # fmt: skip
ACTIONS = Rows(
    "acoes", "acao",
    (
        Column("data", "Para quando; vazio quando não tem data", ("07/03/2031", ""),
               lambda f, r: formatting.date(r["due_on"])),
        Column("texto", "O que fazer", ("Medir a cozinha", "Levar o catálogo"), lambda f, r: r["text"]),
    ),
    lambda f: f.source["actions"],
)  # fmt: skip
TABLE: dict[str, tuple[tuple[Variable, ...], tuple[Rows, ...]]] = {
    QUOTE: ((*COMMON, *OF_QUOTE), (ITEMS, INSTALMENTS)),
    VISIT_SHEET: (COMMON, (ACTIONS,)),
}


def describe(kind: str) -> list[dict[str, str]]:
    """The variables of a kind of template: how to write each (`usage`), its description and an example."""
    variables, lists = TABLE[kind]
    plain = [
        {
            "name": variable.name,
            "usage": f"{{{{ {variable.name} }}}}",
            "description": variable.description,
            "example": variable.example,
        }
        for variable in variables
    ]
    return plain + [_column(rows, column) for rows in lists for column in rows.columns]


def values(kind: str, facts: Facts) -> dict[str, Any]:
    """The values of a record, by group and name."""
    variables, lists = TABLE[kind]
    return {
        **_grouped((variable.name, variable.value(facts)) for variable in variables),
        **{rows.name: [_row(rows.columns, facts, record) for record in rows.rows(facts)] for rows in lists},
    }


def samples(kind: str) -> dict[str, Any]:
    """The example values, for a preview without a record."""
    variables, lists = TABLE[kind]
    return {
        **_grouped((variable.name, variable.example) for variable in variables),
        **{rows.name: [{one.name: one.examples[n] for one in rows.columns} for n in (0, 1)] for rows in lists},
    }


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`cliente.nome` is the text `nome` of the group `cliente`."""
    result: dict[str, Any] = {}
    for name, value in pairs:
        group, _, inner = name.partition(".")
        target = result.setdefault(group, {}) if inner else result
        target[inner or group] = _text(value)
    return result


def _row(columns: Sequence[Column], facts: Facts, record: Mapping[str, Any]) -> dict[str, str]:
    return {column.name: _text(column.value(facts, dict(record))) for column in columns}


def _name(record: Record | None) -> Any:
    return (record or {}).get("name")


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _column(rows: Rows, column: Column) -> dict[str, str]:
    name = f"{rows.item}.{column.name}"
    usage = f"{{% for {rows.item} in {rows.name} %}}{{{{ {name} }}}}{{% endfor %}}"
    example = column.examples[0] or column.examples[1]
    return {"name": f"{rows.name}[].{column.name}", "usage": usage, "description": column.description,
            "example": example}  # fmt: skip
