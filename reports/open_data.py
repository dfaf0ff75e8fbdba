"""Open data: public tables as CSV and Parquet with a Data Package descriptor, a data dictionary and digests.

Belongs here: which public tables there are, their fields and files. Does not belong here: what must be hidden
(`public_counts`, `public_catalogues`) and how the public reads it (`public_site`).

In CSV a hidden number is `*` and one that was not reported is empty; both are missing values of the package. In Parquet
both are null and the field `hidden` names the hidden ones.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from models.settings_parts import Text
from reports.public_catalogues import (
    occupations,
    programs_to_consider,
    programs_to_expand,
    shared_programs,
    sharing,
    shortage_occupations,
    supply_demand,
    training_occupations,
)
from reports.public_counts import ENROLLED, PUBLISHED, RATES, PublicCounts
from reports.public_match import match_indices, structure_by_sector
from reports.round_tables import RoundTables
from reports.spreadsheet_text import plain_text
from reports.standing import standing_of
from reports.wording import missing, texts

HIDDEN = "*"
COUNT_KEYS = {
    "unit": ["school_id", "school_name", "program_code", "program_name", "category", "year"],
    "program": ["program_code", "program_name", "category", "year"],
    "school": ["school_id", "school_name", "year"],
    "category": ["category", "year"],
    "district": ["year"],
}


@dataclass(frozen=True)
class Publication:
    """Who publishes, under which licence, and whom to ask; `licence_url` names the licence's text.

    A `trial` is for looking at only: it is not recorded as published, and its pages say so.
    """

    publisher: str
    contact: str
    licence: str = "CC-BY-4.0"
    licence_url: str = "https://creativecommons.org/licenses/by/4.0/"
    trial: bool = False


@dataclass(frozen=True)
class Resource:
    """One public table: its name (a key of the texts), its rows, and the fields that name a row."""

    name: str
    rows: pd.DataFrame
    key: list[str]


def resources(tables: RoundTables, counts: PublicCounts) -> list[Resource]:
    """The public tables of one round."""
    found = [Resource(f"outcomes_by_{level}", outcomes(tables, counts, level), keys_of(level)) for level in COUNT_KEYS]
    shared = sharing(tables, counts)
    by_program, by_occupation = ["program_code", "year"], ["occupation_code", "year"]
    found.append(Resource("supply_demand_by_program", supply_demand(tables, counts, shared), by_program))
    found.append(Resource("occupations", occupations(tables, shared), by_occupation))
    found.append(Resource("shortage_occupations", shortage_occupations(tables, shared), by_occupation))
    found.append(Resource("training_occupations", training_occupations(tables, shared), by_occupation))
    found.append(Resource("programs_to_expand", programs_to_expand(tables, shared), by_program))
    found.append(Resource("programs_to_consider", programs_to_consider(tables), [*by_occupation, "program_code"]))
    found.append(Resource("shared_programs", shared_programs(tables, shared), by_program))
    found.append(
        Resource("industry_structure", industry(tables), ["region", "year", "class_system", "class_code", "basis"])
    )
    structure = structure_by_sector(tables, counts)
    found.append(Resource("structure_by_sector", structure, ["year", "class_code", "basis"]))
    found.append(Resource("match_indices", match_indices(structure), ["index", "year"]))
    found.append(Resource("warned_programs", warned_final(tables), ["school_id", "program_code"]))
    return found


def keys_of(level: str) -> list[str]:
    """The fields that name a row of a level."""
    return [name for name in COUNT_KEYS[level] if not name.endswith("_name") and (name != "category" or level == name)]


def outcomes(tables: RoundTables, counts: PublicCounts, level: str) -> pd.DataFrame:
    """Cohorts and enrolled of one level up to the round, by keys and year."""
    rows = counts.table(level)
    rows = named(rows[rows["year"] <= tables.round], tables)
    rates = [column for name in RATES for column in (name, f"{name}_at_least")]
    columns = [*COUNT_KEYS[level], *PUBLISHED, *rates, *ENROLLED, "hidden"]
    return rows[columns].sort_values(keys_of(level), ignore_index=True)


def named(rows: pd.DataFrame, tables: RoundTables) -> pd.DataFrame:
    """The rows with the names of schools and programs, where they have their codes."""
    units = tables.frame("marts.unit")
    for code, name in (("school_id", "school_name"), ("program_code", "program_name")):
        rows = rows.assign(**{name: rows[code].map(units.drop_duplicates(code).set_index(code)[name])})
    return rows


def industry(tables: RoundTables) -> pd.DataFrame:
    """Amounts and shares of industry by class."""
    columns = ["region", "year", "class_system", "class_code", "class_name", "basis", "amount", "share"]
    rows = tables.frame("marts.industry_share").query("year <= @tables.round")[columns]
    return rows.sort_values(["region", "year", "class_system", "class_code", "basis"], ignore_index=True)


def warned_final(tables: RoundTables) -> pd.DataFrame:
    """The listed programs whose verdict the ledger holds as final; without numbers of persons."""
    book = tables.rulebook
    verdicts = tables.frame("decisions.verdict").query("round == @tables.round and rank > 0")
    rows = verdicts.merge(tables.frame("marts.unit"), on="unit", how="left")
    final = [standing_of(tables, unit).stage == "final" for unit in rows["unit"]]
    rows = rows[pd.Series(final, index=rows.index, dtype=bool)]
    rows = rows.assign(
        year=rows["round"],
        state_zh=rows["state"].map({state.id: state.name.zh for state in book.ladder}),
        state_en=rows["state"].map({state.id: state.name.en for state in book.ladder}),
    )
    columns = ["school_id", "school_name", "program_code", "program_name", "year", "state", "state_zh", "state_en"]
    return rows.sort_values(["rank", "school_id", "program_code"], ascending=[False, True, True])[columns].reset_index(
        drop=True
    )


def write(
    found: list[Resource], folder: Path, round_year: int, publication: Publication, made_of: Mapping[str, Text]
) -> list[Path]:
    """Write every table as CSV and Parquet, datapackage.json, a dictionary in both languages, and SHA256SUMS.

    `made_of`: for every field the reported columns that it comes from, in the words of their contracts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, described = [], []
    for resource in found:
        csv, parquet = folder / f"{resource.name}.csv", folder / f"{resource.name}.parquet"
        csv_rows(resource.rows).to_csv(csv, index=False, encoding="utf-8", lineterminator="\r\n")
        pq.write_table(pa.Table.from_pandas(parquet_rows(resource.rows), preserve_index=False), parquet)
        files += [csv, parquet]
        described.append(descriptor(resource, csv, made_of))
    package = folder / "datapackage.json"
    package.write_text(
        json.dumps(package_of(described, round_year, publication), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    dictionaries = [write_dictionary(found, folder / f"dictionary.{lang}.csv", made_of, lang) for lang in ("zh", "en")]
    files += [package, *dictionaries]
    sums = folder / "SHA256SUMS"
    sums.write_text(
        "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files), encoding="utf-8"
    )
    return [*files, sums]


def csv_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as they stand in CSV: `*` for hidden numbers, whole numbers without point, no formulas."""
    hidden = list(rows["hidden"]) if "hidden" in rows.columns else [()] * len(rows)
    return pd.DataFrame(
        {
            name: [HIDDEN if name in found else written(value) for value, found in zip(rows[name], hidden, strict=True)]
            for name in rows.columns
            if name != "hidden"
        }
    )


def written(value: Any) -> object:
    """A value as CSV text: rates with six decimals, whole numbers without point."""
    if missing(value):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6f}".rstrip("0").rstrip(".")
    return plain_text(value)


def parquet_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as they stand in Parquet: the hidden numbers' names as a list."""
    if "hidden" not in rows.columns:
        return rows
    return rows.assign(hidden=pd.Series([list(found) for found in rows["hidden"]], index=rows.index, dtype=object))


def descriptor(resource: Resource, csv: Path, made_of: Mapping[str, Text]) -> dict[str, Any]:
    """The resource as the Data Package standard (version 2) describes it."""
    content = csv.read_bytes()
    zh, en = (texts(lang)["open_data"]["tables"][resource.name] for lang in ("zh", "en"))
    return {
        "name": resource.name, "title": f"{zh} / {en}", "path": csv.name, "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                field(name, resource.rows[name], made_of[name]) for name in resource.rows.columns if name != "hidden"
            ],
            "primaryKey": resource.key,
            "missingValues": ["", HIDDEN],
        },
    }  # fmt: skip


def field(name: str, values: pd.Series, made_of: Text) -> dict[str, Any]:
    """One field with its type, what it is in both languages, and the reported columns that it is made of."""
    return {
        "name": name,
        "type": type_of(name, values),
        "title": " / ".join(titles(name)),
        "description": " / ".join(descriptions(name)),
        "madeOf": f"{made_of.zh} / {made_of.en}",
    }


def type_of(name: str, values: pd.Series) -> str:
    """The type of a field as the Table Schema names it."""
    if name == "year":
        return "year"
    if is_bool_dtype(values):
        return "boolean"
    if is_integer_dtype(values):
        return "integer"
    return "number" if is_numeric_dtype(values) else "string"


def titles(name: str) -> list[str]:
    """What a field is called in Chinese and in English."""
    return [texts(lang)["open_data"]["fields"][name][0] for lang in ("zh", "en")]


def descriptions(name: str) -> list[str]:
    """What a field means in Chinese and in English."""
    return [texts(lang)["open_data"]["fields"][name][1] for lang in ("zh", "en")]


def package_of(described: list[dict[str, Any]], round_year: int, publication: Publication) -> dict[str, Any]:
    """The descriptor of the whole package."""
    zh, en = (texts(lang)["open_data"] for lang in ("zh", "en"))
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"duikou-{round_year}",
        "title": f"{zh['title']} / {en['title']}",
        "description": f"{zh['description']}\n\n{en['description']}",
        "version": str(round_year),
        "licenses": [{"name": publication.licence, "path": publication.licence_url}],
        "contributors": [{"title": publication.publisher, "roles": ["publisher"], "email": publication.contact}]
        if "@" in publication.contact
        else [{"title": f"{publication.publisher} {publication.contact}".strip(), "roles": ["publisher"]}],
        "resources": described,
    }


def write_dictionary(found: list[Resource], file: Path, made_of: Mapping[str, Text], lang: str) -> Path:
    """The data dictionary: one row per table × field with title, meaning, type and the reported columns behind it."""
    text = texts(lang)["open_data"]
    rows = [
        (
            *(text["tables"][resource.name], resource.name, name, *text["fields"][name]),
            *(type_of(name, resource.rows[name]), made_of[name].in_language(lang)),
        )
        for resource in found
        for name in resource.rows.columns
        if name != "hidden"
    ]
    pd.DataFrame(rows, columns=text["dictionary"]).to_csv(
        file, index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )
    return file
