"""The enrollment plan (招生计划) in words: what each program gets and why, what limits cost, what contradicts what.

Belongs here: sentences and rows. Does not belong here: files (`reports.plan_list`), the plan itself (`models.plan`).
"""

from models.plan.settings import Number, PlanSettings
from models.settings_parts import Part
from reports.listing import as_list
from reports.round_tables import PlanTables, Row
from reports.wording import missing, number, percent, texts

OF_SCHOOL = ("capacity", "teachers", "school_loss")
OF_DISTRICT = ("total_growth", "total_loss")
FEW = 3  # schools that a conflict names one by one
WORTH = 0.0005  # placements per seat below which a value is written as none
SETTING_OF = {"minimum_class": "classes", "teachers": "students_per_teacher"}


def summary_lines(tables: PlanTables, lang: str) -> list[str]:
    """The plan as a whole in sentences; the contradiction when there is none."""
    text, row = texts(lang)["plan"], tables.summary
    if not tables.feasible:
        conflict = conflict_lines(tables, lang)
        problems = tables.frames["plan_problem"][f"problem_{lang}"].tolist()
        return [text["summary"]["conflict"], *conflict] if conflict else [text["summary"]["none"], *problems]
    words = {
        "plan_year": int(row["plan_year"]), "graduation": int(row["graduation_year"]), "seats": number(row["seats"], 0),
        "last": number(row["last_seats"], 0), "matched": number(row["matched"], 1), "best": number(row["best"], 1),
        "last_matched": number(row["last_matched"], 1), "gain": signed(row["gain"], 1),
        "share": percent(row["gain"] / row["last_matched"] if row["last_matched"] else None),
        "kept": percent(tables.settings.gain_kept.value, 0), "source": text["sources"][row["openings_source"]],
        "year": int(row["openings_year"]),
    }  # fmt: skip
    said = text["summary"]
    lines = [said[name].format(**words) for name in ("seats", "gain", "best", "openings")]
    broken = tables.frames["plan_requirement"].query("not kept_last")
    if len(broken):
        kinds = text["why"]["and"].join(text["kinds"][kind] for kind in broken["kind"].drop_duplicates())
        lines.append(said["last_broken"].format(n=len(broken), kinds=kinds))
    else:
        lines.append(said["last_kept"])
    return [*lines, said["status"]] if tables.settings.status == "proposed" else lines


def conflict_lines(tables: PlanTables, lang: str) -> list[str]:
    """Each requirement of a contradiction: whom it binds, what it asks; one line for a kind that binds many schools."""
    text, names = texts(lang)["plan"], tables.schools()
    found = tables.frames["plan_conflict"].assign(units=tables.frames["plan_conflict"]["units"].map(as_list))
    lines = []
    for kind, rows in found.groupby("kind", sort=False):
        parts = [rows] if len(rows) > FEW else [rows.iloc[[at]] for at in range(len(rows))]
        for part in parts:
            units = [unit for listed in part["units"] for unit in listed]
            school = part["school_id"].iloc[0]
            where = names.get(school, school) if len(part) == 1 else text["schools"].format(n=len(part))
            if school == "*":
                where = text["district"]
            words = {
                "least": number(part["least"].sum(), 0), "most": number(part["most"].sum(), 0),
                "value": setting_value(tables, str(kind), lang),
            }  # fmt: skip
            form = text["conflict_line" if units else "conflict_line_whole"]
            points = "、".join(units) if len(units) <= FEW else text["points"].format(n=len(units))
            lines.append(form.format(where=where, asked=text["asked"][kind].format(**words), units=points))
    return lines


def why(tables: PlanTables, row: Row, lang: str) -> str:
    """Why a program point gets its seats, in words with the numbers behind it."""
    said = [headline(tables, row, lang)]
    if row["reason"] in ("more", "less", "same"):
        said += [line for line in (limit_line(tables, row, lang),) if line]
        said += evidence(tables, row, lang)
    return " ".join(said) if lang == "en" else "".join(said)


def headline(tables: PlanTables, row: Row, lang: str) -> str:
    """The reason for a program point's seats in one sentence."""
    text = texts(lang)["plan"]["why"]
    words = {
        "state": state_name(tables, row, lang), "proposal": text["proposal"] if row["proposal"] else "",
        "last": number(row["last_seats"], 0), "limit": number(row["plan_limit"], 0),
        "smallest": tables.settings.classes.at_least if tables.settings.classes else 0,
        "change": number(abs(row["seats"] - row["last_seats"]), 0), "value": worth(row["value_of_a_seat"]),
        "price": worth(row["price_of_a_seat"]), "where": text["in_school" if in_school(row) else "in_district"],
        "held": held(tables, row, "held_up_by", lang),
    }  # fmt: skip
    reason = row["reason"]
    if reason == "verdict_stop" and row["plan_limit"] > 0:
        reason = "verdict_small"
    if reason == "less" and row["price_of_a_seat"] < WORTH:
        reason = "less_plain"
    if reason == "same" and row["price_of_a_seat"] > row["value_of_a_seat"]:
        reason = "same_dearer"
    return str(text[reason].format(**words))


def state_name(tables: PlanTables, row: Row, lang: str) -> str:
    """The name of a program's state on the ladder of the rule-book."""
    known = {state.id: state.name.in_language(lang) for state in tables.rulebook.ladder}
    return known.get(row["state"], str(row["state"]))


def limit_line(tables: PlanTables, row: Row, lang: str) -> str:
    """What keeps a program from more seats, or from fewer."""
    text = texts(lang)["plan"]["why"]
    if row["reason"] == "less":
        kinds = held(tables, row, "held_down_by", lang)
        return text["held_down"].format(kinds=kinds) if kinds else ""
    if row["value_of_a_seat"] < WORTH:
        return str(text["filled"])
    kinds = held(tables, row, "held_up_by", lang)
    return text["held_up"].format(kinds=kinds) if kinds else str(text["shared"])


def held(tables: PlanTables, row: Row, column: str, lang: str) -> str:
    """The requirements that hold a program, with their numbers."""
    text = texts(lang)["plan"]
    said = []
    for kind in as_list(row[column]):
        who = row["school_id"] if kind in OF_SCHOOL else "*" if kind in OF_DISTRICT else row["unit"]
        found = tables.requirements.get((kind, who), {})
        words = {
            "least": number(found.get("least"), 0), "most": number(found.get("most"), 0),
            "state": state_name(tables, row, lang),
            "value": setting_value(tables, kind, lang),
        }  # fmt: skip
        said.append(text["held"][kind].format(**words))
    return str(text["why"]["and"].join(said))


def evidence(tables: PlanTables, row: Row, lang: str) -> list[str]:
    """The numbers behind a program's value: its rates with their counts, and the openings of its occupations."""
    text = texts(lang)["plan"]["why"]
    words = {"per_seat": number(row["per_seat"], 3)}
    for rate in ("fill", "completion", "matched"):
        words[f"{rate}_rate"] = percent(row[f"{rate}_rate"])
        numerator, denominator = (number(row[f"{rate}_{part}"], 0) for part in ("numerator", "denominator"))
        words[f"{rate}_counts"] = f"{numerator}/{denominator}" if row[f"{rate}_denominator"] else text["no_counts"]
    program = tables.programs[row["program_code"]]
    said = [text["rates"].format(**words)]
    occupations = as_list(program["occupations"])
    if not occupations:
        return [*said, text["no_openings"]]
    return [
        *said,
        text["openings"].format(
            year=int(tables.summary["openings_year"]), openings=number(program["openings"], 0),
            occupations="、".join(occupations), graduates=number(program["graduates"], 1),
            matched=number(program["matched"], 1),
        ),
    ]  # fmt: skip


def in_school(row: Row) -> bool:
    """Whether a limit of the school, rather than of the district, holds a program."""
    return any(kind in OF_SCHOOL for kind in [*as_list(row["held_up_by"]), *as_list(row["held_down_by"])])


def worth(value: object) -> str:
    """Placements per seat as people write them."""
    return "–" if missing(value) else number(0 if abs(float(str(value))) < WORTH else value, 3)


def signed(value: object, digits: int = 0) -> str:
    """A difference with its sign."""
    if missing(value):
        return "–"
    written = number(abs(float(str(value))), digits)
    return written if written == "0" else f"{'+' if float(str(value)) > 0 else '−'}{written}"


def setting(settings: PlanSettings, kind: str) -> Part | None:
    """The setting that a kind of requirement rests on; None for verdicts and programs that were not offered."""
    found = getattr(settings, SETTING_OF.get(kind, kind), None)
    return found if isinstance(found, Part) else None


def setting_value(tables: PlanTables, kind: str, lang: str) -> str:
    """A setting as people write it: 20 %, 15, the names of states."""
    settings = tables.settings
    found = setting(settings, kind)
    if found is None:
        return "–"
    if kind == "minimum_class" and settings.classes:
        return str(settings.classes.at_least)
    if kind == "no_growth" and settings.no_growth:
        return "、".join(state_name(tables, {"state": state}, lang) for state in settings.no_growth.states)
    value = found.value  # type: ignore[attr-defined]
    return number(value) if isinstance(found, Number) or kind == "teachers" else percent(value, 0)


def costs(tables: PlanTables, lang: str) -> list[list[object]]:
    """One row per kind of requirement: name, rule, times reached, prices of a seat, cost, reason."""
    text = texts(lang)["plan"]
    rows = []
    for row in tables.frames["plan_kind"].to_dict("records"):
        kind, cost = row["kind"], row["cost"]
        priced = tables.frames["plan_requirement"].query("kind == @kind")
        reached = priced[(priced["seats"] == priced["least"]) | (priced["seats"] == priced["most"])]
        price = reached["price"][reached["price"].abs() >= WORTH]
        span = "–" if price.empty else worth(price.min())
        if len(price) and price.max() - price.min() >= WORTH:
            span += f" – {worth(price.max())}"
        said = "infeasible" if missing(cost) else "none" if abs(cost) < 0.05 else "more" if cost > 0 else "less"
        found = setting(tables.settings, kind)
        if found:
            reason = found.reason.in_language(lang)  # type: ignore[attr-defined]
        else:
            reason = text["own_reasons"][kind].format(rulebook=tables.rulebook.title.in_language(lang))
        rows.append(
            [
                text["kinds"][kind],
                setting_value(tables, kind, lang),
                len(reached),
                span,
                text["cost"][said].format(n=number(abs(cost) if not missing(cost) else 0, 1)),
                reason,
            ]
        )
    return rows
