"""The insurer of the journeys, for pages that speak to an endpoint."""

from tests.journeys.conftest import insurer, time

__all__ = ["insurer", "time"]
