"""How a notification stands, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxgate.release.ports.outbox import Delivery

__all__ = ["delivery_as_json", "describe_delivery"]


def delivery_as_json(delivery: Delivery) -> dict[str, object]:
    """Return the notice, the channel and the attempts, as JSON values."""
    notice = delivery.notice
    return {
        **vars(delivery),
        "notice": {**vars(notice), "at": notice.at.isoformat()},
        "next_at": delivery.next_at.isoformat(),
    }


def describe_delivery(delivery: Delivery) -> str:
    """Return state and subject; a second line says what failed and when it is tried again."""
    notice = delivery.notice
    text = f"{delivery.channel:<8} {delivery.state:<9} {notice.key}  {notice.subject}"
    if delivery.state == "delivered" or not delivery.attempts:
        return text
    more = "" if delivery.state == "dead" else f", next {delivery.next_at:%Y-%m-%d %H:%M} UTC"
    return f"{text}\n         attempt {delivery.attempts}{more}: {delivery.error}"
