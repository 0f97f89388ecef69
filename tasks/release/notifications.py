"""Alarms into the outbox, and how notifications stand, for people to see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voxgate.release.alarms import Alarm
from voxgate.release.desk import Desk
from voxgate.release.notices import Notice
from voxgate.release.ports.outbox import Delivery

__all__ = ["problems", "raise_alarms", "standing"]


def raise_alarms(desk: Desk, alarms: Iterable[Alarm]) -> tuple[str, ...]:
    """Put alarms into the outbox, each key once, and send what is due; returns the problems."""
    for alarm in alarms:
        desk.outbox.enqueue(alarm.key, alarm.subject, alarm.text)
    return desk.notify()


def standing(desk: Desk, also: Sequence[Notice] = ()) -> list[Delivery]:
    """Return how each notice stands on each channel that is set here or was ever used.

    `also` are notices that nobody has put into the outbox yet.
    """
    told = [*desk.notices(), *also]
    names = {channel.name for channel in desk.channels} | set(desk.outbox.channels())
    return [delivery for name in sorted(names) for delivery in desk.outbox.standing(name, told)]


def problems(desk: Desk) -> tuple[str, ...]:
    """Return a line for each channel on which something did not get through."""
    lines = []
    found = [d for d in standing(desk) if d.attempts and d.state != "delivered"]
    for name in sorted({delivery.channel for delivery in found}):
        mine = [delivery for delivery in found if delivery.channel == name]
        dead = sum(delivery.state == "dead" for delivery in mine)
        counts = [f"{dead} given up"] * bool(dead)
        counts += [f"{len(mine) - dead} tried again later"] * (len(mine) > dead)
        lines.append(f"{name}: {', '.join(counts)}; the last answer: {mine[-1].error}")
    return tuple(lines)
