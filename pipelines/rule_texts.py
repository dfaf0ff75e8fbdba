"""Rule-books and settings as files of a district: read into checked models, or told with what to mend.

Belongs here: reading any such file and the words for what is wrong with it. Does not belong here: what a text may say
(`models.rulebook`, `models.plan.settings`, `models.catalogues`, `models.forecast_settings`, `models.measures`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from models.settings_parts import Text
from models.yaml_text import FaultyText
from pipelines.problems import Problem

if TYPE_CHECKING:
    from models.catalogues import CatalogueRules
    from models.forecast_settings import ForecastSettings
    from models.measures import Measures
    from models.plan.settings import PlanSettings
    from models.rulebook import Rulebook

Model = TypeVar("Model")


def read_rulebook(file: Path) -> "Rulebook":
    """The rule-book (规则文件) in `file`; Problem when it cannot be read or is not valid."""
    from models.rulebook import parse

    return _read(file, parse, Text(zh="规则文件", en="rule-book"), "--rulebook")


def read_plan_settings(file: Path) -> "PlanSettings":
    """The settings of the enrollment plan (招生计划编制规则); Problem when they cannot be read or are not valid."""
    from models.plan.settings import parse

    return _read(file, parse, Text(zh="招生计划编制规则", en="plan settings"), "--settings")


def read_catalogue_rules(file: Path) -> "CatalogueRules":
    """The rules of the yearly catalogues (目录编制规则); Problem when they cannot be read or are not valid."""
    from models.catalogues import parse

    return _read(file, parse, Text(zh="目录编制规则", en="catalogue rules"))


def read_forecast_settings(file: Path) -> "ForecastSettings":
    """The settings of the demand forecast (需求预测设置); Problem when they cannot be read or are not valid."""
    from models.forecast_settings import parse

    return _read(file, parse, Text(zh="需求预测设置", en="forecast settings"))


def read_measures(file: Path) -> "Measures":
    """The settings of indices and ratios (指标设置); Problem when they cannot be read or are not valid."""
    from models.measures import parse

    return _read(file, parse, Text(zh="指标设置", en="settings of indices"))


def _read(file: Path, parse: Callable[[str, str], Model], what: Text, option: str | None = None) -> Model:
    try:
        return parse(file.read_text(encoding="utf-8"), str(file))
    except FileNotFoundError as error:
        raise Problem(
            f"找不到{what.zh} {file}。" + (f"请检查 {option} 的路径。" if option else ""),
            f"There is no file {file} ({what.en})." + (f" Check the path given with {option}." if option else ""),
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            f"{what.zh} {file} 无法读取：应为 UTF-8 编码的 YAML 文本。",
            f"The file {file} ({what.en}) cannot be read: a YAML text in UTF-8 is expected.",
        ) from error
    except FaultyText as error:
        raise Problem(f"{what.zh}有误：{error}", f"Faults in the {what.en}: {error}") from error
