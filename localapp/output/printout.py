"""From a source to a print: pure, so that desk and endpoint can make the same one. Source: issue 6, "PDF"."""

from localapp import clock
from localapp.domain import written
from localapp.domain.forms.answers import kept_rows
from localapp.domain.lifecycle import Kind
from localapp.domain.typography import NBSP, typeset
from localapp.output.answers import Answers
from localapp.output.attached import attachments
from localapp.output.blocks import Cell, Note, Part, Payment, Printout, Signatures, Table
from localapp.output.payment import qr_svg, spayd, variable_symbol
from localapp.output.source import Source
from localapp.output.values import premium_part, values_over_time, values_part
from localapp.output.words import word

_GROUP = 16  # of the digits of a digest, between which a line may break


def printout(source: Source) -> Printout:
    """The print of a document: of a draft with the mark of one, of a cancelled document with that."""
    lang, document = source.lang, source.document
    heading = typeset(source.definition.label[lang], lang)
    number = document.number or word("number_later", lang)
    total, often = _total(source)
    return Printout(
        title=f"{heading} {number}",
        heading=heading,
        number=number,
        client=_client(source),
        mark=_mark(source),
        notice=typeset(source.notice[lang], lang),
        total=total,
        often=often,
        page_words=(word("page", lang), word("page_of", lang)),
        facts=tuple(_facts(source)),
        parts=tuple(_parts(source)),
        attached=attachments(source),
        moment=int(document.at.timestamp()),
        lang=lang,
    )


def _mark(source: Source) -> str:
    if source.document.cancelled:
        return word("cancelled_mark", source.lang)
    return word("draft_mark", source.lang) if source.is_draft else ""


def _client(source: Source) -> str:
    places = source.definition.client
    found = [source.evaluation.value(places[name]) for name in ("title", "first_name", "last_name") if name in places]
    return typeset(" ".join(str(each) for each in found if each), source.lang)


def _total(source: Source) -> tuple[str, str]:
    if source.quote is None:
        return "", ""
    often = word(f"often_{source.mapped.input['payments_per_year']}", source.lang)
    return written.czk(source.quote["total_instalment"], source.lang), often


def _facts(source: Source) -> list[tuple[str, str]]:
    lang, document = source.lang, source.document
    state = "cancelled" if document.cancelled else "draft" if source.is_draft else "completed"
    local = document.at.astimezone(clock.PRAGUE)
    at = f"{written.day(local.date(), lang)}{NBSP}{local.hour}:{local.minute:02}"
    found = [(word("state", lang), word(state, lang))]
    found.append((word("changed_at" if source.is_draft else "completed_at", lang), at))
    if document.revision is not None:
        found.append((word("version", lang), str(document.revision)))
    named = ("former_number", "corrects", "advisor", "partner")
    return found + [(word(name, lang), getattr(document, name)) for name in named if getattr(document, name)]


def _parts(source: Source) -> list[Part]:
    lang, answers = source.lang, Answers(source)
    found = answers.parts()
    if source.quote is None:
        found.append(Part(word("premium", lang), (Note(word("no_premium", lang)),)))
    else:
        asked = source.mapped.input
        premium = premium_part(asked, source.quote, _names(source, answers), lang)
        payment = _payment(source)
        found.append(Part(premium.title, (*premium.blocks, *([payment] if payment else []))))
        found.append(values_part(values_over_time(asked, source.quote), lang))
    if source.definition.kind == Kind.OFFER:  # an illustration is signed by nobody
        found.append(_signatures(lang))
    return [*found, _origin(source)]


def _names(source: Source, answers: Answers) -> dict[str, str]:
    """What the persons of the calculation are called on the print."""
    found: dict[str, str] = {}
    for group in source.definition.groups:
        for number, row in enumerate(kept_rows(source.evaluation.tree, group.id), 1):
            path = f"{group.id}[{row['_id']}]"
            labels = [label for label, place in source.mapped.rows.items() if place == path and isinstance(label, str)]
            found |= {label: answers.title_of(group, path, number) for label in labels}
    return found


def _payment(source: Source) -> Payment | None:
    """Of a completed offer that is paid by transfer; for a draft or an illustration nothing is paid."""
    account, document, lang = source.account, source.document, source.lang
    by_transfer = source.mapped.input.get("payment_method", "transfer") == "transfer"
    stands = source.definition.kind == Kind.OFFER and not source.is_draft and not document.cancelled
    if account is None or source.quote is None or not stands or not by_transfer:
        return None
    amount, symbol = int(source.quote["total_instalment"]), variable_symbol(document.number)
    rows = [
        (word("account", lang), account.written),
        (word("amount", lang), written.czk(amount, lang)),
        (word("variable_symbol", lang), symbol),
    ]
    descriptor = spayd(account.iban, amount, symbol, f"{source.definition.label[lang]} {document.number}")
    text = f"{word('payment', lang)}: " + ", ".join(f"{name} {said}" for name, said in rows if said)
    return Payment(qr_svg(descriptor), text, tuple(row for row in rows if row[1]), word("payment_note", lang))


def _signatures(lang: str) -> Part:
    names = (word("policyholder_signs", lang), word("advisor_signs", lang))
    return Part(word("signatures", lang), (Signatures(word("place_and_day", lang), names),))


def _origin(source: Source) -> Part:
    lang, document = source.lang, source.document
    rows = [
        (Cell(word(each.kind, lang), f"{each.name} {each.version}"), Cell(_grouped(each.digest)))
        for each in source.components
    ]
    if document.digest:
        number = f"{word('version', lang)} {document.revision}"
        rows.insert(0, (Cell(word("revision", lang), number), Cell(_grouped(document.digest))))
    heads = (word("component", lang), word("digest", lang))
    table = Table(heads, (False, False), (2, 5), tuple(rows), small=True)
    return Part(word("origin", lang), (table, Note(word("origin_note", lang))))


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))
