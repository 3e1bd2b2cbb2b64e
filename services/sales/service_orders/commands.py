"""Service orders and invoices: putting, finishing and cancelling them (row S20)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.orders.model import Order
from services.sales.products.baskets import basket_of
from services.sales.service_orders import contract
from services.sales.service_orders.model import DONE, OPEN, ServiceInvoice, ServiceOrder
from services.sales.service_orders.presenting import present_invoice, present_service_order
from services.sales.session import SalesSession
from services.sales.shared.days import refuse_future
from services.sales.shared.external_ids import EXTERNAL, source_of
from services.sales.shared.external_records import find_external_record
from services.sales.shared.today import today

Data = dict[str, Any]


def release(tx: SalesSession, order: Order, reason: str, final: bool) -> None:
    """Cancels the service order of a sale that is cancelled, or deletes it with a deleted sale (`final`).

    One that is done stays done; with `final` it raises Conflict("order_service_done").
    """
    found = tx.service_orders.of_source(order.id)
    if found is None:
        return
    if final and found.status == DONE:
        raise Conflict("order_service_done", "Os serviços desta venda já foram feitos.", service_order_id=found.id)
    if final:
        tx.service_orders.remove(found)
        tx.publish(events.SERVICE_ORDER_DELETED, found.id, found.version + 1, **found.identity())
    elif found.status == OPEN:
        found.cancel(reason)
        _save_and_present(tx, found)


@command(takes=contract.PutServiceOrder, gives=contract.ServiceOrder, needs="sales.write", section="service_orders")
def put_service_order(tx: SalesSession, data: Data) -> Data:
    """Upsert by the other system's id, within the person; raises NotFound("person_not_found"),
    Invalid("discount_invalid", "amount_too_large", "date_future")."""
    tx.persons.get(data["person_id"])
    refuse_future(data["done_on"], today(tx), "done_on")
    person_id, external_id = data.pop("person_id"), data.pop("external_id")
    basket = basket_of(tx, data, data["currency"], external=True)
    known = find_external_record(tx, person_id, external_id, tx.service_orders.of_source)
    if known is None:
        number = tx.service_orders.next_number()
        known = ServiceOrder(tx.new_id(), number, person_id, EXTERNAL, source_of(person_id, external_id), basket=basket,
                             created_at=tx.now, **data)  # fmt: skip
        tx.service_orders.add(known)
        return _announce_and_present(tx, known)
    _set_fields(known, {**data, "basket": basket})
    return _save_and_present(tx, known)


@command(takes=contract.FinishServiceOrder, gives=contract.ServiceOrder, needs="sales.write", section="service_orders")
def finish_service_order(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("service_order_not_open"), Invalid("date_future")."""
    found = tx.service_orders.get(data["service_order_id"])
    found.finish(data["done_on"] or today(tx), today(tx))
    return _save_and_present(tx, found)


@command(takes=contract.CancelServiceOrder, gives=contract.ServiceOrder, needs="sales.write", section="service_orders")
def cancel_service_order(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("service_order_not_open")."""
    found = tx.service_orders.get(data["service_order_id"])
    found.cancel(data["reason"])
    return _save_and_present(tx, found)


@command(takes=contract.PutServiceInvoice, gives=contract.ServiceInvoice, needs="sales.write", section="service_orders")
def put_service_invoice(tx: SalesSession, data: Data) -> Data:
    """Upsert by the other system's id, within the person; raises NotFound: person_not_found, service_order_not_found;
    Invalid("service_order_of_another_person")."""
    tx.persons.get(data["person_id"])
    data["attendance_id"] = _attendance_of(tx, data["person_id"], data["service_order_id"])
    person_id, external_id = data.pop("person_id"), data.pop("external_id")
    known = find_external_record(tx, person_id, external_id, tx.service_invoices.of_source)
    if known is None:
        source_id = source_of(person_id, external_id)
        known = ServiceInvoice(tx.new_id(), person_id, source_id, created_at=tx.now, **data)
        tx.service_invoices.add(known)
        return _announce_and_present_invoice(tx, known)
    _set_fields(known, data)
    tx.service_invoices.save(known)
    return _announce_and_present_invoice(tx, known)


def _attendance_of(tx: SalesSession, person_id: str, service_order_id: str | None) -> str | None:
    """The attendance of the person's service order; raises Invalid("service_order_of_another_person")."""
    if service_order_id is None:
        return None
    order = tx.service_orders.get(service_order_id)
    if tx.redirects.current(order.person_id) != tx.redirects.current(person_id):
        detail = "A ordem de serviço é de outra pessoa."
        raise Invalid("service_order_of_another_person", detail, fields={"service_order_id": [detail]})
    return order.attendance_id


def _set_fields(known: ServiceOrder | ServiceInvoice, data: Data) -> None:
    for name, value in data.items():
        setattr(known, name, value)


def _save_and_present(tx: SalesSession, changed: ServiceOrder) -> Data:
    tx.service_orders.save(changed)
    return _announce_and_present(tx, changed)


def _announce_and_present(tx: SalesSession, order: ServiceOrder) -> Data:
    tx.publish(events.SERVICE_ORDER_CHANGED, order.id, order.version, **order.event_data())
    return present_service_order(order)


def _announce_and_present_invoice(tx: SalesSession, invoice: ServiceInvoice) -> Data:
    tx.publish(events.SERVICE_INVOICE_CHANGED, invoice.id, invoice.version, **invoice.event_data())
    return present_invoice(invoice)
