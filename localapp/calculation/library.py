"""A calculation library: a component folder, checked against its manifest."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localapp.calculation.failures import ComponentRefused
from localapp.calculation.sandbox import Program

ENGINE = "starlark-rustdecimal/1"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class CalculationLibrary:
    """One version of one tariff: texts and numbers, nothing that runs in the desk's own process.

    ``code`` is what a contract's ``tariff`` says. Component format: docs/calculation-libraries.md.
    """

    folder: Path
    manifest: dict[str, Any]
    files: dict[str, str]

    @classmethod
    def open(cls, folder: Path) -> "CalculationLibrary":
        """Read a component. Raises ComponentRefused (file and reason) unless every file is the manifest's."""
        manifest = _manifest_of(folder)
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        strangers = [name for name in names if name != MANIFEST and name not in manifest["files"]]
        if strangers:
            raise ComponentRefused(f"{strangers[0]}: not in the manifest of {folder.name}")
        return cls(
            folder, manifest, {name: _checked_file(folder, name, sha) for name, sha in manifest["files"].items()}
        )

    @property
    def name(self) -> str:
        """The library's name, e.g. ``flexi-demo``."""
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        """The library's version, e.g. ``2026.1``."""
        return str(self.manifest["version"])

    @property
    def code(self) -> str:
        """The tariff code, e.g. ``FLEXI-DEMO-2026.1``."""
        return str(self.manifest["code"])

    @property
    def notice(self) -> dict[str, str]:
        """What every page and PDF that shows a premium says (cs, en)."""
        return dict(self.manifest["notice"])

    @property
    def parameters(self) -> dict[str, Any]:
        """All numbers of the tariff apart from the tables."""
        return self._json("parameters.json")

    @property
    def problems(self) -> dict[str, Any]:
        """Sentences for people: per problem code cs, en, summary, variants, remedies."""
        return self._json("problems.json")

    @property
    def texts(self) -> dict[str, Any]:
        """Names of coverages, units and patterns in Czech and English."""
        return self._json("texts.json")

    @property
    def golden(self) -> list[dict[str, Any]]:
        """The golden cases, each with its id."""
        return [json.loads(line) for line in self.files["golden.jsonl"].splitlines()]

    def program(self) -> Program:
        """The formulas in the manifest's order with the numbers they use."""
        source = "\n".join(self.files[name] for name in self.manifest["formulas"])
        tables = {
            Path(name).stem: _column(name, text) for name, text in self.files.items() if name.startswith("tables/")
        }
        constants = {"PARAMETERS": self.parameters, "ROUNDING": self._json("rounding.json"), "TABLES": tables}
        return Program(f"{self.name}/{self.version}", source, constants)

    def catalogue(self) -> list[dict[str, Any]]:
        """What can be insured, in tariff order, with the limits a form shows. Ages and terms in years, sums in CZK."""
        texts = self.texts
        return [_catalogue_entry(code, cover, texts) for code, cover in self.parameters["coverages"].items()]

    def _json(self, name: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.files[name])
        return value


def _catalogue_entry(code: str, cover: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
    rate = cover.get("rate")
    entry = {"code": code, "name": texts["coverages"][code]["name"], "unit": texts["coverages"][code]["unit"]}
    entry["has_sum"] = cover["sum_max"] > 0
    entry["waiting_days"] = [int(days) for days in rate] if isinstance(rate, dict) else None
    limits = ("sum_min", "sum_max", "sum_step", "term_min", "entry_age_min", "entry_age_max", "end_age_max")
    entry |= {name: cover[name] for name in ("role", "group", "sum_patterns", "pricing", *limits)}
    entry["sum_min_falling"] = cover.get("sum_min_falling", cover["sum_min"])
    return entry


def _manifest_of(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ComponentRefused(f"{folder.name}/{MANIFEST}: {error}") from None
    needed = ("name", "code", "version", "engine", "formulas", "files", "notice")
    missing = [key for key in needed if key not in manifest]
    if missing:
        raise ComponentRefused(f"{folder.name}/{MANIFEST}: {missing[0]} is missing")
    if manifest["engine"] != ENGINE:
        raise ComponentRefused(f"{folder.name}/{MANIFEST}: engine {manifest['engine']}, this desk has {ENGINE}")
    unlisted = [name for name in manifest["formulas"] if name not in manifest["files"]]
    if unlisted:
        raise ComponentRefused(f"{folder.name}/{MANIFEST}: formulas name {unlisted[0]}, which has no digest")
    return manifest


def _checked_file(folder: Path, name: str, digest: str) -> str:
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ComponentRefused(f"{name}: lies outside {folder.name}")
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise ComponentRefused(f"{name}: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise ComponentRefused(f"{name}: its digest is not the manifest's")
    return data.decode()


def _column(name: str, text: str) -> list[str]:
    """The values of a table by age, from age 0 on without a gap."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for age, row in enumerate(rows):
        if row.get("age") != str(age) or not row.get("value"):
            raise ComponentRefused(f"{name}: line {age + 2} is not age {age} with a value")
    return [row["value"] for row in rows]
