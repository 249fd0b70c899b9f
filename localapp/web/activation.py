"""Activation: partner number, user data, first synchronization.

Each step has its own address and answers GET, so that a reload or a crash goes on where it was.
Source: DOMAIN.md, "First start".
"""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from localapp.domain.sync.activation import Activated, Step, next_step
from localapp.domain.sync.enrolment import OPTIONAL, REQUIRED, AdvisorRefused, advisor_from, is_doubtful_cnb_number
from localapp.domain.sync.messages import Refusal
from localapp.store.enrolments import Enrolment
from localapp.store.sync_store import SyncStore
from localapp.sync.conversation import Refused
from localapp.sync.enrolling import begin, confirm, verify_partner
from localapp.sync.transport import TransportFailed
from localapp.web.desk import Desk
from localapp.web.wording import t, told

ENDPOINTS = frozenset({
    "activation.partner", "activation.user", "activation.first", "activation.progress", "activation.back",
    "activation.return_to_former",
})  # fmt: skip
_VERIFIED, _AGAIN = "activation.partner", "activation.again"

Page = str | AnyResponse | tuple[str, int]


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: which field, and the sentence."""

    field: str
    text: str


def step_of(desk: Desk) -> Step:
    """The step that activation waits for."""
    sync = desk.store.sync
    enrolment = sync.enrolment()
    confirmed = enrolment is not None and enrolment.confirmed_at is not None
    done = Activated(
        verified=bool(desk.store.setting(_VERIFIED)),
        confirmed=confirmed,
        components_ready=confirmed and desk.connection.is_ready,
        again=bool(desk.store.setting(_AGAIN)),
    )
    return next_step(done)


def address_of(step: Step) -> str:
    """Where a step is shown."""
    names = {Step.PARTNER: "partner", Step.USER: "user", Step.FIRST_SYNCHRONIZATION: "first"}
    return url_for(f"activation.{names[step]}") if step in names else "/documents"


def make_blueprint(desk: Desk) -> Blueprint:
    """The pages of activation."""
    blueprint = Blueprint("activation", __name__, url_prefix="/activation")
    pages = _Pages(desk)
    both = ["GET", "POST"]
    blueprint.add_url_rule("", "partner", pages.partner, methods=both)
    blueprint.add_url_rule("/user", "user", pages.user, methods=both)
    blueprint.add_url_rule("/first-synchronization", "first", pages.first, methods=both)
    blueprint.add_url_rule("/first-synchronization/progress", "progress", pages.progress)
    blueprint.add_url_rule("/return", "back", pages.back, methods=["POST"])
    blueprint.add_url_rule("/restarts", "restart", pages.restart, methods=["POST"])
    blueprint.add_url_rule("/former", "return_to_former", pages.return_to_former, methods=["POST"])
    return blueprint


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def _sync(self) -> SyncStore:
        return self.desk.store.sync

    def partner(self) -> Page:
        """Step 1: verify the partner number; the certificate way is named and comes later."""
        if step_of(self.desk) in {Step.FIRST_SYNCHRONIZATION, Step.DONE}:
            return redirect(address_of(step_of(self.desk)), 303)
        if request.method == "GET":
            return self._show_partner(typed=(self._verified() or ("", ""))[0])
        typed = request.form.get("partner_number", "")
        try:
            found = verify_partner(self.desk.transport(anew=True), typed)
        except (Refused, TransportFailed) as failure:
            self.desk.store.set_setting(_VERIFIED, "")
            return self._show_partner(typed, failure.refusal)
        self.desk.store.set_setting(_VERIFIED, json.dumps(found))
        return redirect(url_for("activation.partner"), 303)

    def _show_partner(self, typed: str, refusal: Refusal | None = None) -> Page:
        problems = [Problem("partner_number", told(refusal))] if refusal else []
        body = render_template(
            "activation/partner.html", problems=problems, typed=typed, verified=self._verified(),
            way=request.values.get("way", "partner"), former=self._former(), step=Step.PARTNER,
        )  # fmt: skip
        return body, 422 if problems else 200

    def user(self) -> Page:
        """Step 2: the advisor's data; OK enrols this installation and goes on to the first synchronization."""
        step = step_of(self.desk)
        if step is not Step.USER:
            return redirect(address_of(step), 303)
        if request.method == "GET":
            return self._show_user(self._known_data(), [])
        data = {name: request.form.get(name, "") for name in (*REQUIRED, *OPTIONAL)}
        try:
            advisor = advisor_from(data)
        except AdvisorRefused:
            return self._show_user(data, _missing(data))
        if is_doubtful_cnb_number(advisor.cnb_registration_number) and not request.form.get("doubt_seen"):
            return self._show_user(data, [], doubtful=True)
        try:
            transport = self.desk.transport(anew=True)
            authority = self.desk.connection.authority
            enrolment = begin(self._sync, transport, self._verified() or ("", ""), advisor, authority)
            confirm(self._sync, transport, enrolment)
        except (Refused, TransportFailed) as failure:
            return self._show_user(data, [_failed(failure.refusal)])
        self._forget_steps()
        self.desk.synchronizer.start("activation")
        return redirect(url_for("activation.first"), 303)

    def _show_user(self, data: dict[str, str], problems: list[Problem], *, doubtful: bool = False) -> Page:
        body = render_template(
            "activation/user.html", data=data, problems=problems, required=REQUIRED, optional=OPTIONAL,
            partner=self._verified(), doubtful=doubtful, step=Step.USER,
        )  # fmt: skip
        return body, 422 if problems or doubtful else 200

    def first(self) -> Page:
        """Step 3: the first synchronization; a POST starts it again, as the page does by itself after a crash."""
        step = step_of(self.desk)
        if request.method == "POST" and step is Step.FIRST_SYNCHRONIZATION:
            self.desk.synchronizer.start("activation")
            if "HX-Request" in request.headers:
                return self.progress()
            return redirect(url_for("activation.first"), 303)
        if step is not Step.FIRST_SYNCHRONIZATION:
            return _go_to(address_of(step))
        standing = self.desk.synchronizer.standing()
        return render_template("activation/first.html", standing=standing, step=step)

    def progress(self) -> Response:
        """How far the first synchronization is; when all is there, the application opens by itself."""
        standing = self.desk.synchronizer.standing()
        response = make_response(render_template("activation/_progress.html", standing=standing))
        if step_of(self.desk) is Step.DONE and not standing.running:
            response.headers["HX-Redirect"] = "/documents"
        return response

    def back(self) -> AnyResponse:
        """From the user data back to the partner number."""
        self.desk.store.set_setting(_VERIFIED, "")
        return redirect(url_for("activation.partner"), 303)

    def restart(self) -> AnyResponse:
        """Změnit způsob aktivace aplikace: begin again with step 1. The former activation ends with the new one."""
        enrolment = self._sync.enrolment()
        self.desk.store.set_setting(_VERIFIED, "")
        if enrolment is not None and self._former() is None:
            self.desk.store.set_setting(_AGAIN, str(enrolment.id))
        return redirect(url_for("activation.partner"), 303)

    def return_to_former(self) -> AnyResponse:
        """Keep the former activation after all, also when another one was begun and not confirmed."""
        former = self._former()
        if former is not None:
            self._sync.return_to(former.id)
        self._forget_steps()
        return redirect("/documents", 303)

    def _former(self) -> Enrolment | None:
        """The activation that is being changed; None when this is the first."""
        kept = self.desk.store.setting(_AGAIN)
        return self._sync.enrolment_at(int(kept)) if kept else None

    def _forget_steps(self) -> None:
        self.desk.store.set_setting(_VERIFIED, "")
        self.desk.store.set_setting(_AGAIN, "")

    def _verified(self) -> tuple[str, str] | None:
        kept = self.desk.store.setting(_VERIFIED)
        return tuple(json.loads(kept)) if kept else None

    def _known_data(self) -> dict[str, str]:
        enrolment = self._sync.enrolment()
        return enrolment.advisor.as_json() if enrolment else dict.fromkeys((*REQUIRED, *OPTIONAL), "")


def _go_to(address: str) -> AnyResponse:
    """Another page instead of this one; a script would put what it is redirected to into the page."""
    if "HX-Request" not in request.headers:
        return redirect(address, 303)
    response = make_response("")
    response.headers["HX-Redirect"] = address
    return response


def _failed(refusal: Refusal) -> Problem:
    """Why the confirmation failed; a field that the insurer did not take is named as the page names it."""
    field = refusal.facts.get("field", "")
    if refusal.code == "user_data_invalid" and field in {*REQUIRED, *OPTIONAL, "partner_number"}:
        refusal = Refusal(refusal.code, {"field": t(f"activation.{field}")})
        return Problem(field if field != "partner_number" else "confirm", told(refusal))
    return Problem("confirm", told(refusal))


def _missing(data: dict[str, str]) -> list[Problem]:
    """The required data that are not there, and what cannot be taken as it is."""
    problems = []
    for name in (*REQUIRED, *OPTIONAL):
        try:
            advisor_from({**dict.fromkeys(REQUIRED, "x"), name: data[name]})
        except AdvisorRefused:
            key = "missing" if not data[name].strip() else "unusable"
            problems.append(Problem(name, t(f"activation.{key}", field=t(f"activation.{name}"))))
    return problems
