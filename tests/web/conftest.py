"""The insurer of the journeys, for pages that speak to an endpoint."""

from tests.journeys.conftest import activated_before, alena, insurer, time

__all__ = ["activated_before", "alena", "insurer", "time"]
