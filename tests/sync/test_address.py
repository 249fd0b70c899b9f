"""The desk speaks to HTTPS addresses, and without encryption to its own computer only."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.sync.address import AddressRefused, clean_address
from localapp.sync.transport import HttpTransport


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://smartclient.example.cz", "https://smartclient.example.cz"),
        (" HTTPS://SmartClient.Example.cz/ ", "https://smartclient.example.cz"),
        ("https://smartclient.example.cz:443", "https://smartclient.example.cz"),
        ("https://smartclient.example.cz:8443/", "https://smartclient.example.cz:8443"),
        ("http://localhost:8700", "http://localhost:8700"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.9.9.9:1", "http://127.9.9.9:1"),
        ("http://[::1]:8700", "http://[::1]:8700"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, address: str) -> None:
    assert clean_address(typed) == address
    assert clean_address(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "smartclient.example.cz", "http://smartclient.example.cz", "http://192.168.1.1", "http://0.0.0.0:8700",
        "http://127.0.0.1.example.cz", "http://localhost.example.cz", "http://[::ffff:10.0.0.1]", "ftp://localhost",
        "https://alena@example.cz", "https://:heslo@example.cz", "https://@example.cz", "https://example.cz?a=1",
        "https://example.cz#a", "https://example.cz/path", "https://exam ple.cz", "https://", "https://:443",
        "https://example.cz:0", "https://example.cz:99999", "https://example.cz:x", "https://[::1", "https://-a-",
        "https://sérver.example.cz", "javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1@example.cz",
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_the_launcher_and_by_the_transport(typed: str) -> None:
    with pytest.raises(AddressRefused):
        clean_address(typed)
    with pytest.raises(AddressRefused):
        HttpTransport(typed)


@given(some.text() | some.text().map("https://{}".format) | some.text().map("http://localhost{}".format))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        address = clean_address(typed)
    except AddressRefused:
        return
    assert address.isascii()
    assert clean_address(address) == address
