"""Where the numbers of the demand ahead come from.

Belongs here: measures of the forecast of an occupation or industry, and their sum. Does not belong here: what else an
evidence of an occupation (`balance`) or industry (`economy`) says.
"""

from functools import cached_property
from typing import Any

from reports import demand
from reports.content.origins.shelf import Shelf, counted
from reports.content.parts import Evidence, Measure, Text, both, words
from reports.wording import missing, number, texts

SERIES_PARTS = ("employed", "expansion", "replacement", "openings")


class ForecastOrigins(Shelf):
    """Evidence of the demand ahead."""

    @cached_property
    def ahead(self) -> dict[tuple[str, str], list[dict[Any, Any]]]:
        """The rows of the forecast for the last year ahead, by kind and code."""
        found: dict[tuple[str, str], list[dict[Any, Any]]] = {}
        for row in demand.target(self.tables).to_dict("records"):
            found.setdefault((row["class_kind"], row["code"]), []).append(row)
        return found

    def forecast_of(self, kind: str, code: str) -> list[Measure]:
        """The forecast of an occupation or industry for the last year ahead: low, middle, high of every part."""
        found: list[Measure] = []
        for row in self.ahead.get((kind, code), [])[:1]:
            said: dict[str, Text | int] = {
                "year": int(row["year"]), "last_year": "–" if missing(row["last_year"]) else int(row["last_year"]),
                "last": "–" if missing(row["employed_last"]) else demand.persons(row["employed_last"]),
            }  # fmt: skip
            for part in SERIES_PARTS:
                if not missing(row[f"{part}_mid"]):
                    value = both(lambda lang, part=part, row=row: bounds(part, row, lang))  # type: ignore[misc]
                    found.append(counted(f"forecast_{part}", value, **said))
        return found

    def forecast_total(self) -> str:
        """The openings ahead of all occupations together."""

        def build(key: str) -> Evidence:
            rows = demand.occupation_rows(self.tables).query("openings_mid.notna()")
            sums = rows[[f"{part}_mid" for part in SERIES_PARTS] + ["openings_low", "openings_high"]].sum()
            year = int(rows["year"].max())
            measures = (
                counted("forecast_occupations", number(len(rows)), year=year),
                counted("forecast_openings_sum", number(sums["openings_mid"], 0), year=year),
                counted("forecast_low_sum", number(sums["openings_low"], 0), year=year),
                counted("forecast_high_sum", number(sums["openings_high"], 0), year=year),
                counted("forecast_expansion_sum", demand.persons(sums["expansion_mid"]), year=year),
            )
            codes = rows["code"].tolist()
            sources = [
                *self.cells.inputs("industry", {"employed_persons"}, None),
                *self.cells.inputs("replacement_rate", {"annual_rate"}, None),
                *self.cells.inputs("occupation_projection", {"employed"}, codes),
            ]
            return Evidence(key, words("report.evidence_of.forecast", year=year), measures, tuple(sources))

        return self.once("forecast", build)


def bounds(part: str, row: dict[Any, Any], lang: str) -> str:
    """The middle of a forecast with low and high, as people write it."""
    return demand.span(texts(lang)["demand"], *(row[f"{part}_{bound}"] for bound in ("low", "mid", "high")))
