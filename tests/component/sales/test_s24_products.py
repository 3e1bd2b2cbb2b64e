"""Row S24: the catalogue of products, its search, its import, and what is sold from it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sales, sold, users
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

CSV = "Código;Descrição;Un;Preço de venda;NCM\nFORNO-2;Forno elétrico;UN;1.234,56;84178090\n007;Instalação;;250,00;\n"


@pytest.fixture
def maria(system: System) -> Client:
    """Administrator of a company of her own."""
    return sales.newcomer(system)


def add(client: Client, **fields: Any) -> dict[str, Any]:
    body = {"code": "FORNO-2", "description": "Forno elétrico", "unit": "UN", "price": "1000.00", **fields}
    made: dict[str, Any] = client.post("/v1/products", body)
    return made


def take(client: Client, text: str, **params: Any) -> Any:
    file = {"file": ("produtos.csv", text.encode(), "text/csv")}
    return client.request("POST", "/v1/products/import", params=params, files=file)


def test_a_product_is_added_read_found_and_changed_with_its_version(maria: Client) -> None:
    made = add(maria, fiscal={"ncm": "84178090"})
    path = f"/v1/products/{made['id']}"
    assert maria.get(path) == made
    assert made["created_by"]["name"] == maria.session["user"]["name"]
    for params in ({"q": "forno el"}, {"code": "forno-2"}, {"state": "active"}):
        assert maria.get("/v1/products", params=params)["items"] == [made]
    stale = {"If-Match": '"7"'}
    refused(maria.request("PATCH", path, json={"price": "1"}, headers=stale), 412, "version_changed")
    changed = maria.request("PATCH", path, json={"price": "900"}, headers={"If-Match": '"1"'}).json()
    assert (changed["price"], changed["version"], changed["fiscal"]["ncm"]) == ("900", 2, "84178090")


def test_what_is_refused(maria: Client, bruno: Client) -> None:
    made = add(maria)
    body = {"code": " forno-2", "description": "Outro"}
    problem = refused(maria.request("POST", "/v1/products", json=body), 409, "product_exists")
    assert problem["params"]["product_id"] == made["id"]
    refused(bruno.request("GET", f"/v1/products/{made['id']}"), 404, "product_not_found")
    refused(bruno.request("PATCH", f"/v1/products/{made['id']}", json={"price": "1"}), 404, "product_not_found")
    for wrong in ({"price": "-1"}, {"unit": "caixa grande"}, {"kind": "gas"}, {"surplus_rule": "x"}, {"code": ""}):
        [field] = wrong
        field_refused(maria.request("POST", "/v1/products", json={"code": "N", "description": "N", **wrong}), field)
    refused(maria.request("PATCH", f"/v1/products/{made['id']}", json={"code": "OUTRO"}), 422, "input_invalid")


def test_an_order_a_quote_and_a_contract_sell_from_the_catalogue_and_keep_what_it_said(maria: Client) -> None:
    made = add(maria, recurring=True)
    person = maria.register(f"Compradora {people.unique_word()}")
    order = maria.post(f"/v1/persons/{person['id']}/orders", {"items": [{"product_id": made["id"], "quantity": "2"}]})
    [item] = order["basket"]["items"]
    assert (item["product"], item["code"], item["unit"], item["total"]) == (
        {"id": made["id"], "name": "Forno elétrico"}, "FORNO-2", "UN", "2000.00",
    )  # fmt: skip
    opportunity = sold.opportunity(maria, person["id"])
    quoted = {"items": [{"code": "forno-2", "quantity": "1"}]}
    quote = maria.post(f"/v1/opportunities/{opportunity['id']}/quotes", quoted)
    maria.patch(f"/v1/products/{made['id']}", {"price": "1500.00", "description": "Forno novo"})
    assert maria.get(f"/v1/orders/{order['id']}") == order
    assert maria.get(f"/v1/quotes/{quote['id']}") == quote
    won = maria.post(f"/v1/opportunities/{opportunity['id']}/close-as-won", quoted)
    [monthly] = won["contracts"][0]["basket"]["items"]
    assert (monthly["product"]["name"], monthly["unit_price"]) == ("Forno novo", "1500.00")


def test_an_inactive_product_is_not_sold(maria: Client) -> None:
    made = add(maria)
    maria.post(f"/v1/products/{made['id']}/deactivate", None)
    person = maria.register(f"Compradora {people.unique_word()}")
    body = {"items": [{"product_id": made["id"], "quantity": "1"}]}
    path = f"/v1/persons/{person['id']}/orders"
    refused(maria.request("POST", path, json=body), 409, "product_inactive")
    maria.post(f"/v1/products/{made['id']}/activate", None)
    assert maria.post(path, body)
    bare = {"items": [{"code": "NADA", "quantity": "1"}]}
    problem = refused(maria.request("POST", path, json=bare), 422, "item_incomplete")
    assert set(problem["fields"]["items"]["0"]) == {"description", "unit_price"}


def test_a_csv_is_previewed_and_imported_as_a_whole_or_not_at_all(maria: Client) -> None:
    preview = take(maria, CSV, dry_run="true").json()
    assert (preview["counts"]["added"], maria.get("/v1/products")["items"]) == (2, [])
    problem = refused(take(maria, CSV + "X;;;;1\n"), 422, "products_import_refused")
    assert problem["params"]["lines"] == [{"line": 4, "reasons": ["NCM: O NCM tem 8 dígitos."]}]
    assert maria.get("/v1/products")["items"] == []
    assert take(maria, CSV).json()["counts"]["added"] == 2
    assert [one["price"] for one in maria.get("/v1/products")["items"]] == ["250.00", "1234.56"]
    assert take(maria, CSV).json()["counts"]["unchanged"] == 2


def test_a_large_file_is_imported_and_changed_in_one_go(maria: Client) -> None:
    lines = [f"P{number:04};Produto {number};{{price}}" for number in range(500)]
    text = "codigo;descricao;preco\n" + "\n".join(lines)
    assert take(maria, text.replace("{price}", "10,00")).json()["counts"]["added"] == 500
    done = take(maria, text.replace("{price}", "11,00"))
    assert done.json()["counts"]["changed"] == 500, done.text
    assert len(maria.every("/v1/products", q="produto 49")) == 11


def test_no_file_or_one_too_large_is_refused(maria: Client) -> None:
    refused(maria.request("POST", "/v1/products/import"), 422, "import_file_missing")
    refused(take(maria, ""), 422, "import_file_missing")
    refused(take(maria, "x" * 700_001), 422, "import_file_missing")
    refused(take(maria, "nome\nA\n"), 422, "import_columns_missing")


def test_who_may_not_configure_reads_the_catalogue_only(maria: Client, system: System) -> None:
    seller = users.as_user(system, users.create(maria, "seller"))
    assert seller.request("GET", "/v1/products").ok
    refused(seller.request("POST", "/v1/products", json={"code": "X", "description": "X"}), 403, "permission_missing")
    refused(take(seller, CSV), 403, "permission_missing")
