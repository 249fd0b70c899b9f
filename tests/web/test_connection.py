"""Nastavení → Připojení: the proxy is entered, tried at once, and kept with its password unseen."""

from pathlib import Path

import pytest

from localapp.store import enrolments
from localapp.sync.proxy import kept_proxy
from localapp.web.desk import PROXY
from tests.connecting import InProcess
from tests.journeys.conftest import Advisor, Insurer

PAGE = "/connection"
TYPED = {"address": "proxy.firma.cz:3128", "user": "alena", "password": "heslo-kanárek"}


@pytest.fixture
def fresh(insurer: Insurer) -> Advisor:
    """A computer that has not been activated."""
    return insurer.new_computer("alena")


def save(advisor: Advisor, **typed: str) -> str:
    page = advisor.asking.post(PAGE, TYPED | typed, fragments=False)
    assert page.status == 200
    return page.text.replace("\u00a0", " ")


def test_it_is_open_before_activation_and_the_first_step_leads_to_it(fresh: Advisor) -> None:
    assert f'href="{PAGE}"' in fresh.asking.get("/activation").text
    assert fresh.asking.get(PAGE).status == 200


def test_what_was_entered_is_kept_tried_and_used(fresh: Advisor) -> None:
    assert "Uloženo, server SmartClient odpovídá." in save(fresh)
    assert kept_proxy(fresh.desk.store.setting(PROXY)) is not None
    fresh.line.cut = True
    assert "Uloženo, ale spojení se nepodařilo. Server SmartClient není dostupný." in _bare(save(fresh))


def _bare(text: str) -> str:
    return text.replace("<strong>", "").replace("</strong>", "")


def test_the_password_is_never_shown_and_stays_while_proxy_and_name_are_the_same(fresh: Advisor) -> None:
    save(fresh)
    assert TYPED["password"] not in fresh.asking.get(PAGE).text
    save(fresh, password="")
    kept = kept_proxy(fresh.desk.store.setting(PROXY))
    assert kept is not None
    assert kept.password == TYPED["password"]
    save(fresh, address="jiny.example.cz:3128", password="")
    other = kept_proxy(fresh.desk.store.setting(PROXY))
    assert other is not None
    assert other.password == ""
    for place in Path(fresh.desk.data_dir).glob("*.db*"):
        assert TYPED["password"].encode() not in place.read_bytes()


def test_an_empty_address_switches_it_off(fresh: Advisor) -> None:
    save(fresh)
    save(fresh, address="")
    assert kept_proxy(fresh.desk.store.setting(PROXY)) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"address": "proxy"}, "Zadejte jméno a port proxy serveru"),
        ({"user": "a:b"}, "Jméno nesmí obsahovat dvojtečku"),
        ({"password": "a" * 201}, "Heslo má nejvýše 200 znaků"),
    ],
)
def test_what_is_no_proxy_is_told_at_its_field_and_not_kept(
    fresh: Advisor, typed: dict[str, str], sentence: str
) -> None:
    page = fresh.asking.post(PAGE, TYPED | typed, fragments=False)
    assert (page.status, sentence in page.text.replace("\u00a0", " ")) == (422, True)
    assert fresh.desk.store.setting(PROXY) is None


def test_an_activated_desk_asks_by_the_kept_authority_and_an_activation_by_the_installations(insurer: Insurer) -> None:
    alena = insurer.new_computer("alena")
    alena.activate()
    enrolment = alena.desk.store.sync.enrolment()
    assert enrolment is not None
    with alena.desk.store.sync._database.write() as connection:
        enrolments.change(connection, enrolment.id, authority="the kept one")
    asked: list[tuple[object, ...]] = []

    def transport(*way: object) -> InProcess:
        asked.append(way)
        return alena.line

    alena.desk.connection.transport = transport  # type: ignore[method-assign, assignment]
    save(alena)
    alena.asking.post("/activation/restarts", {}, fragments=False)
    alena.asking.post("/activation", {"partner_number": "900001"}, fragments=False)
    proxy = kept_proxy(alena.desk.store.setting(PROXY))
    assert asked[0] == (enrolment.endpoint, "the kept one", proxy)
    assert asked[-1] == (enrolment.endpoint, "", proxy)
