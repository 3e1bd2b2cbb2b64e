"""The services of this system, by name: the class that each process runs. The one list, which all may import.

It names classes by texts, so that who reads it (the gateway, a machine that only starts processes) loads none of them.
"""

from __future__ import annotations

SERVICES = {
    "people": "services.people.service:People",
    "attendance": "services.attendance.service:Attendance",
    "sales": "services.sales.service:Sales",
    "scheduling": "services.scheduling.service:Scheduling",
    "notifications": "services.notifications.service:Notifications",
}
