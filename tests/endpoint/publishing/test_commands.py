"""What the insurer's people type, through the real command line of the endpoint."""

from pathlib import Path

import pytest

from endpoint.cli import main
from endpoint.publishing.publisher import Publisher
from localapp.calculation.components import Component
from tests.endpoint.publishing.conftest import CALC, FORM, OFFER, Draft


@pytest.fixture(autouse=True)
def same_umask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.umask", lambda _mask: 0)


def test_publishing_withdrawing_refreshing_and_replacing_a_key(
    data_dir: Path, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    library = Component(CALC, "flexi-demo", "2026.2")
    place = ["--data-dir", str(data_dir)]
    folder = str(draft(OFFER))
    for words, said in (
        (["calc", str(draft(library))], "calc/flexi-demo/2026.2.zip: published\n"),
        (["forms", folder], "forms/flexi-offer/1.zip: published\n"),
        (["forms", folder], "forms/flexi-offer/1.zip: was published before, nothing changed\n"),
        (["withdraw", "forms/flexi-offer/1.zip"], "forms/flexi-offer/1.zip: withdrawn from new documents\n"),
        (["refresh"], "signatures renewed\n"),
        (["replace-key", "calc-1"], "calc-1: revoked; calc-3 signs instead\n"),
    ):
        assert main(["publish", *words, *place]) == 0
        assert capsys.readouterr().out == said
    assert list(Publisher(data_dir).repository.targets("calc").targets) == [library.target]


def test_a_refusal_is_one_line_and_exit_code_1(
    data_dir: Path, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = draft(Component(FORM, "flexi-offer", "2"), version="3")
    assert main(["publish", "forms", str(folder), "--data-dir", str(data_dir)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "flexi-offer/2: says it is flexi-offer 3, not flexi-offer 2\n"
