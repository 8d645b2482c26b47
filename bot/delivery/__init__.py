"""The durable delivery: each question gets exactly one answer or one reason.

It knows neither Bolt nor the wire format of any chat. Listeners call
`Delivery.submit` before they acknowledge an event; worker threads take the
questions in turn and carry each through an `Attempt`. What makes answers and
what writes them stand behind the protocols of `bot.delivery.ports`.
"""

from bot.delivery.errors import CannotDeliver, RetryLater, TooLate
from bot.delivery.owner import Owner
from bot.delivery.policy import Policy, Workplace
from bot.delivery.pool import Delivery, Stopped
from bot.delivery.ports import Answerer, Deliverer, Metrics, NoMetrics, OpenAnswer, Telling

__all__ = [
    "Answerer",
    "CannotDeliver",
    "Deliverer",
    "Delivery",
    "Metrics",
    "NoMetrics",
    "OpenAnswer",
    "Owner",
    "Policy",
    "RetryLater",
    "Stopped",
    "Telling",
    "TooLate",
    "Workplace",
]
