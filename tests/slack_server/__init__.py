"""A stateful local Slack for tests of Slack apps. See the README beside this file."""

from .clock import Clock
from .delivery import Patience
from .errors import CannotError
from .people import Said
from .report import Problem
from .server import LocalSlack
from .validate import blocks_size, validate_blocks, validate_view

__all__ = [
    "CannotError",
    "Clock",
    "LocalSlack",
    "Patience",
    "Problem",
    "Said",
    "blocks_size",
    "validate_blocks",
    "validate_view",
]
