"""Dokumenty: the list, its search, filters and pages, and what the toolbar offers for each state."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from localapp.web.desk import Desk
from tests.asking import InProcess
from tests.family import CLIENT, complete, write
from tests.store.made_up import plant_fact
from tests.web.reading import read

TODAY = date.today()  # noqa: DTZ011 - only ages hang on it
Named = Callable[..., str]


@pytest.fixture
def named(client: FlaskClient) -> Named:
    """Makes a draft of a client; its identity."""

    def make(last_name: str, first_name: str = "Jan", phone: str = "") -> str:
        offer = str(client.post("/documents", data={"kind": "offer"}).location)
        names = {"last_name": last_name, "first_name": first_name, "phone": phone}
        answers = {f"policyholder.{name}": text for name, text in names.items()}
        assert client.post(f"{offer}/sections/policyholder", data=answers).status_code == 303
        return offer.rpartition("/")[2]

    return make


@pytest.fixture
def completed(client: FlaskClient) -> str:
    """The identity of a completed family offer."""
    offer = write(InProcess(client), TODAY)
    complete(InProcess(client), offer)
    return offer.rpartition("/")[2]


def rows(text: str) -> list[str]:
    """The words of each row of the list."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    lines = [re.sub(r"<[^>]+>", " ", row) for row in body.split("</tr>")]
    return [" ".join(line.split()) for line in lines if line.strip()]


def found(client: FlaskClient, words: str) -> list[str]:
    """What the instant search answers."""
    answer = client.post("/documents/search", data={"q": words}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return rows(answer.text)


def test_an_empty_desk_says_what_to_do_first_and_what_the_states_mean(client: FlaskClient) -> None:
    answer = client.get("/documents")
    assert "Zatím tu nejsou žádné dokumenty" in answer.text
    assert "Nová nabídka" in read(answer).words
    assert "odejde při synchronizaci" in answer.text


def test_the_list_shows_number_client_kind_premium_frequency_state_and_time(client: FlaskClient) -> None:
    write(InProcess(client), TODAY, CLIENT | {"last_name": "Wagner-Černohorský", "title": "JUDr. Ing. MBA"})
    [row] = rows(client.get("/documents").text)
    client_and_folded = r"Wagner-Černohorský Kateřina, JUDr. Ing. MBA Nabídka FLEXI, dnes \d+:\d\d"
    assert re.match(rf"N26-000001 {client_and_folded} Nabídka FLEXI [\d\s]+ Kč měsíčně měs. rozpracován", row)
    assert re.search(r"dnes \d+:\d\d$", row)


def test_the_document_changed_last_stands_first(client: FlaskClient, named: Named) -> None:
    first, _ = named("Adamec"), named("Bureš")
    assert [row.split()[1] for row in rows(client.get("/documents").text)] == ["Bureš", "Adamec"]
    client.post(f"/documents/{first}/sections/policyholder", data={"policyholder.city": "Brno"})
    assert [row.split()[1] for row in rows(client.get("/documents").text)] == ["Adamec", "Bureš"]


@pytest.mark.parametrize(
    "words",
    [
        "stastna",
        "ŠŤASTNÁ",
        "vondrac",
        "Kateřina Šťastná",
        "kat stas",
        "777123456",
        "777 123 456",
        "+420 777 123 456",
        "N26-000001",
        "000001",
    ],
)
def test_the_search_finds_by_beginnings_of_names_number_and_telephone_without_diacritics(
    client: FlaskClient, named: Named, words: str
) -> None:
    named("Šťastná-Vondráčková", "Kateřina", "777 123 456")
    named("Nguyễn", "Thị Hồng Hạnh", "608 000 111")
    assert [row.split()[1] for row in found(client, words)] == ["Šťastná-Vondráčková"]


def test_the_search_works_without_scripts_and_keeps_its_words(client: FlaskClient, named: Named) -> None:
    named("Nguyễn", "Thị Hồng Hạnh")
    named("Příhodová")
    answer = client.post("/documents/search", data={"q": "nguyen"})
    assert [row.split()[1] for row in rows(answer.text)] == ["Nguyễn"]
    assert read(answer).fields["q"] == "nguyen"


def test_a_search_that_finds_nothing_says_so_and_where_it_looks(client: FlaskClient, named: Named) -> None:
    named("Příhodová")
    answer = client.post("/documents/search", data={"q": "nikdo"}, headers={"HX-Request": "true"})
    assert "Pro „nikdo“ jsme nic nenašli" in answer.text
    assert "V\u00a0odpovědích o\u00a0zdraví nikdy." in answer.text


def test_filters_show_their_counts_and_only_their_documents(client: FlaskClient, named: Named, completed: str) -> None:
    named("Kučera")
    page = read(client.get("/documents"))
    assert {"Vše 2", "Rozpracované 1", "K odeslání 1"} <= page.links.keys()
    assert [row.split()[1] for row in rows(client.get(page.links["Rozpracované 1"]).text)] == ["Kučera"]
    [sent] = rows(client.get(page.links["K odeslání 1"]).text)
    assert "dokončen, čeká na synchronizaci" in sent
    assert rows(client.get("/documents?kind=offer&shelf=to_send").text) == [sent]
    assert "V\u00a0tomto výběru nic není" in client.get("/documents?kind=other").text
    assert completed in client.get("/documents?shelf=to_send").text


def test_a_filter_that_finds_nothing_keeps_the_search_and_the_way_back(client: FlaskClient, named: Named) -> None:
    named("Novák")
    answer = client.get("/documents?kind=illustration")
    assert "Zrušit hledání a\u00a0filtry" in answer.text
    assert 'id="q"' in answer.text
    assert "Všechny druhy" in answer.text


@pytest.mark.parametrize("query", ["shelf=lost", "kind=poem", "before=-1", "before=x", "before=1e3"])
def test_a_filter_that_does_not_exist_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/documents?{query}").status_code == 400


def test_a_long_list_goes_on_with_older_documents_and_back(client: FlaskClient) -> None:
    for _ in range(53):
        client.post("/documents", data={"kind": "offer"})
    page = client.get("/documents")
    assert len(rows(page.text)) == 50
    older = read(page).button("Starší dokumenty")
    rest = client.get(f"/documents?{older['name']}={older['value']}")
    assert [row.split()[0] for row in rows(rest.text)] == ["N26-000003", "N26-000002", "N26-000001"]
    assert read(rest).links["Zpět na nejnovější"] == "/documents"


@pytest.mark.parametrize(
    ("fact", "offered"),
    [
        ("", {"Editovat F2", "Zobrazit", "Kopírovat", "Doklad", "Historie", "Stornovat"}),
        ("backed_up", {"Editovat F2", "Zobrazit", "Kopírovat", "Doklad", "Historie", "Stornovat"}),
        ("returned", {"Editovat F2", "Zobrazit", "Kopírovat", "Doklad", "Historie", "Stornovat"}),
        ("signed", {"Zobrazit", "Kopírovat", "Doklad", "Historie"}),
        ("exported", {"Zobrazit", "Kopírovat", "Doklad", "Historie", "Opravit"}),
        ("cancelled", {"Zobrazit", "Kopírovat", "Doklad", "Historie"}),
    ],
)
def test_the_toolbar_offers_only_what_the_state_permits(
    client: FlaskClient, desk: Desk, completed: str, fact: str, offered: set[str]
) -> None:
    if fact:
        plant_fact(desk.store, completed, fact)
    toolbar = read(client.get(f"/documents/{completed}/toolbar"))
    assert {*toolbar.words, *toolbar.links} == offered


def test_the_toolbar_of_a_draft_offers_to_delete_it(client: FlaskClient, named: Named) -> None:
    toolbar = read(client.get(f"/documents/{named('Kučera')}/toolbar"))
    assert {*toolbar.words, *toolbar.links} == {"Editovat F2", "Zobrazit", "Kopírovat", "Historie", "Smazat"}


def test_without_scripts_a_document_is_chosen_by_its_number(client: FlaskClient, named: Named) -> None:
    named("Kučera")
    page = read(client.get("/documents"))
    chosen = read(client.get(page.links["N26-000001"]))
    assert chosen.links["Editovat F2"].startswith("/documents/")
    assert "Vyberte dokument" not in chosen.texts["toolbar"]


def test_the_toolbar_of_no_document_is_not_found(client: FlaskClient) -> None:
    assert client.get("/documents/01a00000-0000-7000-8000-000000000000/toolbar").status_code == 404
