"""Row S24: what quotes, orders and contracts take from the catalogue, and what a CSV of products becomes."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from services.sales.commission import commands as commission_commands
from services.sales.commission import queries as commission_queries
from services.sales.contracts import commands as contracts_commands
from services.sales.orders import commands as orders_commands
from services.sales.products import commands, queries
from services.sales.products.importing import Import
from services.sales.quotes import commands as quotes_commands
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

OVEN = {"code": "FORNO-2", "description": "Forno elétrico", "unit": "UN", "price": "1000.00"}


@pytest.fixture
def memory() -> Memory:
    company = Memory(SalesSession, INDEXES)
    company.collection("persons").put({"_id": "p1", "name": "Padaria", "sequence": 1})
    company.collection("attendances").put({"_id": "a1", "person_id": "p1", "sequence": 1})
    return company


def add(memory: Memory, **fields: Any) -> Any:
    return memory.ask(commands.add_product, **{**OVEN, **fields})


def sell(memory: Memory, *items: dict[str, Any], **fields: Any) -> Any:
    whole = [{"quantity": "2", **item} for item in items]
    return memory.ask(orders_commands.place_order, person_id="p1", items=whole, **fields)["basket"]["items"]


def refused(memory: Memory, *items: dict[str, Any], **fields: Any) -> str:
    whole = [{"quantity": "2", **item} for item in items]
    return memory.refusal(orders_commands.place_order, person_id="p1", items=whole, **fields)


def test_an_item_takes_from_the_catalogue_what_it_does_not_say(memory: Memory) -> None:
    made = add(memory, recurring=True, kind="service")
    [by_id, by_code, own] = sell(
        memory,
        {"product_id": made["id"]},
        {"code": " forno-2 "},
        {"code": "FORNO-2", "description": "Forno usado", "unit_price": "600", "recurring": False, "kind": "goods"},
    )
    for item in (by_id, by_code):
        assert item["product"] == {"id": made["id"], "name": "Forno elétrico"}
        assert (item["code"], item["description"], item["unit"], str(item["unit_price"])) == (
            "FORNO-2", "Forno elétrico", "UN", "1000.00",
        )  # fmt: skip
        assert (item["recurring"], item["kind"]) == (True, "service")
    assert (own["description"], str(own["unit_price"]), own["recurring"], own["kind"]) == (
        "Forno usado", "600", False, "goods",
    )  # fmt: skip
    assert own["product"]["name"] == "Forno elétrico"


def test_what_was_sold_keeps_the_description_and_price_of_then(memory: Memory) -> None:
    made = add(memory)
    sell(memory, {"code": "FORNO-2"})
    memory.ask(commands.change_product, product_id=made["id"], description="Forno novo", price="1200.00")
    [kept] = memory.documents("orders")
    assert kept["basket"]["items"][0]["description"] == "Forno elétrico"
    assert sell(memory, {"code": "FORNO-2"})[0]["product"]["name"] == "Forno novo"


def test_a_free_item_says_all_of_itself(memory: Memory) -> None:
    free = {"code": "AVULSO", "description": "Brinde", "unit_price": "1.00"}
    assert sell(memory, free)[0]["product"] is None
    for lacking in ("description", "unit_price"):
        assert refused(memory, {name: value for name, value in free.items() if name != lacking}) == "item_incomplete"
    assert refused(memory, {"description": "Brinde", "unit_price": "1.00"}) == "input_invalid"


def test_a_product_without_a_price_needs_one_and_one_of_another_currency_too(memory: Memory) -> None:
    add(memory, price=None)
    assert refused(memory, {"code": "FORNO-2"}) == "item_incomplete"
    assert sell(memory, {"code": "FORNO-2", "unit_price": "5"})[0]["product"]
    add(memory, code="IMPORTADO", currency="USD")
    assert refused(memory, {"code": "IMPORTADO"}) == "item_currency_differs"
    assert sell(memory, {"code": "IMPORTADO"}, currency="USD")[0]["product"]


def test_an_unknown_or_inactive_product_is_not_sold_and_a_code_must_be_its_products(memory: Memory) -> None:
    made = add(memory)
    assert refused(memory, {"product_id": "none"}) == "product_not_found"
    assert refused(memory, {"product_id": made["id"], "code": "OUTRO"}) == "item_code_differs"
    memory.ask(commands.deactivate_product, product_id=made["id"])
    for item in ({"product_id": made["id"]}, {"code": "forno-2", "description": "F", "unit_price": "1"}):
        assert refused(memory, item) == "product_inactive"
    assert memory.refusal(commands.deactivate_product, product_id=made["id"]) == "product_inactive"
    memory.ask(commands.activate_product, product_id=made["id"])
    assert memory.refusal(commands.activate_product, product_id=made["id"]) == "product_active"
    assert sell(memory, {"product_id": made["id"]})


def test_a_quote_is_revised_with_the_inactive_products_it_has_and_with_no_others(memory: Memory) -> None:
    made, other = add(memory), add(memory, code="OUTRO")
    item = {"code": "FORNO-2", "quantity": "1"}
    quote = memory.ask(quotes_commands.make_quote, attendance_id="a1", items=[item])
    for one in (made, other):
        memory.ask(commands.deactivate_product, product_id=one["id"])
    revised = memory.ask(quotes_commands.revise_quote, quote_id=quote["id"], items=[{**item, "quantity": "2"}])
    assert len(revised["versions"]) == 2
    more = [item, {"code": "OUTRO", "quantity": "1"}]
    assert memory.refusal(quotes_commands.revise_quote, quote_id=quote["id"], items=more) == "product_inactive"


def test_the_same_offer_after_a_change_of_the_catalogues_name_is_no_new_version(memory: Memory) -> None:
    made = add(memory)
    item = {"code": "FORNO-2", "quantity": "1", "description": "Forno", "unit_price": "900"}
    quote = memory.ask(quotes_commands.make_quote, attendance_id="a1", items=[item])
    memory.ask(commands.change_product, product_id=made["id"], description="Forno novo", unit="PC")
    assert len(memory.ask(quotes_commands.revise_quote, quote_id=quote["id"], items=[item])["versions"]) == 1


def test_another_systems_contract_names_an_inactive_product(memory: Memory) -> None:
    made = add(memory)
    memory.ask(commands.deactivate_product, product_id=made["id"])
    items = [{"code": "forno-2", "quantity": "1"}]
    put = {"external_id": "e1", "person_id": "p1", "starts_on": "2026-11-01", "items": items}
    contract = memory.ask(contracts_commands.put_contract, **put)
    assert contract["basket"]["items"][0]["product"]["id"] == made["id"]


def test_the_catalogue_says_what_is_surplus(memory: Memory) -> None:
    add(memory, code="EXTRA", surplus_rule="always")
    add(memory, code="FRETE", surplus_rule="never")
    assert [item["surplus"] for item in sell(memory, {"code": "EXTRA"}, {"code": "FRETE"})] == [True, False]
    assert refused(memory, {"code": "FRETE", "surplus": True}) == "item_surplus_refused"


def test_a_commission_rate_names_a_product(memory: Memory) -> None:
    made = add(memory)
    given = {"kind": "product", "percent": "5"}
    rate = memory.ask(commission_commands.put_commission_rate, product_id=made["id"], **given)
    assert (rate["code"], rate["product"]) == ("FORNO-2", {"id": made["id"], "name": "Forno elétrico"})
    memory.ask(commission_commands.put_commission_rate, code="AVULSO", **given)
    listed = memory.ask(commission_queries.list_commission_rates, kind="product")["items"]
    assert {one["code"]: one["product"] and one["product"]["id"] for one in listed} == {
        "FORNO-2": made["id"], "AVULSO": None,
    }  # fmt: skip
    put = commission_commands.put_commission_rate
    assert memory.refusal(put, product_id="none", **given) == "product_not_found"
    assert memory.refusal(put, product_id=made["id"], code="FORNO-2", **given) == "input_invalid"


def found(memory: Memory, **asked: Any) -> list[str]:
    return [product["code"] for product in memory.ask(queries.list_products, **asked)["items"]]


def test_products_are_found_by_words_by_code_and_by_state(memory: Memory) -> None:
    add(memory)
    add(memory, code="INST", description="Instalação de forno a gás")
    old = add(memory, code="00042", description="Batedeira planetária semi-industrial")
    memory.ask(commands.deactivate_product, product_id=old["id"])
    assert found(memory) == ["00042", "FORNO-2", "INST"]
    assert found(memory, q="forno") == ["FORNO-2", "INST"]
    assert found(memory, q="GAS instalacao") == ["INST"]
    assert found(memory, q="forno-2") == ["FORNO-2"]
    assert found(memory, q="semi-indus plan") == ["00042"]
    assert found(memory, q="42") == ["00042"]
    assert found(memory, code="42") == ["00042"]
    assert found(memory, code="42", state="active") == []
    assert found(memory, state="inactive") == ["00042"]
    assert found(memory, q="forno batedeira") == []
    assert found(memory, q="--") == found(memory)
    first = memory.ask(queries.list_products, limit=2)
    rest = memory.ask(queries.list_products, limit=2, cursor=first["next_cursor"])
    assert [one["code"] for one in (*first["items"], *rest["items"])] == ["00042", "FORNO-2", "INST"]
    assert rest["next_cursor"] is None


def test_an_edit_that_changes_nothing_is_no_new_version(memory: Memory) -> None:
    made = add(memory)
    assert memory.ask(commands.change_product, product_id=made["id"], price="1000.00")["version"] == 1
    changed = memory.ask(commands.change_product, product_id=made["id"], fiscal={"ncm": "84178090"})
    assert (changed["version"], vars(changed["changed_by"]), changed["fiscal"]["ncm"]) == (
        2, {"id": "u1", "name": "Ana"}, "84178090",
    )  # fmt: skip
    again = memory.ask(commands.change_product, product_id=made["id"], fiscal={"cfop": "5102"})
    assert (again["fiscal"]["ncm"], again["fiscal"]["cfop"]) == ("84178090", "5102")


CSV = """Código;Descrição;Un;Preço de venda;NCM;Obs
FORNO-2;Forno elétrico;un;1.234,56;8417.80.90;x
007;Instalação;;250,00;;
"""


def take(memory: Memory, text: str, encoding: str = "utf-8", **choices: Any) -> Any:
    return memory.ask(commands.import_products, file=base64.b64encode(text.encode(encoding)).decode(), **choices)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_a_file_is_imported_as_a_whole(memory: Memory, encoding: str) -> None:
    done = take(memory, CSV, encoding)
    assert (done["counts"]["added"], [line.line for line in done["lines"]]) == (2, [2, 3])
    assert [(one["header"], one["field"]) for one in done["columns"]][-1] == ("Obs", None)
    [oven, installing] = reversed(memory.ask(queries.list_products)["items"])
    assert (oven["unit"], str(oven["price"]), oven["fiscal"]["ncm"]) == ("UN", "1234.56", "84178090")
    assert (installing["code"], installing["description"]) == ("007", "Instalação")


def test_a_dry_run_says_the_same_and_changes_nothing(memory: Memory) -> None:
    done = take(memory, CSV, dry_run=True)
    assert (done["dry_run"], done["counts"]["added"]) == (True, 2)
    assert memory.documents("products") == memory.documents("outbox") == []


def test_a_file_with_one_wrong_line_imports_nothing(memory: Memory) -> None:
    wrong = CSV + "X;;;;;\n;Sem código;;;;\nY;Ruim;;abc;12;\n7;De novo;;;;\n" + 'Z;"aberta;;;;\n'
    told = {line.line: line.reasons for line in take(memory, wrong, dry_run=True)["lines"] if line.reasons}
    assert told == {
        4: ["Descrição: falta, e o produto é novo."],
        5: ["Código: Preencha este campo."],
        6: ["Preço: não é um valor.", "NCM: O NCM tem 8 dígitos."],
        7: ["O código já está na linha 3."],
        8: ["Linha ilegível: verifique as aspas e as quebras de linha."],
    }
    refusal = memory.refusal(commands.import_products, file=base64.b64encode(wrong.encode()).decode())
    assert refusal == "products_import_refused"
    assert memory.documents("products") == []


def test_an_imported_product_that_exists_is_changed_by_what_its_cells_say_or_left(memory: Memory) -> None:
    add(memory, fiscal={"ncm": "84178090"})
    text = "codigo,preco,situacao,descricao\nforno-2,1100.00,inativo,\n"
    assert take(memory, text, existing="skip")["counts"]["unchanged"] == 1
    assert take(memory, text)["counts"]["changed"] == 1
    [kept] = memory.ask(queries.list_products)["items"]
    assert (str(kept["price"]), kept["state"], kept["description"]) == ("1100.00", "inactive", "Forno elétrico")
    assert (kept["fiscal"]["ncm"], kept["version"]) == ("84178090", 2)
    assert take(memory, text)["counts"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("cell", "others", "price"),
    [
        ("1.234,56", "", "1234.56"), ("R$ 10,00", "", "10.00"), ("12.5", "", "12.5"), ("1234", "", "1234"),
        ("1.234", "7,00", "1234"), ("1.234", "", None), ("1,2,3", "", None), ("dez", "", None), ("-1,00", "", None),
        ("1.23,00", "", None), ("1.234.567,89", "", "1234567.89"),
    ],
)  # fmt: skip
def test_a_price_is_read_as_brazilians_write_it_and_never_guessed(cell: str, others: str, price: str | None) -> None:
    text = f'codigo;descricao;preco\nA;A;"{cell}"\nB;B;{others}\n'
    first = Import.of(text.encode()).lines[0]
    assert (str(first.changes["price"]) if not first.reasons else None) == price


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nome;preco\nA;1\n", "import_columns_missing"),
        ("\n\n", "import_file_unreadable"),
        ("PK\x03\x04planilha", "import_file_unreadable"),
        ("codigo;descricao\n" + "".join(f"P{number};P\n" for number in range(501)), "import_too_long"),
        ("codigo;descricao\n" + 'z";"\n' * 20_000, "import_too_long"),
    ],
)
def test_a_file_that_is_none_of_products_is_refused(memory: Memory, text: str, code: str) -> None:
    assert memory.refusal(commands.import_products, file=base64.b64encode(text.encode()).decode()) == code


def test_a_formula_that_a_spreadsheet_was_kept_from_is_read_as_what_it_was(memory: Memory) -> None:
    take(memory, "codigo;descricao\n'+1;'=Soma\n")
    assert [(one["code"], one["description"]) for one in memory.ask(queries.list_products)["items"]] == [
        ("+1", "=Soma")
    ]


def test_an_import_announces_all_it_changed_in_parts(memory: Memory) -> None:
    take(memory, "codigo;descricao\n" + "".join(f"P{number:03};Produto\n" for number in range(250)))
    assert len([row for row in memory.documents("outbox") if row["name"] == "products_changed"]) == 3
