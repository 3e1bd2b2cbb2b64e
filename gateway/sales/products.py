"""The catalogue of products, and its import from CSV (row S24)."""

from __future__ import annotations

import base64
from typing import Any

from flask import request

from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import bus, send_command, send_query
from services.chassis.errors import Invalid
from services.sales.products import contract

blp = JsonBlueprint("products", __name__, url_prefix="/v1/products", description="Produtos")

ONE = "/<string:product_id>"
IMPORT_SECONDS = 30.0


@blp.get("")
@blp.summary("Lista os produtos", "Por código. Busca por começos de palavras do código e da descrição.")
@needs("sales.read")
@blp.arguments(contract.ListProducts, location="query")
@blp.response(200, contract.ProductPage)
@refuses(blp)
def list_products(data: dict[str, Any]) -> Any:
    return send_query("sales", "list_products", data)


@blp.post("")
@blp.summary("Cadastra um produto")
@needs("sales.configure")
@blp.arguments(contract.AddProduct)
@blp.response(201, contract.Product, at="/v1/products/{id}")
@refuses(blp, 409)
def create_product(data: dict[str, Any]) -> Any:
    return send_command("sales", "add_product", contract.AddProduct, data)


@blp.post("/import")
@blp.summary(
    "Importa produtos de um arquivo CSV",
    "No campo file de um formulário (multipart), até 500 linhas: o arquivo inteiro ou nada. Com dry_run, só confere.",
)
@needs("sales.configure")
@blp.arguments(contract.ImportChoices, location="query")
@blp.response(200, contract.ImportedProducts)
@refuses(blp, 409)
def import_products(data: dict[str, Any]) -> Any:
    """The whole file or nothing of it, with a reason for each line that is refused."""
    upload = request.files.get("file")
    content = upload.stream.read(contract.LARGEST_FILE + 1) if upload is not None else b""
    if not content or len(content) > contract.LARGEST_FILE:
        most = contract.LARGEST_FILE // 1000
        detail = f"Envie o arquivo CSV no campo file, de até {most} kB."
        raise Invalid("import_file_missing", detail, fields={"file": [detail]})
    context = auth.context(IMPORT_SECONDS, "sales.import_products")
    whole = {**data, "file": base64.b64encode(content).decode()}
    return bus().call("sales", "import_products", whole, context, command=True)


@blp.get(ONE)
@blp.summary("Lê um produto")
@needs("sales.read")
@blp.response(200, contract.Product)
@refuses(blp, 404)
def get_product(product_id: str) -> Any:
    return send_query("sales", "get_product", {"id": product_id})


@blp.patch(ONE)
@blp.summary("Altera um produto", "O código não muda; o que já foi vendido guarda a descrição e o preço de então.")
@needs("sales.configure")
@blp.arguments(contract.ChangeProduct(exclude=("product_id",)))
@blp.response(200, contract.Product)
@refuses(blp, 404, 412)
def change_product(data: dict[str, Any], product_id: str) -> Any:
    return send_command("sales", "change_product", contract.ChangeProduct, data, product_id=product_id)


@blp.post(f"{ONE}/deactivate")
@blp.summary("Inativa um produto", "Deixa de ser oferecido; o que já foi vendido não muda.")
@needs("sales.configure")
@blp.response(200, contract.Product)
@refuses(blp, 404, 409, 412)
def deactivate_product(product_id: str) -> Any:
    return send_command("sales", "deactivate_product", contract.OneProduct, {}, product_id=product_id)


@blp.post(f"{ONE}/activate")
@blp.summary("Reativa um produto")
@needs("sales.configure")
@blp.response(200, contract.Product)
@refuses(blp, 404, 409, 412)
def activate_product(product_id: str) -> Any:
    return send_command("sales", "activate_product", contract.OneProduct, {}, product_id=product_id)
