"""Row S24: the catalogue over the whole system: the same code at once, the same file at once, what an order keeps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.builders import people, sales
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    """Administrator of a company of her own."""
    return sales.newcomer(system)


def take(client: Client, text: str, **params: Any) -> Any:
    file = {"file": ("produtos.csv", text.encode(), "text/csv")}
    return client.request("POST", "/v1/products/import", params=params, files=file, timeout=60)


def test_of_two_who_add_a_code_at_once_one_is_refused(maria: Client) -> None:
    bodies = [{"code": code, "description": "Forno"} for code in ("007", "7", " 7 ", "0007")]
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(maria.request, "POST", "/v1/products", json=body, timeout=60) for body in bodies]
    assert sorted(one.result().status_code for one in done) == [201, 409, 409, 409]
    assert len(maria.get("/v1/products")["items"]) == 1


def test_two_files_at_once_leave_each_product_once_and_whole(maria: Client) -> None:
    texts = [
        f"codigo;descricao;preco\n{''.join(f'P{number};Do arquivo {name};{name},00{chr(10)}' for number in range(60))}"
        for name in (1, 2)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = [one.result() for one in [pool.submit(take, maria, text) for text in texts]]
    assert {answer.status_code for answer in answers} <= {200, 409}
    found = maria.every("/v1/products")
    assert len(found) == 60
    assert len({product["description"] for product in found}) == 1, "the one file or the other"


def test_an_order_sells_from_the_catalogue_and_keeps_what_it_said(maria: Client) -> None:
    made = maria.post("/v1/products", {"code": "FORNO-2", "description": "Forno", "price": "1000.00", "unit": "UN"})
    person = maria.register(f"Compradora {people.unique_word()}")
    path = f"/v1/persons/{person['id']}/orders"
    order = maria.post(path, {"items": [{"code": "forno-2", "quantity": "2"}]})
    maria.patch(f"/v1/products/{made['id']}", {"price": "1500.00"})
    [item] = maria.get(f"/v1/orders/{order['id']}")["basket"]["items"]
    assert (item["product"]["id"], item["unit_price"], item["total"]) == (made["id"], "1000.00", "2000.00")
    maria.post(f"/v1/products/{made['id']}/deactivate", None)
    refused(
        maria.request("POST", path, json={"items": [{"code": "FORNO-2", "quantity": "1"}]}), 409, "product_inactive"
    )
    free = {"code": "AVULSO", "quantity": "1"}
    refused(maria.request("POST", path, json={"items": [free]}), 422, "item_incomplete")
