"""Where one district's files are: input folder, warehouse, rule-book, output folder.

Belongs here: places, languages and the memory that may be taken. Does not belong here: thresholds (rule-books) and
columns (contracts).
"""

import os
import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pipelines.problems import Problem

LANGUAGES = ("zh", "en")
DEFAULT_RULEBOOK = "kaizhou"


def shipped_rulebook(name: str = DEFAULT_RULEBOOK) -> Path:
    """Path of a rule-book that comes with the project, such as "kaizhou"."""
    return Path(str(files("models") / "rulebooks" / f"{name}.yaml"))


def shipped_measures() -> Path:
    """Path of the settings of indices and ratios that come with the project."""
    return Path(str(files("models") / "measures.yaml"))


def shipped_forecast() -> Path:
    """Path of the settings of the demand forecast that come with the project."""
    return Path(str(files("models") / "forecast.yaml"))


def shipped_catalogues() -> Path:
    """Path of the rules of the catalogues that come with the project."""
    return Path(str(files("models") / "catalogues.yaml"))


def shipped_plan_settings() -> Path:
    """Path of the enrollment plan's settings that come with the project."""
    return Path(str(files("models") / "plan" / "kaizhou.yaml"))


def memory_limit() -> str:
    """What DuckDB may hold in memory, such as "2GB"; what it needs beyond goes to disk, beside the warehouse.

    DUIKOU_MEMORY names it, else it is half of what the smallest office computer has. Raises Problem when it is no
    amount.
    """
    amount = os.environ.get("DUIKOU_MEMORY") or "2GB"
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", amount, re.IGNORECASE):
        raise Problem(
            f"环境变量 DUIKOU_MEMORY 是“{amount}”，应写成 2GB 这样。",
            f"The variable DUIKOU_MEMORY is “{amount}”; write it like 2GB.",
        )
    return amount


@dataclass(frozen=True)
class Settings:
    """Places of one district. Relative paths are taken from the folder in which the command is called."""

    raw: Path = Path("data/raw")
    warehouse: Path = Path("data/warehouse/duikou.duckdb")
    rulebook: Path = field(default_factory=shipped_rulebook)
    out: Path = Path("reports/published")
    profiles: Path | None = None
    languages: tuple[str, ...] = LANGUAGES
    ledger: Path | None = None
    measures: Path = field(default_factory=shipped_measures)
    forecast: Path = field(default_factory=shipped_forecast)
    plan: Path = field(default_factory=shipped_plan_settings)
    catalogues: Path = field(default_factory=shipped_catalogues)

    @property
    def ledger_file(self) -> Path:
        """The ledger of decisions: the one named, else the one beside the warehouse."""
        return self.ledger or self.warehouse.with_name(self.warehouse.stem + ".ledger.duckdb")

    @classmethod
    def from_environment(cls) -> "Settings":
        """Defaults, overridden by DUIKOU_ and the name of a place, such as DUIKOU_RAW; not the ledger."""
        given = {
            name: Path(os.environ[f"DUIKOU_{name.upper()}"])
            for name in (
                "raw",
                "warehouse",
                "rulebook",
                "out",
                "profiles",
                "measures",
                "forecast",
                "plan",
                "catalogues",
            )
            if os.environ.get(f"DUIKOU_{name.upper()}")
        }
        return cls(**given)  # type: ignore[arg-type]
