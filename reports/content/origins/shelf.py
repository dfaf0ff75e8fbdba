"""The evidence that a report has asked for so far: each made once, kept by key.

Belongs here: how an evidence is kept, and measures whose texts are known. Does not belong here: what stands in an
evidence (the modules by subject).
"""

from collections.abc import Callable
from functools import cached_property

import pandas as pd

from reports.content.names import Names
from reports.content.origins.cells import Cells
from reports.content.parts import Evidence, Measure, Text, words
from reports.round_tables import RoundTables


class Shelf:
    """Evidence by key, with what it is made from: the round's tables, names and source cells."""

    def __init__(self, tables: RoundTables) -> None:
        self.tables = tables
        self.names = Names(tables)
        self.cells = Cells(tables)
        self.found: dict[str, Evidence] = {}

    def once(self, key: str, build: Callable[[str], Evidence]) -> str:
        """The key of an evidence, which is built the first time."""
        if key not in self.found:
            self.found[key] = build(key)
        return key

    def units(self, column: str, value: str) -> list[str]:
        """The units with a value in a column of marts.unit."""
        return self.tables.where("marts.unit", **{column: value})["unit"].tolist()

    @cached_property
    def enrollment(self) -> pd.DataFrame:
        """Enrollment by unit and year up to the round."""
        rows = self.tables.frame("core.enrollment").query("year <= @self.tables.round")
        units = self.tables.frame("marts.unit")[["unit", "school_id", "program_code"]]
        return rows.merge(units, on=["school_id", "program_code"])

    @property
    def fewest(self) -> float:
        """The fewest persons of whom a rate is shown, as the rule-book says; 0 where it says nothing."""
        cohort = self.tables.rulebook.cohort
        return cohort.shown_from(self.tables.round) if cohort else 0.0


def measure(name: str, value: Text, numerator: Text = "", denominator: Text = "", counted: Text = "") -> Measure:
    """A measure whose name and definition stand in the texts."""
    path = f"report.measures.{name}"
    return Measure(words(f"{path}.name"), words(f"{path}.definition"), value, numerator, denominator, counted)


def counted(name: str, value: Text, **said: Text | int) -> Measure:
    """A measure that is counted, not divided: how is told under its name in the texts."""
    return measure(name, value, counted=words(f"report.counted.{name}", **said))
