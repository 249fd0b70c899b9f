"""What a wrong PIN, passphrase or recovery code is answered with, wherever a person proves to be the advisor."""

from collections.abc import Callable

from localapp.store.key_failures import KeyFailure
from localapp.web.patience import MustWait
from localapp.web.pin import PinFailure
from localapp.web.wording import spoken, t


def refusal_of(proof: Callable[[], object]) -> str:
    """Why the proof was not taken, as a sentence; empty when it was right."""
    try:
        proof()
    except MustWait as wait:
        return t("lock.wait", seconds=wait.seconds)
    except PinFailure as failure:
        return t(f"lock.{failure.code}", count=getattr(failure, "left", 0))
    except KeyFailure as failure:
        return spoken(failure)
    return ""
