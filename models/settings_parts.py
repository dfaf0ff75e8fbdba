"""The smallest parts of every text of rules and settings: texts, legal bases, exact numbers, values with dates.

Belongs here: parts that the rule-book, the plan, the catalogues, the forecast and the indices share. Does not belong
here: the grammar of the rule-book (`models.grammar`), reading YAML (`models.yaml_text`).
"""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

FIRST_YEAR, LAST_YEAR = 1900, 2200

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]


def _number(value: object) -> object:
    """A YAML number, or a percentage as text ("60 %"), as an exact decimal."""
    if isinstance(value, bool):
        raise ValueError("a number is expected, not true or false")
    if isinstance(value, str) and value.strip().endswith("%"):
        return Decimal(value.strip().removesuffix("%").strip()) / 100
    return value


Exact = Annotated[Decimal, BeforeValidator(_number), Field(allow_inf_nan=False, max_digits=15)]


class Part(BaseModel):
    """Any part of a rule-book: unknown keys are errors, nothing can be changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Part):
    """A text that people read, in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class Basis(Part):
    """Legal basis (依据): document and article."""

    document: str = Field(min_length=1)
    article: str = Field(min_length=1)

    def __str__(self) -> str:
        return f"{self.document} {self.article}"


class Dated(Part):
    """A number that may change with the round: `0.6`, or `{2020: 0.6, 2024: 0.65}` (from round 2024 on 0.65).

    A year is judged by the value of its own round; years before the first date take the first value.
    """

    values: tuple[tuple[Year, Exact], ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, data: object) -> object:
        if isinstance(data, Dated):
            return data
        if isinstance(data, dict):
            if not data or not all(isinstance(year, int) and not isinstance(year, bool) for year in data):
                raise ValueError("a number, or a mapping of first rounds to numbers, is expected")
            return {"values": sorted(data.items())}
        return {"values": [(FIRST_YEAR, data)]}

    def at(self, year: int) -> Fraction:
        """The value in force in a round, exact."""
        found = self.values[0][1]
        for first, value in self.values:
            if first <= year:
                found = value
        return Fraction(found)

    @property
    def latest(self) -> Decimal:
        """The value of the last date."""
        return self.values[-1][1]

    @property
    def all_values(self) -> tuple[Decimal, ...]:
        """Every value that is in force at some time."""
        return tuple(value for _, value in self.values)
