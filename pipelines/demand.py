"""From the warehouse to the demand forecast and back: reads core and marts, calls `models`, writes three marts.

Belongs here: moving frames, and the words for what was found in the series. Does not belong here: how a number is
forecast.
"""

from importlib.resources import files
from pathlib import Path

import duckdb
import pandas as pd
import yaml

from models.demand import DEMAND_COLUMNS, Composition, demand
from models.forecast import Forecasts, forecast
from models.forecast_settings import ForecastSettings
from pipelines.rule_texts import read_forecast_settings
from pipelines.settings import shipped_forecast

TABLES = ("marts.demand_forecast", "marts.forecast_backtest", "marts.forecast_finding")
UPSTREAM = (
    "core.crosswalk", "core.enrollment", "core.industry_class", "core.occupation_projection", "core.outcome",
    "core.replacement_rate", "marts.employment_series", "marts.occupation_opening",
)  # fmt: skip
# Of the columns; the others are numbers.
TYPES = {
    "varchar": (
        "region", "class_kind", "level", "code", "name", "method", "judged_on", "basis", "replacement_source",
        "share_basis", "kind", "years", "message_zh", "message_en",
    ),
    "integer": ("base_year", "year", "last_year", "origins", "forecasts"),
    "boolean": ("chosen", "used"),
}  # fmt: skip

SERIES = "from marts.employment_series order by region, level, code, year"
# A round may be held for any year with cohorts, intake or industry data, but not before the first industry year.
BASE_YEARS = """
with years as (
    select cohort_year as year from core.outcome
    union select year from core.enrollment
    union select year from marts.employment_series
)
select year from years where year >= (select min(year) from marts.employment_series) order by year
"""
LINKS = """
select w.from_code as occupation_code, 'section' as level, c.section_code as industry_code, sum(w.weight) as weight
from core.crosswalk as w join core.industry_class as c on c.industry_code = w.to_code
where w.relation = 'occupation_industry' and c.section_code is not null
group by all
union all
select w.from_code, 'sector', c.sector_code, sum(w.weight)
from core.crosswalk as w join core.industry_class as c on c.industry_code = w.to_code
where w.relation = 'occupation_industry' and c.sector_code is not null
group by all
order by all
"""
# Persons employed come from projections: of several target years the latest, of several classifications the last.
SIZES = """
with projected as (
    select
        base_year, occupation_code, employed,
        rank() over (partition by base_year, occupation_code order by classification desc) as place,
        row_number() over (
            partition by region, base_year, classification, occupation_code order by target_year desc
        ) as latest
    from core.occupation_projection where employed is not null
)
select occupation_code, base_year as year, 'employed' as measure, cast(sum(employed) as double) as amount
from projected where place = 1 and latest = 1 group by occupation_code, base_year
union all
select occupation_code, year, 'vacancies', openings from marts.occupation_opening where basis = 'vacancies'
order by all
"""
RATES = "select class_kind, code, year, annual_rate, source from core.replacement_rate order by all"
NAMES = """
select 'industry' as class_kind, industry_code as code, name from core.industry_class
union all
select 'occupation', occupation_code, max(occupation_name) from marts.occupation_opening group by occupation_code
"""


def forecast_tables(connection: duckdb.DuckDBPyConnection, settings: ForecastSettings) -> dict[str, pd.DataFrame]:
    """The frames of TABLES by table, from the tables of UPSTREAM."""
    series = connection.sql(SERIES).df()
    base_years = [year for (year,) in connection.sql(BASE_YEARS).fetchall()]
    found = forecast(series, base_years, settings)
    classes = series.drop_duplicates("code").set_index("code")
    above = zip(classes.index, classes["section_code"], classes["sector_code"], strict=True)
    parents = {code: tuple(p for p in places if isinstance(p, str) and p != code) for code, *places in above}
    composition = Composition(
        links=connection.sql(LINKS).df(), sizes=connection.sql(SIZES).df(), rates=connection.sql(RATES).df()
    )
    employed = found.employed.assign(parents=found.employed["code"].map(parents))
    names = connection.sql(NAMES).df().drop_duplicates(["class_kind", "code"])
    openings = demand(employed, composition).merge(names, on=["class_kind", "code"], how="left")
    columns = [*DEMAND_COLUMNS[: DEMAND_COLUMNS.index("year")], "name", *DEMAND_COLUMNS[DEMAND_COLUMNS.index("year") :]]
    tested = found.backtest.merge(names.query("class_kind == 'industry'")[["code", "name"]], on="code", how="left")
    frames = (openings[columns], tested, findings(found, classes["name"].to_dict()))
    return dict(zip(TABLES, frames, strict=True))


def findings(found: Forecasts, names: dict[str, str]) -> pd.DataFrame:
    """One row per base year × series × kind of finding, with the years concerned and the words for it."""
    words = yaml.safe_load((files("pipelines") / "forecast_findings.yaml").read_text(encoding="utf-8"))
    rows = [
        (
            base_year, *finding.key, names.get(finding.key[2], finding.key[2]), finding.kind,
            "、".join(map(str, finding.years)), finding.used, *words[finding.kind].values(),
        )
        for base_year, listed in found.findings.items()
        for finding in listed
    ]  # fmt: skip
    columns = ["base_year", "region", "level", "code", "name", "kind", "years", "used", "message_zh", "message_en"]
    return pd.DataFrame(rows, columns=columns)


def build(connection: duckdb.DuckDBPyConnection, settings_file: Path | None = None) -> None:
    """Build the marts of TABLES anew, with the settings that come with the project unless others are given."""
    settings = read_forecast_settings(settings_file or shipped_forecast())
    for table, frame in forecast_tables(connection, settings).items():
        types = {name: kind for kind, names in TYPES.items() for name in names}
        columns = ", ".join(f"cast({name} as {types.get(name, 'double')}) as {name}" for name in frame.columns)
        connection.register("incoming", frame)
        connection.execute(f"create or replace table {table} as select {columns} from incoming")
        connection.unregister("incoming")
