"""The premium and the values over time: tables and the pictures beside them, from the output of the library."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from localapp.domain import written
from localapp.domain.premium import breakdown
from localapp.output.blocks import Block, Cell, Note, Part, Picture, Table
from localapp.output.charts import Line, chart
from localapp.output.words import word

_GROWTHS = (("0", 0), ("0.02", 2), ("0.04", 4))


@dataclass(frozen=True)
class Values:
    """Amounts in whole CZK by year, all from year 0: paid in all, reserves, surrender, the account by growth in %."""

    paid: tuple[int, ...]
    net: tuple[int, ...]
    zillmer: tuple[int, ...]
    risk_surrender: tuple[int, ...]
    account: Mapping[int, tuple[int, ...]]
    surrender: Mapping[int, tuple[int, ...]]

    @property
    def has_account(self) -> bool:
        """Whether anything is invested."""
        return any(any(values) for values in self.account.values())


def values_over_time(asked: Mapping[str, Any], output: Mapping[str, Any]) -> Values:
    """The values of a whole quote. ``asked`` is the library's input."""
    reserves, projections = output["reserves"], output["projections"]
    return Values(
        paid=_paid(asked, output, len(reserves) - 1),
        net=tuple(_whole(each["net"]) for each in reserves),
        zillmer=tuple(_whole(each["zillmer"]) for each in reserves),
        risk_surrender=tuple(_whole(each["risk_surrender"]) for each in reserves),
        account={pct: (0, *(_whole(each["value"]) for each in projections[name])) for name, pct in _GROWTHS},
        surrender={pct: (0, *(_whole(each["surrender"]) for each in projections[name])) for name, pct in _GROWTHS},
    )


def _paid(asked: Mapping[str, Any], output: Mapping[str, Any], years: int) -> tuple[int, ...]:
    """Premiums paid until the end of each year: a coverage is paid for its own term, the rest for the whole policy."""
    payments = int(asked["payments_per_year"])
    terms = [int(cover["term"]) for person in asked["persons"] for cover in person["coverages"]]
    lines = [(int(line["instalment"]), term) for line, term in zip(output["lines"], terms, strict=True)]
    always = int(output["fee_instalment"]) + int(output["investment_instalment"])
    extra = asked.get("investment", {}).get("extra", ())
    found = [0]
    for year in range(1, years + 1):
        covers = sum(instalment for instalment, term in lines if year <= term)
        once = sum(each["sum_insured"] for each in extra if each["month"] // 12 + 1 == year)
        found.append(found[-1] + (covers + always) * payments + once)
    return tuple(found)


def _whole(amount: str) -> int:
    return int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))


def premium_part(asked: Mapping[str, Any], output: Mapping[str, Any], names: Mapping[str, str], lang: str) -> Part:
    """What an instalment is made of; ``names`` are those of the persons by the library's labels."""
    parts = breakdown(output, int(asked["payments_per_year"]))
    rows = [(names.get(label, label), amount) for label, amount in parts.persons.items()]
    rows.append((word("fee", lang), parts.fee))
    if parts.investment:
        rows.append((word("investment", lang), parts.investment))
    often = word(f"often_{asked['payments_per_year']}", lang)
    table = Table(
        columns=(word("part", lang), f"{word('instalment', lang)} {often}"),
        numeric=(False, True),
        shares=(3, 1),
        rows=tuple((Cell(name), Cell(written.czk(amount, lang))) for name, amount in rows),
        total=(word("total_instalment", lang), written.czk(parts.total, lang)),
    )
    return Part(word("premium", lang), (table,))


def values_part(values: Values, lang: str) -> Part:
    """Charts and tables of the values over time."""
    blocks: list[Block] = [*pictures(values, lang), Note(word("values_note", lang)), _reserve_table(values, lang)]
    if values.has_account:
        blocks.append(_account_table(values, lang))
    return Part(word("values", lang), tuple(blocks))


def pictures(values: Values, lang: str) -> list[Picture]:
    """The charts: the account beside what was paid, and the reserves."""
    found = []
    if values.has_account:
        account = [Line(_at("account_at", pct, lang), values.account[pct]) for pct in (4, 2, 0)]
        found.append(_picture("account_chart", [*account, Line(word("paid", lang), values.paid)], lang))
    surrender = [Line(_at("surrender_at", 2, lang), values.surrender[2])] if values.has_account else []
    reserves = [
        Line(word("net_reserve", lang), values.net),
        Line(word("zillmer_reserve", lang), values.zillmer),
        Line(word("risk_surrender", lang), values.risk_surrender),
    ]
    found.append(_picture("reserve_chart", [*reserves, *surrender], lang))
    return found


def _picture(title: str, lines: list[Line], lang: str) -> Picture:
    ends = "; ".join(f"{line.name} {written.czk(line.values[-1], lang)}" for line in lines)
    text = f"{word(title, lang)}. {word('chart_alt', lang)}: {ends}."
    return Picture(chart(lines, text, lang), text, word(title, lang))


def _at(key: str, pct: int, lang: str) -> str:
    return f"{word(key, lang)} {written.percent(pct, lang)}"


def _reserve_table(values: Values, lang: str) -> Table:
    columns = [values.paid, values.net, values.zillmer, values.risk_surrender]
    names = [word(key, lang) for key in ("paid", "net_reserve", "zillmer_reserve", "risk_surrender")]
    return _by_year("reserve_table", names, columns, lang)


def _account_table(values: Values, lang: str) -> Table:
    growths = [pct for _, pct in _GROWTHS]
    names = [_at(key, pct, lang) for pct in growths for key in ("account_at", "surrender_at")]
    columns = [found[pct] for pct in growths for found in (values.account, values.surrender)]
    return _by_year("account_table", names, columns, lang)


def _by_year(title: str, names: list[str], columns: list[tuple[int, ...]], lang: str) -> Table:
    rows = [
        (Cell(str(year)), *(Cell(written.number(column[year], lang)) for column in columns))
        for year in range(1, len(columns[0]))
    ]
    return Table(
        columns=(word("year", lang), *names),
        numeric=(True,) * (len(names) + 1),
        shares=(2, *(4 for _ in names)),
        rows=tuple(rows),
        title=f"{word(title, lang)} ({'Kč' if lang == 'cs' else 'CZK'})",
        small=True,
    )
