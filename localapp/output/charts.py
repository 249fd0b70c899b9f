"""One way to draw values over the years, as SVG, for pages and for paper alike.

A page gives the classes their colours (dark too); on paper the colours of the attributes hold. A line is told by its
dash and the label at its end first, by its colour last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from localapp.domain import written

WIDTH, HEIGHT = 680, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 158, 12, 26
_APART = 13  # between two labels
_LOOKS = (("a", "#0c5360", ""), ("b", "#85386b", "7 4"), ("c", "#5a6764", "2 3"), ("d", "#15211f", "9 3 2 3"))
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Line:
    """One line: its name and its values in CZK in the years 0 … N."""

    name: str
    values: tuple[int, ...]


def chart(lines: Sequence[Line], text: str, lang: str) -> str:
    """The lines as one SVG picture, at most four. ``text`` is what the picture says in words."""
    years = max(len(line.values) for line in lines) - 1
    lowest = min(0, *(value for line in lines for value in line.values))
    step = _step(max(1, *(value for line in lines for value in line.values)) - lowest)
    bottom = lowest // step * step
    top = -(-max(1, *(value for line in lines for value in line.values)) // step) * step
    scale = _Scale(max(years, 1), bottom, top)
    drawn = [*_grid(scale, range(bottom, top + 1, step), lang), *_years(scale)]
    drawn += [_line(scale, line, look) for line, look in zip(lines, _LOOKS, strict=False)]
    drawn += _labels(scale, lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-label="{escape(text)}" font-family="SmartClient Sans, sans-serif" '
        f'font-size="11">{"".join(drawn)}</svg>'
    )


@dataclass(frozen=True)
class _Scale:
    years: int
    bottom: int
    top: int

    def x(self, year: int) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * year / self.years, 1)

    def y(self, value: int) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (value - self.bottom) / (self.top - self.bottom), 1)


def _step(span: int) -> int:
    """The distance of grid lines that gives about four of them."""
    power: int = 10 ** max(0, len(str(span // 4 or 1)) - 1)
    return next(step * power for step in _STEPS if step * power * 5 >= span)


def _grid(scale: _Scale, values: Sequence[int], lang: str) -> list[str]:
    across = f'x1="{_LEFT}" x2="{WIDTH - _RIGHT}"'
    return [
        f'<line class="{"ax" if value else "base"}" {across} y1="{scale.y(value)}" y2="{scale.y(value)}" '
        f'stroke="{"#15211f" if value == 0 else "#d3dad7"}" stroke-width="{1 if value == 0 else 0.7}"/>'
        f'<text x="{_LEFT - 8}" y="{scale.y(value) + 4}" text-anchor="end" fill="#42504d">'
        f"{written.number(value, lang)}</text>"
        for value in values
    ]


def _years(scale: _Scale) -> list[str]:
    step = 1 if scale.years <= 6 else 5 if scale.years <= 40 else 10
    return [
        f'<text x="{scale.x(year)}" y="{HEIGHT - 8}" text-anchor="middle" fill="#42504d">{year}</text>'
        for year in range(0, scale.years + 1, step)
    ]


def _line(scale: _Scale, line: Line, look: tuple[str, str, str]) -> str:
    name, colour, dash = look
    points = " ".join(f"{scale.x(year)},{scale.y(value)}" for year, value in enumerate(line.values))
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline class="s {name}" points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed} '
        'stroke-linejoin="round"/>'
    )


def _labels(scale: _Scale, lines: Sequence[Line]) -> list[str]:
    """The names at the ends of the lines, pushed apart where they would cover each other."""
    wanted = sorted((scale.y(line.values[-1]), number) for number, line in enumerate(lines))
    places: dict[int, float] = {}
    lowest = HEIGHT - _BOTTOM + 4.0
    for left, (y, number) in reversed(list(enumerate(wanted))):
        places[number] = max(min(y + 4, lowest), _TOP + 4 + left * _APART)
        lowest = places[number] - _APART
    found = []
    for number, line in enumerate(lines):
        name, colour, _ = _LOOKS[number]
        found.append(
            f'<text class="lab t{name}" x="{WIDTH - _RIGHT + 8}" y="{round(places[number], 1)}" fill="{colour}">'
            f"{escape(line.name)}</text>"
        )
    return found
