"""Where the numbers of the warning list, the catalogues and the plan come from.

Belongs here: evidence of how many were listed, proposed, planned. Does not belong here: why one program is listed
(`reports.content.listed`).
"""

import pandas as pd

from reports.content.origins.economy import EconomyOrigins
from reports.content.origins.people import PeopleOrigins
from reports.content.origins.shelf import counted, measure
from reports.content.parts import Evidence, Measure, Text, Words, joined, pair, words
from reports.content.sums import share
from reports.plan import signed
from reports.wording import number, percent

CHANGES = ("new", "worse", "same", "better", "lifted")
CATALOGUES = {  # catalogue: its mart, and the group of core.catalogue_definition that says how it is drawn up
    "shortage": ("shortage_occupation", "shortage"),
    "training": ("training_occupation", "training"),
    "expand": ("program_to_expand", "expand"),
    "consider": ("program_to_consider", "shortage"),
    "unfed": ("unfed_occupation", ""),
    "duplicate": ("duplicate_program", "duplicate"),
}


class VerdictOrigins(PeopleOrigins, EconomyOrigins):
    """Evidence of the list, the catalogues and the plan."""

    def verdicts(self) -> str:
        """How many programs were reviewed and listed in the round and in the one before, by state and by change."""
        return self.once("verdicts", self.verdicts_evidence)

    def verdicts_evidence(self, key: str) -> Evidence:
        """See `verdicts`."""
        tables, book = self.tables, self.tables.rulebook
        verdicts = tables.frame("decisions.verdict")
        measures = []
        for year in (tables.round, tables.round - 1):
            rows = verdicts[verdicts["round"] == year]
            if len(rows):
                listed, evaluated = int((rows["rank"] > 0).sum()), int(rows["evaluated"].sum())
                name = words("report.in_year", name=words("report.measures.listed.name"), year=year)
                definition = words("report.measures.listed.definition")
                parts = number(listed, 0), number(evaluated, 0)
                measures.append(Measure(name, definition, share(listed, evaluated), *parts))
        now = verdicts[(verdicts["round"] == tables.round) & (verdicts["rank"] > 0)]
        for state in book.ladder[1:]:
            name = words("report.in_state", name=Words(state.name.zh, state.name.en))
            definition = words("report.measures.state.definition")
            count = number((now["state"] == state.id).sum())
            measures.append(Measure(name, definition, count, counted_from=words("report.counted.state")))
        schools = tables.frame("marts.unit").set_index("unit")["school_id"]
        measures += [
            counted("proposed", number(now["proposal"].astype(bool).sum())),
            counted("listed_schools", number(now["unit"].map(schools).nunique())),
        ]
        changes = moves(verdicts, tables.round)["change"].value_counts()
        for change in CHANGES:
            name = words("report.changed_since", name=words(f"report.verdict_change.{change}"), before=tables.round - 1)
            definition = words("report.measures.change.definition")
            count = number(changes.get(change, 0))
            measures.append(Measure(name, definition, count, counted_from=words("report.counted.change")))
        rules = joined([Words(rule.name.zh, rule.name.en) for rule in book.rules])
        fact = (
            words("rulebook"),
            (Words(book.title.zh, book.title.en), f"{book.version} · {tables.rulebook_digest}", rules),
        )
        sources = tuple(self.cells.files_of("outcome", "enrollment", "labour_market", "ruling"))
        return Evidence(key, words("report.evidence_of.verdicts"), tuple(measures), sources, facts=(fact,))

    def followed(self, settled: int, fewer: int) -> str:
        """What became of last round's list: rulings, and entrants fewer than the year before."""

        def build(key: str) -> Evidence:
            year = self.tables.round
            measures = (
                counted("settled", number(settled), before=year - 1, year=year),
                counted("fewer_entrants", number(fewer), before=year - 1, year=year),
            )
            sources = tuple(self.cells.files_of("ruling", "enrollment"))
            title = words("report.evidence_of.followed", before=year - 1)
            return Evidence(key, title, measures, sources, see=(self.verdicts(),))

        return self.once("followed", build)

    def catalogue(self, name: str, see: tuple[str, ...]) -> str:
        """How many entries a catalogue has, and by which lines it is drawn up; `see` are the entries' evidence."""

        def build(key: str) -> Evidence:
            mart, group = CATALOGUES[name]
            rows = self.tables.frame(f"marts.{mart}").query("year == @self.tables.round")
            if name == "duplicate":
                rows = rows[rows["is_duplicate"].astype(bool)]
            counts = rows["program_code"].dropna().nunique() if name == "consider" else len(rows)
            measures = [counted(f"listed_{name}", number(counts), year=self.tables.round)]
            if name == "shortage":
                for grade in sorted(set(rows["grade"])):
                    title = words("report.of_grade", grade=str(grade))
                    definition = words("report.measures.listed_shortage.definition")
                    made = words("report.counted.listed_shortage", year=self.tables.round)
                    count = number((rows["grade"] == grade).sum())
                    measures.append(Measure(title, definition, count, counted_from=made))
            if name == "training":
                measures.append(counted("all_to_train", number(rows["persons_to_train"].sum(), 0)))
            sources = self.cells.files_of("labour_market", "occupation_projection", "crosswalk", "outcome")
            title = words(f"report.evidence_of.catalogue_{name}", year=self.tables.round)
            lines = self.lines(group)
            facts = ((words("report.drawn_up_by"), lines),) if lines else ()
            return Evidence(key, title, tuple(measures), tuple(sources), facts=facts, see=see)

        return self.once(f"catalogue-{name}", build)

    def lines(self, group: str) -> tuple[Text, ...]:
        """The lines by which a catalogue is drawn up, each with its value and reason, as the settings give them."""
        rows = self.tables.frame("core.catalogue_definition").query("catalogue == @group")
        found: list[Text] = [pair(row["title_zh"], row["title_en"]) for row in rows.head(1).to_dict("records")]
        for row in rows.to_dict("records"):
            value = number(row["value"])
            written = "" if value == "–" else f"{value}: "
            found.append(pair(f"{written}{row['reason_zh']}", f"{written}{row['reason_en']}"))
        return tuple(found)

    def plan(self) -> str:
        """Next year's seats as a whole."""
        return self.once("plan", self.plan_evidence)

    def plan_evidence(self, key: str) -> Evidence:
        """See `plan`."""
        plan, measures = self.tables.plan, []
        if plan is not None and plan.feasible:
            row, frames = plan.summary, plan.frames
            measures = [
                counted(f"plan_{name}", number(row[name], 1))
                for name in ("seats", "last_seats", "matched", "last_matched")
            ]
            measures += [
                counted("plan_gain", signed(row["gain"], 1)),
                measure(
                    "plan_gain_share", percent(row["gain"] / row["last_matched"] if row["last_matched"] else None),
                    number(row["gain"], 1), number(row["last_matched"], 1),
                ),
                counted("plan_best", number(row["best"], 1)),
                counted("plan_kept", percent(plan.settings.gain_kept.value, 0)),
                counted("plan_broken", number((~frames["plan_requirement"]["kept_last"].astype(bool)).sum())),
            ]  # fmt: skip
        years = [self.tables.round]
        units = None if plan is None else plan.frames["plan_unit"]["unit"].tolist()
        sources = self.cells.of_units("intake_rate", years, None, units)
        title = words("report.evidence_of.plan")
        return Evidence(key, title, tuple(measures), tuple(sources), see=(self.graduates(),))

    def plan_unit(self, unit: str) -> str:
        """Next year's seats of one program."""

        def build(key: str) -> Evidence:
            of = self.names.units.get(unit, {"school": unit, "program": "", "code": ""})
            measures = []
            rows = [] if self.tables.plan is None else self.tables.plan.frames["plan_unit"].to_dict("records")
            for row in rows:
                if row["unit"] != unit:
                    continue
                measures += [
                    counted("plan_seats", number(row["seats"], 0)),
                    counted("plan_last_seats", number(row["last_seats"], 0)),
                    counted("plan_change", signed(row["seats"] - row["last_seats"])),
                ]
                for rate, name in (
                    ("fill", "intake"),
                    ("completion", "completion"),
                    ("matched", "matched_of_entrants"),
                ):
                    parts = (number(row[f"{rate}_{part}"], 0) for part in ("numerator", "denominator"))
                    measures.append(measure(name, percent(row[f"{rate}_rate"]), *parts))
            years = [self.tables.round]
            sources = [
                source
                for rate in ("intake_rate", "placement_rate", "matched_employment_rate")
                for source in self.cells.of_units(rate, years, None, [unit])
            ]
            title = words("report.evidence_of.plan_unit", school=of["school"], program=of["program"])
            see = (self.plan(), *([self.program(str(of["code"]))] if of["code"] else []))
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)), see=see)

        return self.once(f"plan-{unit}", build)


def moves(verdicts: pd.DataFrame, year: int) -> pd.DataFrame:
    """One row per unit reviewed in a round or the one before: rank, rank_before, change.

    `change` is new, worse, same, better, lifted, gone (no longer reviewed), or none (never listed).
    """
    now = verdicts[verdicts["round"] == year].set_index("unit")["rank"]
    before = verdicts[verdicts["round"] == year - 1].set_index("unit")["rank"]
    rows = pd.DataFrame({"rank": now, "rank_before": before})

    def change(rank: float, earlier: float) -> str:
        if earlier != earlier:  # noqa: PLR0124
            return "new" if rank > 0 else "none"
        if rank != rank:  # noqa: PLR0124
            return "gone" if earlier > 0 else "none"
        if not earlier:
            return "new" if rank > 0 else "none"
        return "lifted" if rank == 0 else "worse" if rank > earlier else "better" if rank < earlier else "same"

    changes = [change(*each) for each in zip(rows["rank"], rows["rank_before"], strict=True)]
    return rows.assign(change=changes).reset_index(names="unit")
