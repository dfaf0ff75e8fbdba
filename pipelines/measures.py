"""The settings of indices and ratios as a district keeps them.

Belongs here: reading the file. Does not belong here: what can be set (`models.measures`).
"""

from pathlib import Path

import yaml

from models.measures import Measures, parse
from pipelines.problems import Problem


def read_measures(file: Path) -> Measures:
    """The settings in `file`; Problem when it cannot be read or is not valid."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Problem(
            f"指标设置 {file} 无法使用：{error}", f"The settings of indices in {file} cannot be used: {error}"
        ) from error
