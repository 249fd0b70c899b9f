"""Why a component is not published."""


class PublishingRefused(Exception):  # noqa: N818 - a refusal
    """Nothing was published; the text names the value, the limit and the remedy."""
