"""The settings of the demand forecast, each with its reason.

Belongs here: what can be set and within which limits. Does not belong here: the values (`models/forecast.yaml`).
"""

from typing import Annotated

from pydantic import Field

from models.settings_parts import Part, Text
from models.yaml_text import read


class Years(Part):
    """A whole number of years, origins or pairs, with the reason for it."""

    value: Annotated[int, Field(ge=0, strict=True)]
    reason: Text


class Share(Part):
    """A share between 0 and 1, exclusive, with the reason for it."""

    value: Annotated[float, Field(gt=0, lt=1)]
    reason: Text


class ForecastSettings(Part):
    """What the forecast and its backtest are made with; see the reasons in `models/forecast.yaml`.

    `digest` is the SHA-256 of the text.
    """

    horizon: Years
    band: Share
    origins: Years
    needed_origins: Years
    needed_gain: Share
    shrinkage_years: Years
    smoothing_years: Years
    regression_pairs: Years
    bridged_years: Years
    oldest_years: Years
    jump: Share
    digest: str = ""


def parse(text: str, name: str) -> ForecastSettings:
    """The settings in a YAML text; FaultyText names file, line and key of every fault."""
    return read(text, name, ForecastSettings)
