"""The print as a file: an archive's and everybody's, with every letter, nothing evaluated, nothing of health inside."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from localapp.output.failures import PrintFailed
from localapp.output.printout import printout
from localapp.output.typesetter import Typesetter, folder
from localapp.web.calculations import Calculations
from tests.output.printing import CANARY, read, source, words_of

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"
HOSTILE = '#read("/etc/passwd") *x* _y_ $z$ <b> @preview/a:1.0.0 \\u{41} // /* ] } "'


@pytest.fixture(scope="module")
def calculations() -> Iterator[Calculations]:
    found = Calculations()
    yield found
    found.close()


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


@pytest.fixture(scope="module")
def file(calculations: Calculations, typesetter: Typesetter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offer of somebody with every Czech letter, who lives in a street of markup."""
    typed = {"policyholder.last_name": CZECH, "policyholder.street": HOSTILE, "policyholder.city": "Nuſle 😀 漢"}
    path = tmp_path_factory.mktemp("print") / "offer.pdf"
    path.write_bytes(typesetter.pdf(printout(source(calculations, typed))))
    return path


def test_another_program_reads_every_czech_letter(file: Path) -> None:
    assert CZECH in words_of(file)


def test_typed_markup_is_printed_as_it_was_typed(file: Path) -> None:
    assert HOSTILE in words_of(file)


def test_what_the_font_lacks_is_a_square_and_said(file: Path) -> None:
    words = words_of(file)
    assert "□ □" in words
    assert "jsou nahrazeny znakem □" in words


def test_a_word_without_end_stays_on_the_page(
    calculations: Calculations, typesetter: Typesetter, tmp_path: Path
) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(typesetter.pdf(printout(source(calculations, {"policyholder.street": "W" * 120}))))
    boxes = re.findall(r'xMax="([\d.]+)"[^>]*>([^<]*W[^<]*)<', places_of(path))
    assert sum(text.count("W") for _, text in boxes) >= 120
    assert max(float(right) for right, _ in boxes) < 595 - 40


def test_a_hyphen_of_an_address_is_not_said_twice_where_the_line_ends(
    calculations: Calculations, typesetter: Typesetter, tmp_path: Path
) -> None:
    path, names = tmp_path / "hyphens.pdf", "-".join(["dlouhejmeno"] * 8)
    typed = {"policyholder.email": f"{names}@example.cz", "policyholder.street": "-".join(["Dlouhá"] * 17)}
    path.write_bytes(typesetter.pdf(printout(source(calculations, typed))))
    words = words_of(path).replace("\u200b", "")
    assert f"{names}@example.cz" in re.sub(r"-\s+", "-", words)
    assert "Dlouhá- -Dlouhá" in words  # words follow the rule of Czech


def test_an_address_is_copied_out_of_the_file_as_it_was_typed(
    calculations: Calculations, typesetter: Typesetter, tmp_path: Path
) -> None:
    path, email = tmp_path / "address.pdf", "bartolomej.wagner-cernohorsky@example.cz"
    path.write_bytes(typesetter.pdf(printout(source(calculations, {"policyholder.email": email}))))
    assert email in words_of(path).split()


def places_of(file: Path) -> str:
    """The words of a PDF with their places."""
    found = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True, timeout=60)
    return found.stdout.decode()


def test_the_file_is_whole(file: Path) -> None:
    assert "No syntax or stream encoding errors found" in read("qpdf", file, "--check")


def test_it_is_tagged_and_says_both_standards(file: Path) -> None:
    assert re.search(r"Tagged: +yes", read("pdfinfo", file))
    described = read("pdfinfo", file, "-meta")
    for said in (r"pdfaid:part>3<", r"pdfaid:conformance>A<", r"pdfuaid:part>1<"):
        assert re.search(said, described), said


def test_the_structure_has_headings_tables_and_pictures_with_words(file: Path) -> None:
    structure = read("pdfinfo", file, "-struct-text")
    for tag in ("H1", "H2", "H3", "Table", "THead", "TH", "TD", "Figure"):
        assert re.search(rf"^\s*{tag}\b", structure, re.MULTILINE), tag
    assert b"/Alt" in subprocess.run(["qpdf", "--qdf", str(file), "-"], capture_output=True, check=True).stdout


def test_every_font_lies_in_the_file(file: Path) -> None:
    fonts = read("pdffonts", file).splitlines()[2:]
    assert len(fonts) == 2
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)
    assert all("SmartClientSans" in line for line in fonts)


def test_the_same_print_has_the_same_bytes(calculations: Calculations, typesetter: Typesetter) -> None:
    found = source(calculations)
    assert typesetter.pdf(printout(found)) == Typesetter().pdf(printout(source(calculations)))


def test_the_attached_data_hold_answers_and_calculation_and_nothing_of_health(file: Path, tmp_path: Path) -> None:
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(file)], check=True, timeout=60)
    attached = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(attached) == {"odpovedi.json", "vypocet.json"}
    assert json.loads(attached["odpovedi.json"])["answers"]["policyholder"]["last_name"] == CZECH
    assert json.loads(attached["vypocet.json"])["output"]["total_instalment"]
    for text in attached.values():
        assert CANARY not in text
        assert not re.search(r'"(smoker|height_cm|weight_kg|loading_pct|findings|health|[zc]\d\d\w*)"', text)


def test_the_print_itself_holds_the_health_that_the_client_signs(file: Path) -> None:
    words = words_of(file)
    assert CANARY in words
    assert "173 cm" in words


def test_nothing_is_written_to_a_disk_or_fetched(
    calculations: Calculations, typesetter: Typesetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    typesetter.pdf(printout(source(calculations)))
    assert list(tmp_path.iterdir()) == []
    assert "@preview" not in (folder() / "document.typ").read_text(encoding="utf-8")


def test_a_print_that_cannot_be_set_has_a_failure_of_its_own(
    calculations: Calculations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "document.typ").write_text('#image("none.svg")', encoding="utf-8")
    monkeypatch.setattr("localapp.output.typesetter.folder", lambda: tmp_path)
    with pytest.raises(PrintFailed) as refused:
        Typesetter().pdf(printout(source(calculations)))
    assert refused.value.code == "print_failed"


def test_pages_are_pictures(calculations: Calculations, typesetter: Typesetter) -> None:
    pages = typesetter.pages(printout(source(calculations)))
    assert len(pages) > 2
    assert all(page.startswith(b"\x89PNG") for page in pages)
