"""What Help Desk does by hand: beside a running endpoint, noted in the audit, and never more than it says."""

import base64
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from endpoint.application import Endpoint
from endpoint.cli import main
from localapp.domain.sync.operations import Outcome
from localapp.output.link_codes import clean_code, derived, link_context
from tests.endpoint.made_up import PARTNER, Desk


class Typed:
    """Somebody at the terminal."""

    def __init__(self, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
        self._endpoint, self._capsys = endpoint, capsys

    def __call__(self, *words: str) -> tuple[int, str]:
        """The exit code and what was said."""
        self._capsys.readouterr()
        code = main([*words, "--data-dir", str(self._endpoint.parts.layout.folder)])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def audit(self) -> list[str]:
        """The events, newest last."""
        with self._endpoint.parts.database.read() as connection:
            return list(connection.exec_driver_sql("SELECT event FROM audit ORDER BY id").scalars())


@pytest.fixture
def typed(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Somebody at the terminal of this endpoint."""
    return Typed(endpoint, capsys)


def problem(desk: Desk) -> str:
    return str(desk.ask("/v1/sync/changes", {"cursor": 0, "stream": ""}).get_json().get("problem"))


def test_a_blocked_installation_is_not_heard_until_it_is_let_in_again(typed: Typed, alena: Desk, borek: Desk) -> None:
    assert typed("block-installation", alena.installation)[0] == 0
    assert (problem(alena), problem(borek)) == ("installation_blocked", "None")
    assert typed("unblock-installation", alena.installation)[0] == 0
    assert alena.push(alena.completion())[0].outcome is Outcome.ACCEPTED
    assert typed.audit()[-2:] == ["installation_blocked", "installation_unblocked"]


def test_a_blocked_partner_stops_all_its_advisors(typed: Typed, alena: Desk, borek: Desk, cyril: Desk) -> None:
    assert typed("block-partner", PARTNER)[0] == 0
    assert [problem(desk) for desk in (alena, borek, cyril)] == ["partner_blocked", "partner_blocked", "None"]
    assert typed("unblock-partner", PARTNER)[0] == 0
    assert problem(alena) == "None"
    assert typed.audit()[-2:] == ["partner_blocked", "partner_unblocked"]


@pytest.mark.parametrize(
    "words",
    [
        ("block-installation", "nobody"),
        ("unblock-partner", "999999"),
        ("installations", "900001", "nobody"),
        ("link-code", "900002", "alena"),
        ("accept-version", "flexi-offer", "1"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_noted(typed: Typed, alena: Desk, words: tuple[str, ...]) -> None:
    assert alena.session
    before = typed.audit()
    code, said = typed(*words)
    assert (code, said.startswith("NotDone")) == (1, True)
    assert typed.audit() == before


def test_the_installations_of_an_advisor_are_listed_with_their_state(
    typed: Typed, alena: Desk, impostor: Desk, borek: Desk
) -> None:
    typed("block-installation", impostor.installation)
    said = typed("installations", PARTNER, " Alena ")[1]
    assert [line.split()[:2] for line in said.splitlines()] == [
        [alena.installation, "linked"], [impostor.installation, "blocked"]
    ]  # fmt: skip
    assert borek.installation not in said


def test_a_code_comes_from_a_linked_computer_as_long_as_there_is_one(typed: Typed, alena: Desk) -> None:
    code, said = typed("link-code", PARTNER, "alena")
    assert code == 1
    assert alena.installation in said


def test_when_none_is_left_help_desk_links_without_the_health_key(typed: Typed, alena: Desk, http: FlaskClient) -> None:
    offer = alena.completion()
    alena.push(offer)
    fresh = Desk(http)
    fresh.enrol()
    fresh.hello()
    assert fresh.pull().documents == ()
    typed("block-installation", alena.installation)
    code, said = typed("link-code", PARTNER, "ALENA")
    assert code == 0
    made = derived(clean_code(said.partition(":")[0]), link_context(PARTNER, "alena"))
    answer = fresh.ask("/v1/links", {"proof": base64.b64encode(made.proof).decode()})
    assert answer.get_json() == {"linked": True, "wrapped_key": ""}
    fresh.cursor = 0
    assert [facts.document for facts in fresh.pull().documents] == [offer.document]
    assert typed.audit()[-2:] == ["link_code_by_help_desk", "linked"]
    another = Desk(http)
    another.enrol()
    another.hello()
    again = another.ask("/v1/links", {"proof": base64.b64encode(made.proof).decode()})
    assert again.get_json()["problem"] == "link_code_wrong"


def test_a_version_that_is_refused_is_accepted_again(typed: Typed, alena: Desk) -> None:
    assert typed("refuse-version", "flexi-offer", "1")[0] == 0
    (result,) = alena.push(alena.completion())
    assert result.refusal is not None
    assert result.refusal.code == "version_withdrawn"
    assert typed("accept-version", "flexi-offer", "1")[0] == 0
    assert alena.push(alena.completion())[0].outcome is Outcome.ACCEPTED


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    assert main(["block-partner", PARTNER, "--data-dir", str(tmp_path)]) == 1
    assert not list(tmp_path.iterdir())
