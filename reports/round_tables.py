"""What documents are built from: the frames of one round, handed over by the caller."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from models.plan.settings import PlanSettings
from models.rulebook import Rulebook
from reports.wording import missing

Row = Mapping[Hashable, Any]


@dataclass(frozen=True)
class PlanTables:
    """The plan of one round: its frames by table name ("plan", "plan_unit" …), its settings, the rule-book.

    The frames are those of `pipelines.plan.TABLES`, as the warehouse keeps them.
    """

    round: int
    frames: dict[str, pd.DataFrame]
    settings: PlanSettings
    rulebook: Rulebook

    @property
    def summary(self) -> Row:
        """The one row of the plan as a whole."""
        return self.frames["plan"].to_dict("records")[0]

    @property
    def feasible(self) -> bool:
        """Whether there is a plan."""
        return bool(self.summary["feasible"])

    @cached_property
    def requirements(self) -> dict[tuple[str, str], Row]:
        """Requirements by kind and whom they bind."""
        return {(row["kind"], row["who"]): row for row in self.frames["plan_requirement"].to_dict("records")}

    @cached_property
    def programs(self) -> dict[str, Row]:
        """Programs by code."""
        return {row["program_code"]: row for row in self.frames["plan_program"].to_dict("records")}

    def schools(self) -> dict[str, str]:
        """Names of schools by id."""
        units = self.frames["plan_unit"].drop_duplicates("school_id")
        return dict(zip(units["school_id"], units["school_name"], strict=True))


@dataclass(frozen=True)
class RoundTables:
    """One round: its year, region, rule-book, digests of rule-book and inputs, and frames by table name.

    Frames: marts.unit, marts.indicator, marts.indicator_source, marts.industry_share, marts.supply_share,
    marts.match_index, marts.class_member, marts.openings_to_seekers, marts.data_quality, marts.allotment,
    marts.program_balance, marts.occupation_balance, marts.surplus_witness, marts.duplicate_program,
    marts.unfed_occupation, marts.employment_series, marts.demand_forecast, marts.forecast_backtest,
    marts.forecast_finding, marts.skill_supply_demand, marts.shortage_signal, marts.shortage_occupation,
    marts.training_occupation, marts.program_to_expand, marts.program_to_consider, marts.duplicate_supplier,
    marts.program_industry, marts.input_source, marts.source_file, core.english_name, core.industry_class,
    core.crosswalk, core.enrollment, core.ruling, core.objection, core.exemption, core.catalogue_definition,
    core.shortage_grade, decisions.verdict, decisions.evidence, decisions.fragility, decisions.expansion_point,
    ledger.standing, landed.account, landed.file, quarantine.finding, checks.expectation.
    """

    round: int
    region: str
    rulebook: Rulebook
    rulebook_digest: str
    input_digest: str
    frames: dict[str, pd.DataFrame]
    plan: PlanTables | None = None  # next year's seats, for the documents that show them

    def frame(self, name: str) -> pd.DataFrame:
        """The frame of a table; KeyError when it was not handed over."""
        return self.frames[name]

    @cached_property
    def _places(self) -> dict[tuple[str, tuple[str, ...]], Mapping[Any, Any]]:
        """Row numbers of tables by the values of some columns, kept once they have been asked for."""
        return {}

    def where(self, name: str, **values: Hashable) -> pd.DataFrame:
        """The rows of a table whose columns have these values, in their order; it is fast when asked often."""
        frame, columns = self.frame(name), tuple(values)
        key = (name, columns)
        if key not in self._places:
            self._places[key] = frame.groupby(list(columns) if len(columns) > 1 else columns[0], sort=False).indices
        wanted: Any = tuple(values.values()) if len(values) > 1 else next(iter(values.values()))
        return frame.iloc[self._places[key].get(wanted, [])]

    @cached_property
    def english_names(self) -> dict[tuple[str, str], str]:
        """English names of programs, occupations, schools and industries by kind and code, as far as they are known."""
        rows = self.frame("core.english_name")[["kind", "code", "name_en"]]
        return {(kind, code): name for kind, code, name in rows.itertuples(index=False)}

    def name(self, kind: str, code: str, name: str, lang: str) -> str:
        """What a thing is called in a language: its Chinese name alone where there is no English one."""
        english = self.english_names.get((kind, code)) if lang == "en" else None
        return f"{english} ({name})" if english else name

    def called(self, lang: str) -> "RoundTables":
        """The same tables with programs and schools called as they are in a language.

        For documents that name them by the columns program_name and school_name alone, without `name`.
        """
        if lang != "en" or not self.english_names:
            return self
        plan = None if self.plan is None else replace(self.plan, frames=self.renamed(self.plan.frames, lang))
        return replace(self, frames=self.renamed(self.frames, lang), plan=plan)

    def renamed(self, frames: dict[str, pd.DataFrame], lang: str) -> dict[str, pd.DataFrame]:
        """Frames with their columns program_name and school_name in a language, where a code stands beside them."""
        found = dict(frames)
        for table in frames:
            for kind, code in (("program", "program_code"), ("school", "school_id")):
                frame = found[table]
                if {code, f"{kind}_name"} <= set(frame.columns):
                    pairs = zip(frame[code], frame[f"{kind}_name"], strict=True)
                    said = [name if missing(name) else self.name(kind, own, name, lang) for own, name in pairs]
                    found[table] = frame.assign(**{f"{kind}_name": pd.Series(said, frame.index, object)})
        return found
