"""Consistency rules of the field that compare a row with other rows: what they say.

Belongs here: the declarations in `rules.yaml` and the reader that turns them into `FieldRule`s; all else is derived
from them, the findings by SQL (`comparing`) and the expectations of Great Expectations (`pipelines.expectations`).
Does not belong here: rules between the cells of one row (contracts).
"""

import re
from functools import cache
from importlib.resources import files
from string import Formatter, Template

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models import yaml_text
from pipelines.contracts import Bilingual, Setting, Severity, contracts

Bound = float | str
FORMATS = ("", "number", "percent", "points")


class Strict(BaseModel):
    """A part of the declaration: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(Strict):
    """One rule: whose rows it judges, the measure that it compares, the bounds within which the measure holds.

    `at_least` and `at_most` include the bound, `above` and `below` do not; each is a number or a sum of settings.
    """

    name: str
    title: Bilingual
    severity: Severity
    table: str
    columns: tuple[str, ...] = Field(min_length=1)
    measure: str
    at_least: Bound | None = None
    at_most: Bound | None = None
    above: Bound | None = None
    below: Bound | None = None
    settings: dict[str, Setting] = Field(default_factory=dict)
    rows: str
    text: Bilingual

    @model_validator(mode="after")
    def _is_complete(self) -> "FieldRule":
        if self.table not in contracts():
            raise ValueError(f"{self.name}: there is no contract {self.table!r}")
        for column in self.columns:
            contracts()[self.table].column(column)
        if None not in (self.at_least, self.above) or None not in (self.at_most, self.below):
            raise ValueError(f"{self.name}: at_least and above, or at_most and below, exclude each other")
        if self.low is None and self.high is None:
            raise ValueError(f"{self.name}: a bound is missing")
        for text in (self.text.zh, self.text.en):
            if unknown := [spec for _, _, spec, _ in Formatter().parse(text) if (spec or "") not in FORMATS]:
                raise ValueError(f"{self.name}: {unknown} is none of {FORMATS}")
        return self

    @property
    def low(self) -> float | None:
        """The lower bound in numbers."""
        return self.number(self.at_least if self.above is None else self.above)

    @property
    def high(self) -> float | None:
        """The upper bound in numbers."""
        return self.number(self.at_most if self.below is None else self.below)

    @property
    def holds(self) -> str:
        """SQL: the measure lies within its bounds."""
        parts = []
        if self.low is not None:
            parts.append(f"{self.measure} {'>=' if self.above is None else '>'} {self.low!r}")
        if self.high is not None:
            parts.append(f"{self.measure} {'<=' if self.below is None else '<'} {self.high!r}")
        return " and ".join(parts)

    @property
    def bounds(self) -> dict[str, float | bool]:
        """The bounds as Great Expectations names them."""
        found: dict[str, float | bool] = {}
        if self.low is not None:
            found |= {"min_value": self.low, "strict_min": self.above is not None}
        if self.high is not None:
            found |= {"max_value": self.high, "strict_max": self.below is not None}
        return found

    @property
    def sql(self) -> str:
        """The SELECT of the compared rows with the settings filled in."""
        return Template(self.rows).substitute(self.values)

    @property
    def values(self) -> dict[str, int | float]:
        """The settings by name; whole numbers without a point."""
        found = {name: setting.value for name, setting in self.settings.items()}
        return {name: int(value) if value == int(value) else value for name, value in found.items()}

    def number(self, bound: Bound | None) -> float | None:
        """A bound in numbers, such as -$largest or 1 + $tolerance."""
        if bound is None:
            return None
        terms = re.findall(r"([-+]?)\s*(\$?[A-Za-z_]+|[0-9.]+)", str(bound))
        numbers = [(sign, self.values[term[1:]] if term[0] == "$" else float(term)) for sign, term in terms]
        return round(sum(-value if sign == "-" else value for sign, value in numbers), 12)


class FieldRules(Strict):
    """All rules, and the SELECTs that several of them use, by name."""

    relations: dict[str, str]
    rules: tuple[FieldRule, ...]

    @property
    def tables(self) -> list[str]:
        """The contracts whose rows are judged."""
        return list(dict.fromkeys(rule.table for rule in self.rules))

    @property
    def read(self) -> list[str]:
        """All tables ("schema.name") that the rules read."""
        text = "\n".join([*self.relations.values(), *(rule.rows for rule in self.rules)])
        return sorted(set(re.findall(r"\b((?:accepted|core)\.\w+)", text)))


@cache
def field_rules() -> FieldRules:
    """What `rules.yaml` says."""
    text = (files(__name__) / "rules.yaml").read_text(encoding="utf-8")
    return FieldRules.model_validate(yaml_text.plain(text))
