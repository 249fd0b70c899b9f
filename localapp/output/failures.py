"""What can go wrong with a print."""


class PrintFailed(Exception):  # noqa: N818 - the name says what happened
    """A print could not be typeset: the part that does it is missing on this system, or refused. Pages name the way on.

    The message is typst's, which speaks of the template; where it quotes a client's data nobody logs it.
    """

    code = "print_failed"
