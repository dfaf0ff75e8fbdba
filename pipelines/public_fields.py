"""Which columns of the contracts each field of the open data is made of.

Belongs here: the columns behind every public field, named in the contracts' own words and units. Does not belong here:
what a field is called and means to the public (`reports/text`), which fields there are (`reports.open_data`).
"""

from models.settings_parts import Text
from pipelines.contracts import contracts

PLACED = ("outcome.employed", "outcome.self_employed", "outcome.flexible", "outcome.further_study", "outcome.enlisted")
DIRECT = ("outcome.employed", "outcome.self_employed", "outcome.flexible")
NOT_IN_STUDY = ("outcome.graduates", "outcome.further_study", "outcome.enlisted")
MARKET = ("labour_market.vacancies", "labour_market.job_seekers")
PROJECTED = ("occupation_projection.annual_openings",)
FORECAST = ("industry.employed_persons", "occupation_projection.exits", "occupation_projection.transfers")
SHARED = ("outcome.graduates", "labour_market.vacancies", *PROJECTED, "crosswalk.weight")
SIGNALS = (*MARKET, *PROJECTED, "industry.employed_persons", "outcome.graduates")
OFFERED = ("enrollment.registered", "outcome.graduates")
MADE_OF: dict[str, tuple[str, ...]] = {
    "school_id": ("school.school_id",),
    "school_name": ("school.name",),
    "program_code": ("program_catalogue.program_code", "program_lineage.new_code"),
    "program_name": ("program_catalogue.name",),
    "category": ("program_catalogue.category",),
    "year": ("outcome.cohort_year", "enrollment.year"),
    "graduates": ("outcome.graduates",),
    "placed": PLACED,
    "directly_employed": DIRECT,
    "not_in_study": NOT_IN_STUDY,
    "employed": ("outcome.employed",),
    "matched": ("outcome.matched",),
    "placement_rate": (*PLACED, "outcome.graduates"),
    "placement_rate_at_least": (*PLACED, "outcome.graduates"),
    "direct_employment_rate": (*DIRECT, *NOT_IN_STUDY),
    "direct_employment_rate_at_least": (*DIRECT, *NOT_IN_STUDY),
    "matched_employment_rate": ("outcome.matched", "outcome.employed"),
    "matched_employment_rate_at_least": ("outcome.matched", "outcome.employed"),
    "registered": ("enrollment.registered",),
    "in_school": ("enrollment.in_school",),
    "allotted_openings": SHARED,
    "supply_demand_ratio": SHARED,
    "occupation_code": ("labour_market.occupation_code", "occupation_projection.occupation_code"),
    "occupation_name": ("labour_market.occupation_name", "occupation_projection.occupation_name"),
    "vacancies": ("labour_market.vacancies",),
    "job_seekers": ("labour_market.job_seekers",),
    "openings_to_seekers": MARKET,
    "projected_openings": PROJECTED,
    "forecast_year": ("industry.year",),
    "forecast_low": FORECAST,
    "forecast_mid": FORECAST,
    "forecast_high": FORECAST,
    "vacancies_unfilled": SHARED,
    "projected_unfilled": SHARED,
    "offered_programs": OFFERED,
    "grade": SIGNALS,
    "valid_until": SIGNALS,
    "signals_met": SIGNALS,
    "signals_known": SIGNALS,
    "years_in_a_row": MARKET,
    "unfilled_vacancies": SHARED,
    "unfilled_projection": SHARED,
    "unfilled_forecast": (*FORECAST, "outcome.graduates"),
    "persons_to_train": (*MARKET, "outcome.graduates"),
    "programs": OFFERED,
    "schools": OFFERED,
    "occupations": SIGNALS,
    "providers": OFFERED,
    "provider_share": OFFERED,
    "is_duplicate": (*OFFERED, "labour_market.vacancies"),
    "region": ("industry.region",),
    "class_system": ("industry_class.level",),
    "class_code": ("industry_class.industry_code",),
    "class_name": ("industry_class.name",),
    "basis": ("industry.value_added", "industry.employed_persons"),
    "amount": ("industry.value_added", "industry.employed_persons"),
    "share": ("industry.value_added", "industry.employed_persons"),
    "index": ("outcome.graduates", "industry.employed_persons"),
    "value": ("outcome.graduates", "industry.employed_persons"),
    "state": ("outcome.graduates", "enrollment.registered"),
    "state_zh": ("outcome.graduates", "enrollment.registered"),
    "state_en": ("outcome.graduates", "enrollment.registered"),
}


def made_of() -> dict[str, Text]:
    """For every public field the input columns that it comes from, in the words of their contracts."""
    return {name: Text(zh=_told(columns, "zh"), en=_told(columns, "en")) for name, columns in MADE_OF.items()}


def _told(columns: tuple[str, ...], lang: str) -> str:
    """Columns ("table.column") by table: 毕业生就业情况：毕业生数（人）、升学（人）."""
    by_table: dict[str, list[str]] = {}
    for place in dict.fromkeys(columns):
        table, name = place.split(".")
        contract = contracts()[table]
        column = contract.column(name)
        title = getattr(column.title, lang)
        unit = f"（{column.unit}）" if column.unit and lang == "zh" else ""  # units are Chinese words
        by_table.setdefault(getattr(contract.title, lang), []).append(title + unit)
    if lang == "zh":
        return "；".join(f"{table}：{'、'.join(names)}" for table, names in by_table.items())
    return "; ".join(f"{table}: {', '.join(names)}" for table, names in by_table.items())
