"""A keyring as some packages bring it: it keeps what it is given in the open. SmartClient must not use it."""

from keyring.backend import KeyringBackend


class PlainKeyring(KeyringBackend):
    """Always there, and never safe."""

    priority = 100
    kept: dict[tuple[str, str], str] = {}  # noqa: RUF012 - one for the process, as a file would be

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]
