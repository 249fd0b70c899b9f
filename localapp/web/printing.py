"""Zobrazit: the print of a document, made anew each time it is asked for and kept nowhere."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from localapp import __version__, clock
from localapp.calculation.assessment import Assessor
from localapp.contacts import premium_account
from localapp.domain.forms.answers import Tree, join_health
from localapp.domain.forms.editing import final_answers
from localapp.output.blocks import Printout
from localapp.output.printout import printout
from localapp.output.source import Account, Component, DocumentFacts, Source
from localapp.output.typesetter import TEMPLATE, template_digest
from localapp.store.records import Content, DocumentRecord, NamedAdvisor
from localapp.web.desk import Desk


@dataclass(frozen=True)
class _Version:
    """One version of a document: what it says, when it was frozen or last changed, its number, digest and advisor."""

    content: Content
    at: datetime
    revision: int | None = None
    digest: str | None = None
    advisor: NamedAdvisor | None = None


def printed(desk: Desk, document: str, *, draft: bool = False) -> Printout | None:
    """The print of the newest completed revision; of the working copy where there is none, or as a ``draft``.

    None when there is no such document (or it is deleted). Raises VersionMissing and the sandbox's failures.
    """
    source = source_of(desk, document, draft=draft)
    return None if source is None else printout(source)


def source_of(desk: Desk, document: str, *, draft: bool = False) -> Source | None:
    """What the print is made from; see ``printed``."""
    record = desk.store.document(document)
    if record is None or record.facts.deleted_at:
        return None
    version = _version(desk, record, draft=draft)
    assessor = desk.calculations.assessor(record.form, record.calculation)
    tree, day = join_health(version.content.answers, version.content.health), _day(version.at)
    if version.revision is None:
        first = assessor.assess(tree, day)
        tree = final_answers(assessor.form.definition, tree, first.evaluation)
    return _source(desk, record, version, assessor, tree)


def _version(desk: Desk, record: DocumentRecord, *, draft: bool) -> _Version:
    if record.revision is None or (draft and record.facts.working_copy_at):
        return _Version(desk.store.content(record.id), record.changed_at, advisor=_present(desk, record))
    saved = next(each for each in desk.store.delivery.receipt(record.id).saved if each.number == record.revision)
    content = desk.store.revision(record.id, record.revision)
    return _Version(content, saved.saved_at, record.revision, saved.digest, saved.completed_by)


def _present(desk: Desk, record: DocumentRecord) -> NamedAdvisor | None:
    """Whom a draft names; it can be read and not completed any more once the partner was left."""
    enrolment = desk.store.delivery.overview().enrolment
    return None if enrolment is None or record.facts.partner_left_at else enrolment.named


def _source(desk: Desk, record: DocumentRecord, version: _Version, assessor: Assessor, tree: Tree) -> Source:
    """Judged as on the day of the version, so that a later day changes nothing in its print."""
    assessment = assessor.assess(tree, _day(version.at))
    quote: dict[str, Any] | None = None
    if assessment.output is not None:
        quote = assessor.calculator.quote(assessment.mapped.input)["output"]
    account = premium_account()
    return Source(
        definition=assessor.form.definition,
        evaluation=assessment.evaluation,
        mapped=assessment.mapped,
        catalogues=assessor.catalogues,
        quote=quote,
        notice=assessor.calculator.library.notice,
        document=_facts(record, version),
        components=_components(desk, record),
        account=Account(account["iban"], account["number"]),
    )


def _facts(record: DocumentRecord, version: _Version) -> DocumentFacts:
    by = version.advisor
    return DocumentFacts(
        number=record.number,
        at=version.at,
        revision=version.revision,
        digest=version.digest,
        cancelled=record.facts.cancelled_at is not None,
        former_number=record.former_number,
        corrects=record.corrects.number if record.corrects else "",
        advisor=f"{by.name}, {by.cnb_registration_number}" if by else "",
        partner=f"{by.partner_name} ({by.partner_number})" if by else "",
    )


def _components(desk: Desk, record: DocumentRecord) -> tuple[Component, ...]:
    form, calculation = desk.calculations.digests(record.form, record.calculation)
    return (
        Component("form", record.form.name, record.form.version, form),
        Component("calculation", record.calculation.name, record.calculation.version, calculation),
        Component("template", TEMPLATE, __version__, template_digest()),
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.PRAGUE).date()
