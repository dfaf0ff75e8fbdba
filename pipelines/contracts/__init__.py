"""Input contracts: the single description of every input table.

Belongs here: one YAML file per table and the reader that turns it into a `Contract`.
Does not belong here: reading of data files (`pipelines.ingest`) and tables derived from them (`pipelines/sql`).
"""

from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models import yaml_text

Severity = Literal["refuse", "flag", "note"]
ColumnType = Literal["text", "code", "list", "choice", "count", "number", "rate", "year", "period", "date"]


class Bilingual(BaseModel):
    """A text that people read, in Chinese and English."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh


class Column(BaseModel):
    """One column of an input table: type, unit (of the stored value), header aliases, constraints, texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    type: ColumnType
    title: Bilingual
    aliases: tuple[str, ...] = ()
    description: Bilingual | None = None
    unit: str | None = None
    additive: bool = False  # the values of a number column add up over rows, as counts always do
    is_name: bool = False  # what something is called: a footnote mark beside it is no part of it
    required: bool = False
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)  # what files write -> the choice that is stored
    default: str | None = None
    references: str | dict[str, str] | None = None  # the table whose key this column must resolve to; see `refers_to`
    referring: str | None = None  # the choice column that says which table, where `references` maps choices to tables
    school_year: Literal["start", "end"] | None = None  # which year of 2023-2024 学年 a year column means
    example: str | None = None  # as stored (a rate as a fraction); the examples of a contract make one good row

    @property
    def refers_to(self) -> dict[str | None, str]:
        """The tables one of whose rows this column names, by the value of the `referring` column (None without)."""
        if isinstance(self.references, dict):
            return {choice: table for choice, table in self.references.items()}  # noqa: C416 dict is invariant
        return {None: self.references} if self.references else {}


class Setting(BaseModel):
    """A threshold and why it is so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float
    reason: Bilingual


class Check(BaseModel):
    """A consistency rule between columns of one row; `holds` is a DuckDB expression, and NULL counts as holding.

    `expect` says the same a second time, as native expectations of Great Expectations (class name under `type`, its
    arguments beside it; `where` limits it to rows whose column has one of the values), over the columns and the pandas
    expressions in `derive`. A threshold is one of the `settings`, and stands in all of these as $name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    severity: Severity
    columns: tuple[str, ...]
    holds: str
    text: Bilingual
    settings: dict[str, Setting] = Field(default_factory=dict)
    derive: dict[str, str] = Field(default_factory=dict)
    expect: tuple[dict[str, Any], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def put_in_settings(cls, stated: dict[str, Any]) -> dict[str, Any]:
        """Write the values of the settings where the expressions name them."""
        values = {name: setting["value"] for name, setting in stated.get("settings", {}).items()}

        def put_in(text: str) -> str:
            return Template(text).substitute(values) if values else text

        expect = [
            {key: float(put_in(value)) if values and "$" in str(value) else value for key, value in one.items()}
            for one in stated.get("expect", ())
        ]
        derive = {name: put_in(expression) for name, expression in stated.get("derive", {}).items()}
        return stated | {"holds": put_in(stated["holds"]), "derive": derive, "expect": expect}


class Naming(BaseModel):
    """A table whose rows name rows of another: the column with the name, the column with the id it stands for.

    `where` is a DuckDB expression over its columns. A `decided` name is a person's decision: it tells which of several
    ids a name means, and may contradict neither a name that means one id alone nor another decision.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    name: str
    id: str
    where: str = "true"
    decided: bool = False


class Identity(BaseModel):
    """How other tables may name a row of this one: by id, by any of `names`, or by what the tables of `also` say.

    `prefer` is a DuckDB expression over the columns; where a name belongs to several ids, the lowest value wins,
    and a name that is still shared by several ids names none of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    names: tuple[str, ...]
    prefer: str = "0"
    also: tuple[Naming, ...] = ()


class Contract(BaseModel):
    """One input table: what a row is, its key, its columns and the checks between them.

    A row with a date in the column `restated_by` takes the place of the rows of its key with none or an earlier one.
    A row that leaves all columns of `awaits` empty waits for a decision and is no data yet.
    Rows about single people are counted into rows of the table `counted_into`, and are never kept themselves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    title: Bilingual
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    identity: Identity | None = None
    restated_by: str | None = None
    awaits: tuple[str, ...] = ()
    counted_into: str | None = None

    @model_validator(mode="after")
    def _names_are_known(self) -> "Contract":
        names = [column.name for column in self.columns]
        identity = [self.identity.id, *self.identity.names] if self.identity else []
        restated = [self.restated_by] if self.restated_by else []
        for used in [
            *self.key,
            *identity,
            *restated,
            *self.awaits,
            *(name for check in self.checks for name in check.columns),
        ]:
            if used not in names:
                raise ValueError(f"{self.table}: {used!r} is not one of its columns")
        if len(set(names)) != len(names):
            raise ValueError(f"{self.table}: a column is described twice")
        return self

    def __hash__(self) -> int:
        return hash(self.table)

    @property
    def also(self) -> tuple[Naming, ...]:
        """The further tables that name rows of this one."""
        return self.identity.also if self.identity else ()

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by table name, referenced tables before the tables that refer to them."""
    found = {}
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            contract = Contract.model_validate(yaml_text.plain(file.read_text(encoding="utf-8")))
            found[contract.table] = contract
    ordered: dict[str, Contract] = {}
    begun: set[str] = set()

    def place(table: str) -> None:
        if table in begun:
            return
        begun.add(table)
        referenced = [name for column in found[table].columns for name in column.refers_to.values()]
        for name in referenced:
            place(name)
        for name in referenced:
            for naming in found[name].also:
                place(naming.table)
        ordered[table] = found[table]

    for table in found:
        place(table)
    return ordered
