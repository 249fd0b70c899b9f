"""A GNOME Keyring of the tests' own: own home, own bus. The keyring of whoever runs the tests is never touched."""

import gc
import os
import subprocess
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import secretstorage
from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

PASSWORD = "heslo k počítači"
NAME = "org.freedesktop.secrets"
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy>
</busconfig>
"""


class OwnKeyring:
    """One person's bus and keyring. ``environment`` is what a program of that person is started with."""

    def __init__(self, folder: Path) -> None:
        self._home, self._run = folder / "home", folder / "run"
        for each in (self._home, self._run):
            each.mkdir(mode=0o700, parents=True)
        self._daemon: subprocess.Popen[bytes] | None = None
        self._squatter: DBusConnection | None = None
        settings = folder / "bus.conf"
        settings.write_text(_BUS.format(socket=self._run / "bus"), encoding="utf-8")
        command = ["dbus-daemon", f"--config-file={settings}", "--nofork", "--print-address=1"]
        self._bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().strip().partition(",")[0]

    @property
    def environment(self) -> Mapping[str, str]:
        """All that leads a program to this keyring and to no other."""
        own = {"HOME": str(self._home), "XDG_RUNTIME_DIR": str(self._run), "DBUS_SESSION_BUS_ADDRESS": self.address}
        dropped = {"PYTHON_KEYRING_BACKEND", "DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "GNOME_KEYRING_CONTROL"}
        return {name: value for name, value in os.environ.items() if name not in dropped} | own

    def start(self, *, unlocked: bool = True) -> None:
        """Log in: the keyring runs, unlocked by the password of the log-in, or locked."""
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *(["--unlock"] if unlocked else [])]
        with closing(open_dbus_connection(self.address)) as connection:
            self._daemon = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=dict(self.environment),
            )  # fmt: skip
            assert self._daemon.stdin is not None
            self._daemon.stdin.write(PASSWORD.encode() if unlocked else b"")
            self._daemon.stdin.close()
            _wait_for_owner(connection)

    def lock(self) -> None:
        """Lock the keyring, as a screen saver does. Nobody is there to unlock it when asked."""
        with self._connected() as connection:
            secretstorage.get_default_collection(connection).lock()

    def entries(self) -> dict[str, str]:
        """What SmartClient keeps in the keyring: name and secret."""
        with self._connected() as connection:
            found = secretstorage.get_default_collection(connection).search_items({"service": "SmartClient"})
            return {item.get_attributes()["username"]: item.get_secret().decode() for item in found}

    def delete_all(self) -> None:
        """Delete all entries."""
        with self._connected() as connection:
            for item in list(secretstorage.get_default_collection(connection).get_all_items()):
                item.delete()

    def overwrite(self, secret: str) -> None:
        """Put something else into each entry."""
        with self._connected() as connection:
            for item in list(secretstorage.get_default_collection(connection).get_all_items()):
                item.set_secret(secret.encode())

    def hang(self) -> None:
        """Let somebody stand for the keyring who never answers."""
        self.stop()
        self._squatter = open_dbus_connection(self.address)
        Proxy(message_bus, self._squatter).RequestName(NAME)

    def stop(self) -> None:
        """Log out: the keyring ends, the bus goes on."""
        if self._squatter is not None:
            self._squatter.close()
            self._squatter = None
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(10)
            self._daemon = None

    def close(self) -> None:
        """End both."""
        self.stop()
        self._bus.terminate()
        self._bus.communicate(timeout=10)

    @contextmanager
    def _connected(self) -> Iterator[DBusConnection]:
        with closing(open_dbus_connection(self.address)) as connection:
            yield connection


def _wait_for_owner(connection: DBusConnection) -> None:
    """Return once the keyring has its name on the bus."""
    rule = MatchRule(
        type="signal", sender=message_bus.bus_name, member="NameOwnerChanged", path=message_bus.object_path
    )
    rule.add_arg_condition(0, NAME)
    bus = Proxy(message_bus, connection)
    bus.AddMatch(rule)
    with connection.filter(rule) as owners:
        asked = new_method_call(
            DBusAddress(message_bus.object_path, message_bus.bus_name), "NameHasOwner", "s", (NAME,)
        )
        if not connection.send_and_get_reply(asked, timeout=10).body[0]:
            connection.recv_until_filtered(owners, timeout=10)


@contextmanager
def own_keyring(folder: Path) -> Iterator[OwnKeyring]:
    """A bus without a keyring; ``start`` brings one."""
    keyring = OwnKeyring(folder)
    try:
        yield keyring
    finally:
        keyring.close()
        _collect_what_waited()


def _collect_what_waited() -> None:
    """Who asked a keyring that never answers waits until the bus has gone; the library leaves its socket open then."""
    for each in threading.enumerate():
        if each.name == "keyring":
            each.join(10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
