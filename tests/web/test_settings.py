"""Nastavení: whose desk this is, linking of further computers, the look."""

import pytest

from tests.journeys.conftest import Advisor, Insurer


def text_of(advisor: Advisor) -> str:
    return advisor.asking.get("/settings").text.replace("\u00a0", " ")


def test_the_page_names_partner_advisor_endpoint_and_what_is_installed(alena: Advisor) -> None:
    text = text_of(alena)
    for said in ("900001", "Alena Nováková", "anovakova", "012345PPZ", alena.line.address, "FLEXI-DEMO-2026.1"):
        assert said in text


def test_a_code_is_shown_once_and_kept_nowhere(alena: Advisor) -> None:
    page = alena.asking.post("/settings/link-codes", {}, fragments=False)
    code = page.text.split('class="codebig">')[1].split("<")[0]
    assert (page.status, len(code)) == (200, 14)
    assert code not in text_of(alena)
    assert code.replace("-", "").encode() not in (alena.desk.data_dir / "documents.db").read_bytes()


def test_without_a_network_no_code_is_shown_and_the_reason_is_told(alena: Advisor) -> None:
    alena.line.cut = True
    page = alena.asking.post("/settings/link-codes", {}, fragments=False)
    assert (page.status, "codebig" in page.text) == (422, False)
    assert "Server SmartClient není dostupný" in page.text.replace("\u00a0", " ")


def test_a_wrong_code_is_told_at_its_field_and_the_next_has_to_wait(insurer: Insurer, alena: Advisor) -> None:
    assert alena.sync.enrolment() is not None
    second = insurer.new_computer("notebook")
    second.activate()
    said = [second.asking.post("/settings/links", {"code": "AAAA"}, fragments=False) for _ in range(2)]
    assert [page.status for page in said] == [422, 422]
    assert 'id="code-error"' in said[0].text
    assert "Kód pro propojení nesouhlasí" in said[0].text.replace("\u00a0", " ")
    assert "Příliš mnoho pokusů o propojení. Zkuste to znovu za 1 s." in said[1].text.replace("\u00a0", " ")


@pytest.mark.parametrize("choice", [{"language": "de"}, {"theme": "pink"}, {"density": "<b>"}])
def test_a_look_that_there_is_not_is_refused(alena: Advisor, choice: dict[str, str]) -> None:
    assert alena.asking.post("/settings/look", choice, fragments=False).status == 400


def test_a_chosen_language_is_kept(alena: Advisor) -> None:
    saved = alena.asking.post("/settings/look", {"language": "en", "density": "compact"}, fragments=False)
    assert saved.location == "/settings?done=saved"
    assert "Change the way of activation" in text_of(alena)
