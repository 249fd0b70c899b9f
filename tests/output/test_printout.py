"""What a print says, before it is typeset."""

import itertools
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from localapp.output.blocks import Facts, Payment, Picture, Printout, Table
from localapp.output.charts import Line, chart
from localapp.output.payment import qr_svg, spayd, variable_symbol
from localapp.output.printout import printout
from localapp.output.values import values_over_time
from localapp.web.calculations import Calculations
from tests.output.printing import source


@pytest.fixture(scope="module")
def calculations() -> Iterator[Calculations]:
    found = Calculations()
    yield found
    found.close()


def tables(found: Printout, part: str) -> dict[str, Table]:
    """The tables of one part by their titles."""
    blocks = [block for each in found.parts if plain(each.title) == part for block in each.blocks]
    return {plain(block.title): block for block in blocks if isinstance(block, Table)}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_each_section_of_the_form_is_printed_under_its_own_label(calculations: Calculations) -> None:
    titles = [plain(part.title) for part in printout(source(calculations)).parts]
    assert titles[0] == "Pojistník"
    assert "Pojištění a částky" in titles
    assert "Zdravotní dotazy" in titles
    assert titles[-2:] == ["Podpisy", "Z čeho dokument vznikl"]


def test_the_lines_of_a_person_add_up_to_their_total(calculations: Calculations) -> None:
    cover = tables(printout(source(calculations)), "Pojištění a částky")["Alena Nováková"]
    amounts = [int("".join(letter for letter in row[-1].text if letter.isdigit())) for row in cover.rows]
    assert plain(cover.total[-1]) == f"{sum(amounts):,} Kč".replace(",", " ")
    assert plain(cover.rows[0][1].text) == "1 500 000 Kč"
    assert plain(cover.rows[0][0].detail) == "zdravotní přirážka 75 %"


def test_cover_on_death_without_anybody_named_says_the_order_of_the_law(calculations: Calculations) -> None:
    found = printout(source(calculations))
    (part,) = (each for each in found.parts if plain(each.title) == "Obmyšlení")
    (facts,) = (block for block in part.blocks if isinstance(block, Facts))
    assert plain(facts.title) == "Alena Nováková, Smrt z jakýchkoliv příčin"
    assert [tuple(map(plain, row)) for row in facts.rows] == [
        ("Obmyšlení", "Zákonné pořadí: manžel nebo manželka, děti, rodiče, dědici")
    ]
    cover = tables(found, "Pojištění a částky")["Alena Nováková"]
    assert "pořadí" not in "".join(cell.detail for row in cover.rows for cell in row)


def test_what_is_paid_ends_with_the_term_of_each_coverage(calculations: Calculations) -> None:
    found = source(calculations, {"persons[p1].coverages[c1].term": "20"})
    assert found.quote is not None
    paid = values_over_time(found.mapped.input, found.quote).paid
    line, always = int(found.quote["lines"][0]["instalment"]), int(found.quote["fee_instalment"]) + 1000
    assert paid[20] == 20 * 12 * (line + always)
    assert paid[30] - paid[20] == 10 * 12 * always


def test_pictures_stand_beside_tables_with_the_same_numbers_and_say_their_ends(calculations: Calculations) -> None:
    made = printout(source(calculations))
    pictures = [block for part in made.parts for block in part.blocks if isinstance(block, Picture)]
    last = tables(made, "Vývoj v čase")["Pojistné, rezervy a odkupné po letech (Kč)"].rows[-1]
    assert len(pictures) == 2
    assert f"Zaplacené pojistné {last[1].text}" in pictures[0].text
    for picture in pictures:
        assert ET.fromstring(picture.svg).attrib["aria-label"] == picture.text  # noqa: S314 - made by this program


def test_a_completed_offer_by_transfer_can_be_paid_by_its_code(calculations: Calculations) -> None:
    made = printout(source(calculations))
    (payment,) = [block for part in made.parts for block in part.blocks if isinstance(block, Payment)]
    assert ("Variabilní symbol", "26000007") in [(plain(name), text) for name, text in payment.rows]
    for facts in ({"revision": None}, {"cancelled": True}):
        parts = printout(source(calculations, **facts)).parts
        assert not [block for part in parts for block in part.blocks if isinstance(block, Payment)]


def test_a_payment_descriptor_is_what_banks_read() -> None:
    text = spayd("CZ4599990000000000000019", 3682, variable_symbol("N26-000123"), "Nabídka*FLEXI N26-000123")
    assert text == "SPD*1.0*ACC:CZ4599990000000000000019*AM:3682.00*CC:CZK*X-VS:26000123*MSG:NABIDKAFLEXI N26-000123"
    assert ET.fromstring(qr_svg(text)).attrib["viewBox"].startswith("0 0 ")  # noqa: S314 - made by this program


def test_the_code_is_read_back_as_the_descriptor() -> None:
    """The matrix is the library's own; its finder patterns and its quiet zone are where a reader looks for them."""
    svg = qr_svg("SPD*1.0*ACC:CZ4599990000000000000019")
    assert "M4 4h1v1h-1z" in svg
    assert "M3 " not in svg


def test_marks_of_drafts_and_cancelled_documents(calculations: Calculations) -> None:
    assert printout(source(calculations)).mark == ""
    assert printout(source(calculations, revision=None)).mark == "NÁVRH"
    assert printout(source(calculations, cancelled=True)).mark == "STORNOVÁNO"


def test_a_document_without_a_number_yet_says_so(calculations: Calculations) -> None:
    assert printout(source(calculations, number="")).number == "číslo přidělí synchronizace"


def test_hidden_answers_are_not_printed_and_missing_ones_of_a_draft_are(calculations: Calculations) -> None:
    def facts(**given: object) -> list[str]:
        parts = printout(source(calculations, {"policyholder.first_name": ""}, **given)).parts
        return [name for part in parts for block in part.blocks if isinstance(block, Facts) for name, _ in block.rows]

    assert "Jméno" not in facts()
    assert "Jméno" in facts(revision=None)


def test_a_chart_keeps_its_labels_apart_and_shows_what_lies_below_zero() -> None:
    lines = [Line(name, (0, 100, 100)) for name in ("jedna", "dvě", "tři")] + [Line("dluh", (-50, -20, 0))]
    drawn = ET.fromstring(chart(lines, "slovy", "cs"))  # noqa: S314 - made by this program
    labels = sorted(float(each.attrib["y"]) for each in drawn if "lab" in each.attrib.get("class", ""))
    assert all(after - before >= 12 for before, after in itertools.pairwise(labels))
    assert "−50" in "".join(drawn.itertext())
