"""The report of an operation that did not go: what support needs to find it, and nothing of a client."""

import platform

from localapp import __version__
from localapp.domain.sync.messages import PROTOCOL
from localapp.store.unsent import Unsent

_SAFE_FACTS = frozenset({"status", "size", "limit", "version", "partner_number", "day"})
"""Facts of a refusal that are numbers and versions. Others may repeat what somebody typed."""


def report(unsent: Unsent) -> str:
    """Lines of ``name: value`` in one language for support; no client's data and no number of a document."""
    operation, refusal = unsent.operation, unsent.operation.refusal
    lines = {
        "code": refusal.code if refusal else "waiting",
        "operation": operation.id,
        "kind": f"{operation.kind.value} {operation.revision}",
        "queued": operation.queued_at.isoformat(timespec="seconds"),
        "refused": operation.refused_at.isoformat(timespec="seconds") if operation.refused_at else "-",
        "tries": operation.tries,
        "application": f"{__version__}, protocol {PROTOCOL}",
        "form": f"{unsent.form.name} {unsent.form.version}",
        "calculation": f"{unsent.calculation.name} {unsent.calculation.version}",
        "partner": unsent.partner_number or "-",
        "system": f"{platform.system()} {platform.release()}",
    }
    facts = {f"fact {name}": value for name, value in (refusal.facts if refusal else {}).items() if name in _SAFE_FACTS}
    return "\n".join(f"{name}: {value}" for name, value in (lines | facts).items())
