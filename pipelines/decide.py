"""`duikou decide`: the mechanism on any long indicator table, from a file to a file."""

from pathlib import Path

import pandas as pd

from models.mechanism import Decisions, decide
from pipelines.decisions import with_text_for_lists
from pipelines.problems import Problem
from pipelines.rule_texts import read_rulebook
from reports.spreadsheet_text import plain_table

REQUIRED = ("unit", "year", "indicator")
MEASURES = ("numerator", "denominator", "value")


def read_indicators(file: Path) -> pd.DataFrame:
    """A long indicator table as text, so that 0.70 stays 0.70; Problem when a needed column is missing.

    One row per unit × year × indicator; columns unit, year, indicator, and numerator and denominator and/or value;
    every further column is handed on (rate type, unit attributes, exemptions).
    """
    try:
        if file.suffix.lower() == ".parquet":
            frame = pd.read_parquet(file, dtype_backend="pyarrow").astype("object")
            frame = frame.where(frame.notna(), None)
        else:
            frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig").replace({"": None})
    except FileNotFoundError as error:
        raise Problem(f"找不到指标文件 {file}。", f"There is no indicator file {file}.") from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Problem(
            f"指标文件 {file} 无法读取：应为 UTF-8 的 CSV（.csv）或 Parquet（.parquet）。{error}",
            f"The indicator file {file} cannot be read: a CSV in UTF-8 (.csv) or a Parquet file is expected. {error}",
        ) from error
    missing = [name for name in REQUIRED if name not in frame.columns]
    if not any(name in frame.columns for name in MEASURES):
        missing.append("numerator + denominator / value")
    if missing:
        raise Problem(
            f"指标文件 {file} 缺少列：{', '.join(missing)}；现有列：{', '.join(map(str, frame.columns))}。",
            f"The indicator file {file} lacks the columns {', '.join(missing)};"
            f" it has {', '.join(map(str, frame.columns))}.",
        )
    return frame


def decide_file(indicators: Path, rulebook: Path, out: Path) -> Decisions:
    """Decide every unit and year of `indicators` and write one row per unit and year to `out` (.csv, .parquet)."""
    decided = decide(read_indicators(indicators), read_rulebook(rulebook))
    result = with_text_for_lists(one_row_per_unit_and_year(decided))
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".parquet":
        result.to_parquet(out, index=False)
    else:
        plain_table(result).to_csv(out, index=False, encoding="utf-8-sig")
    return decided


def one_row_per_unit_and_year(decided: Decisions) -> pd.DataFrame:
    """The verdicts with their evidence as a list of mappings in column `evidence`."""
    keys = ["unit", "round"]
    records = decided.evidence.drop(columns=keys).to_dict("records")
    grouped: dict[tuple[object, object], list[dict[str, object]]] = {}
    for unit, year, record in zip(decided.evidence["unit"], decided.evidence["round"], records, strict=True):
        grouped.setdefault((unit, year), []).append({str(name): value for name, value in record.items()})
    verdicts = decided.verdicts
    evidence = [grouped.get((unit, year), []) for unit, year in zip(verdicts["unit"], verdicts["round"], strict=True)]
    return verdicts.rename(columns={"round": "year"}).assign(
        evidence=pd.Series(evidence, index=verdicts.index, dtype=object)
    )
