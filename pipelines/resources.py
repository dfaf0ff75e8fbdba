"""What Dagster hands to the assets: the warehouse and the places of the district."""

from pathlib import Path

import dagster as dg
from dagster_duckdb import DuckDBResource

from pipelines.settings import Settings, memory_limit


class District(dg.ConfigurableResource):
    """Input folder, source profiles, rule-book, other settings, ledger and output folder of one district."""

    raw: str
    rulebook: str
    out: str
    ledger: str
    measures: str
    forecast: str
    plan: str
    catalogues: str
    profiles: str | None = None
    languages: list[str]

    @property
    def raw_folder(self) -> Path:
        """The folder with the raw files."""
        return Path(self.raw)

    @property
    def profile_folder(self) -> Path | None:
        """The folder with source profiles, when one is set."""
        return Path(self.profiles) if self.profiles else None

    @property
    def rulebook_file(self) -> Path:
        """The rule-book in use."""
        return Path(self.rulebook)

    @property
    def measures_file(self) -> Path:
        """How indices and ratios are computed."""
        return Path(self.measures)

    @property
    def forecast_file(self) -> Path:
        """How demand is forecast."""
        return Path(self.forecast)

    @property
    def plan_file(self) -> Path:
        """The settings of the enrollment plan."""
        return Path(self.plan)

    @property
    def catalogues_file(self) -> Path:
        """The rules of the catalogues."""
        return Path(self.catalogues)

    @property
    def ledger_file(self) -> Path:
        """The ledger of decisions, which may not be there yet."""
        return Path(self.ledger)

    @property
    def out_folder(self) -> Path:
        """The folder that documents are written to."""
        return Path(self.out)


def resources(settings: Settings) -> dict[str, dg.ConfigurableResource]:
    """The resources of all assets, by the names under which they ask for them. Raises Problem when DUIKOU_MEMORY is
    no amount of memory."""
    return {
        "warehouse": DuckDBResource(
            database=str(settings.warehouse), connection_config={"memory_limit": memory_limit()}
        ),
        "district": District(
            raw=str(settings.raw),
            rulebook=str(settings.rulebook),
            out=str(settings.out),
            ledger=str(settings.ledger_file),
            measures=str(settings.measures),
            forecast=str(settings.forecast),
            plan=str(settings.plan),
            catalogues=str(settings.catalogues),
            profiles=str(settings.profiles) if settings.profiles else None,
            languages=list(settings.languages),
        ),
    }
