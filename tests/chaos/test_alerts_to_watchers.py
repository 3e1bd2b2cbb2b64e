"""Row N1 while notifications is killed in the midst of telling many watchers: each is told, once."""

from __future__ import annotations

from services.notifications.watching.batches import BATCH
from tests.chaos.rig import Rig
from tests.support.builders.notifying import deliveries, tell, watch
from tests.support.fakes.slow_smtp import SlowSmtp
from tests.support.stack.ports import wait_for


def test_the_last_of_many_watchers_is_told_as_the_first_is_though_the_service_dies_meanwhile(rig: Rig) -> None:
    server = SlowSmtp(lambda command: 0)
    process = rig.start("notifications", VINCULO_SMTP_URL=server.url)
    addresses = watch(rig, 3 * BATCH + 1)
    tell(rig, "p1", None)
    wait_for(lambda: len(deliveries(rig)) > BATCH, 60, "some are told")
    process.kill()
    process.start()
    wait_for(lambda: len(deliveries(rig)) >= len(addresses), 120, "all are told")
    wait_for(lambda: {one["status"] for one in deliveries(rig, "p1")} == {"sent"}, 120, "all are sent")
    assert sorted(one["recipient"] for one in deliveries(rig)) == sorted(addresses)
    assert set(server.taken()) == {one["message_id"] for one in deliveries(rig)}
    assert not rig.documents("notifications", "tellings")
    server.close()
