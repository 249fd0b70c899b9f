"""Zobrazit: what the print of a document says, for whom it is meant, and what becomes of it: nothing."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from localapp import clock
from localapp.domain.sync.enrolment import Advisor
from localapp.domain.typography import NBSP
from localapp.web.desk import Desk
from tests import family
from tests.asking import InProcess
from tests.reading_pdf import words_of
from tests.store.made_up import enrolled, leave_partner

COMPLETED = "Stav dokončeno"


@pytest.fixture
def offer(client: FlaskClient) -> str:
    """The address of the family's offer, filled in and not completed."""
    return family.write(InProcess(client), clock.today())


def completed(client: FlaskClient, offer: str) -> bytes:
    family.complete(InProcess(client), offer)
    pdf: bytes = client.get(f"{offer}/pdf").data
    return pdf


def test_a_completed_offer_is_printed_with_its_number_persons_covers_and_sum(client: FlaskClient, offer: str) -> None:
    words = words_of(completed(client, offer))
    for said in (
        "Nabídka FLEXI N26-000001",
        "Ing. Kateřina Příhodová-Šťastná",
        COMPLETED,
        "Žofie Příhodová-Šťastná",
        "Závažná onemocnění – základ",
        "1 500 000 Kč",
        "karenční doba 28 dní",
        "Pojistné celkem",
        "Demonstrační sazby projektu SmartClient. Nejsou to sazby žádné pojišťovny.",
        "strana 1 z ",
        "flexi-demo 2026.1",
    ):
        assert said in words, said
    assert "NÁVRH" not in words


def test_the_print_holds_the_health_answers_that_the_client_signs(client: FlaskClient, offer: str) -> None:
    words = words_of(completed(client, offer))
    assert "Výška 168 cm" in words
    assert "Kuřák Ano" in words


def test_a_draft_is_printed_as_a_draft_without_a_payment(client: FlaskClient, offer: str) -> None:
    words = words_of(client.get(f"{offer}/pdf").data)
    assert "NÁVRH" in words
    assert "Variabilní symbol" not in words


def test_an_empty_draft_is_printed_with_what_is_missing(client: FlaskClient) -> None:
    empty = client.post("/documents", data={"kind": "offer"}).location
    words = words_of(client.get(f"{empty}/pdf").data)
    assert "Příjmení nevyplněno" in words
    assert "Pojistné zatím nelze vypočítat" in words


def test_an_illustration_is_printed_with_nothing_to_sign_or_to_pay(client: FlaskClient) -> None:
    drawn = client.post("/documents", data={"kind": "illustration"}).location
    words = words_of(client.get(f"{drawn}/pdf").data)
    assert "M26-000001" in words
    assert "Pojištěné osoby" in words
    assert "Podpis pojistníka" not in words
    assert "QR platba" not in words
    assert "Variabilní symbol" not in words


def test_a_later_change_is_not_in_the_completed_print_but_in_that_of_the_draft(client: FlaskClient, offer: str) -> None:
    before = completed(client, offer)
    client.post(f"{offer}/sections/policyholder", data={"policyholder.city": "Ústí nad Labem"})
    assert client.get(f"{offer}/pdf").data == before
    draft = words_of(client.get(f"{offer}/pdf?version=draft").data)
    assert "Ústí nad Labem" in draft
    assert "NÁVRH" in draft
    page = client.get(f"{offer}/preview").text
    assert "Dokončená verze 1." in page
    assert f'href="{offer}/preview?version=draft"' in page


def test_the_same_revision_gives_the_same_bytes_on_a_later_day(client: FlaskClient, offer: str) -> None:
    before = completed(client, offer)
    with clock.moved_by(timedelta(days=40)):
        assert client.get(f"{offer}/pdf").data == before


def test_it_names_the_advisor_who_completed_it_whatever_becomes_of_the_advisor_s_data(
    client: FlaskClient, desk: Desk, offer: str
) -> None:
    before = completed(client, offer)
    assert "Alena Nováková, 012345PPZ" in words_of(before)
    married = Advisor("Alena", "Vondráčková", "anovakova", "654321PPZ", title="Ing.")
    enrolled(desk.store, advisor=married)
    assert client.get(f"{offer}/pdf").data == before
    client.post(f"{offer}/sections/policyholder", data={"policyholder.city": "Ústí nad Labem"})
    assert "Ing. Alena Vondráčková, 654321PPZ" in words_of(client.get(f"{offer}/pdf?version=draft").data)
    assert "Alena Nováková, Demo (HR 900001)" in client.get(f"{offer}/receipt").text.replace(NBSP, " ")
    assert "Ing. Alena Vondráčková, 654321PPZ" in words_of(completed(client, offer))
    leave_partner(desk.store)
    assert "Ing. Alena Vondráčková, 654321PPZ" in words_of(client.get(f"{offer}/pdf").data)


def test_a_cancelled_document_says_so_on_its_print(client: FlaskClient, offer: str) -> None:
    completed(client, offer)
    client.post(f"{offer}/cancellation")
    words = words_of(client.get(f"{offer}/pdf").data)
    assert "STORNOVÁNO" in words
    assert "Variabilní symbol" not in words


def test_it_is_shown_or_saved_under_a_name_without_the_client(client: FlaskClient, offer: str) -> None:
    shown, saved = client.get(f"{offer}/pdf"), client.get(f"{offer}/pdf?save=1")
    assert shown.headers["Content-Disposition"] == 'inline; filename="N26-000001.pdf"'
    assert saved.headers["Content-Disposition"] == 'attachment; filename="N26-000001.pdf"'
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.mimetype == "application/pdf"


def test_the_preview_shows_each_page_as_a_picture(client: FlaskClient, offer: str) -> None:
    frame = client.get(f"{offer}/preview").text
    assert f'hx-get="{offer}/preview/pages' in frame
    pages = client.get(f"{offer}/preview/pages").text.replace(NBSP, " ")
    pictures = re.findall(r'src="data:image/png;base64,iVBOR[^"]+" alt="Strana (\d) z (\d)"', pages)
    assert len(pictures) == int(pictures[0][1]) > 3
    assert "data:image/png" in client.get(f"{offer}/preview?pages=1").text  # without scripts


def test_the_toolbar_and_the_document_lead_to_it(client: FlaskClient, offer: str) -> None:
    assert f'href="{offer}/preview"' in client.get(f"{offer}/toolbar").text
    assert f'href="{offer}/preview?version=draft"' in client.get(f"{offer}/sections/policyholder").text


def test_of_a_deleted_or_unknown_document_there_is_no_print(client: FlaskClient, offer: str) -> None:
    client.post(f"{offer}/deletion")
    for address in (offer, "/documents/never-was"):
        for page in ("pdf", "preview", "preview/pages"):
            assert client.get(f"{address}/{page}").status_code == 404
