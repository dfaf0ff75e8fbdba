"""What programs, occupations, industries, schools and classes are called in both languages.

Belongs here: names by code. Does not belong here: texts of the report.
"""

from functools import cached_property

import pandas as pd

from reports.content.parts import Text, Words
from reports.round_tables import RoundTables
from reports.wording import missing


class Names:
    """Names by code; where there is no English name the Chinese one stands in both languages."""

    def __init__(self, tables: RoundTables) -> None:
        self.tables = tables

    @cached_property
    def english(self) -> dict[tuple[str, str], str]:
        """English names by kind and code."""
        rows = self.tables.frame("core.english_name")
        return {(kind, code): name for kind, code, name in rows[["kind", "code", "name_en"]].itertuples(index=False)}

    @cached_property
    def chinese(self) -> dict[tuple[str, str], str]:
        """Chinese names by kind and code."""
        found: dict[tuple[str, str], str] = {}
        for table, kind, columns in (
            ("core.industry_class", "industry", ["industry_code", "name"]),
            ("marts.program_to_consider", "program", ["program_code", "program_name"]),
            ("marts.program_balance", "program", ["program_code", "program_name"]),
            ("marts.occupation_balance", "occupation", ["occupation_code", "occupation_name"]),
            ("marts.unit", "program", ["program_code", "program_name"]),
            ("marts.unit", "school", ["school_id", "school_name"]),
        ):
            rows = self.tables.frame(table)[columns].dropna().drop_duplicates(columns[0], keep="last")
            found |= {(kind, str(code)): str(name) for code, name in rows.itertuples(index=False)}
        return found

    def named(self, kind: str, code: str, name: object = None) -> Text:
        """A thing by its code, or by the name that it comes with."""
        zh = str(name) if not missing(name) else self.chinese.get((kind, code), code)
        return self.pair(zh, self.english.get((kind, code)))

    @staticmethod
    def pair(zh: str, en: str | None) -> Text:
        """Both names; the Chinese one where there is no English one."""
        return Words(zh, en) if en and en != zh else zh

    def program(self, code: str, name: object = None) -> Text:
        """A program."""
        return self.named("program", code, name)

    def occupation(self, code: str, name: object = None) -> Text:
        """An occupation."""
        return self.named("occupation", code, name)

    def industry(self, code: str, name: object = None) -> Text:
        """A section or division of industry."""
        return self.named("industry", code, name)

    def school(self, code: str, name: object = None) -> Text:
        """A school."""
        return self.named("school", code, name)

    @cached_property
    def units(self) -> dict[str, dict[str, Text]]:
        """school, program and code of every unit."""
        rows = self.tables.frame("marts.unit").to_dict("records")
        return {
            row["unit"]: {
                "school": self.school(row["school_id"], row["school_name"]),
                "program": self.program(row["program_code"], row["program_name"]),
                "code": str(row["program_code"]),
            }
            for row in rows
        }

    def of_class(self, system: str, code: str, name: object = None) -> Text:
        """A sector, section, division or list."""
        members: pd.DataFrame = self.tables.frame("marts.class_member")
        found = members[(members["class_system"] == system) & (members["class_code"] == code)]["class_name_en"].dropna()
        english = found.iloc[0] if len(found) else self.english.get(("industry", code))
        return self.pair(code if missing(name) else str(name), english)

    def by_name(self, kind: str, name: str) -> Text:
        """A thing that is known by its Chinese name only."""
        code = self.code(kind, name)
        return self.named(kind, code, name) if code else name

    def code(self, kind: str, name: str) -> str | None:
        """The code of a thing that is known by its Chinese name only."""
        return next((code for (of, code), zh in self.chinese.items() if of == kind and zh == name), None)
