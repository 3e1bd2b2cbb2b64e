"""The company's markers and settings (rows S7, S8, S15)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.sections import CONFIGURATION
from services.sales import contract
from services.sales.domain import Marker, Markers, Settings
from services.sales.store import SalesSession

Data = dict[str, Any]


@query(takes=contract.ListMarkers, gives=contract.MarkerList, needs="sales.read", section=CONFIGURATION)
def list_markers(session: SalesSession, data: Data) -> Markers:
    return session.configuration.markers()


@command(takes=contract.AddMarker, gives=contract.Marker, needs="sales.configure", section=CONFIGURATION)
def add_marker(tx: SalesSession, data: Data) -> Marker:
    """Raises Conflict("marker_exists"), Conflict("markers_full")."""
    markers = tx.configuration.markers()
    marker = markers.add(tx.new_id(), **data)
    tx.configuration.save(markers)
    return marker


@command(takes=contract.ChangeMarker, gives=contract.Marker, needs="sales.configure", section=CONFIGURATION)
def change_marker(tx: SalesSession, data: Data) -> Marker:
    """Raises NotFound("marker_not_found"), Conflict("marker_exists")."""
    markers = tx.configuration.markers()
    marker = markers.change(**data)
    tx.configuration.save(markers)
    return marker


@command(takes=contract.DeleteMarker, gives=contract.MarkerList, needs="sales.configure", section=CONFIGURATION)
def delete_marker(tx: SalesSession, data: Data) -> Markers:
    """It is gone from every opportunity; raises NotFound("marker_not_found")."""
    markers = tx.configuration.markers()
    markers.remove(**data)
    tx.configuration.save(markers)
    return markers


@query(takes=contract.GetSettings, gives=contract.Settings, needs="sales.read", section=CONFIGURATION)
def get_sales_settings(session: SalesSession, data: Data) -> Settings:
    return session.configuration.settings()


@command(takes=contract.ChangeSettings, gives=contract.Settings, needs="sales.configure", section=CONFIGURATION)
def change_sales_settings(tx: SalesSession, data: Data) -> Settings:
    """Only what is given changes."""
    settings = tx.configuration.settings()
    for name, value in data.items():
        setattr(settings, name, value)
    tx.configuration.save(settings)
    return settings
