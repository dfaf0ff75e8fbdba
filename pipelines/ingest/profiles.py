"""Source profiles: YAML that says how a foreign file fills our contracts, without code.

Belongs here: what a profile may say, reading it, and which profile applies to a file.
Does not belong here: applying it to the cells of a sheet (`profiled`).
"""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipelines.contracts import Bilingual, contracts
from pipelines.problems import Problem


class Strict(BaseModel):
    """A part of a profile: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def pattern_that_compiles(pattern: str) -> str:
    """A regular expression; ValueError saying what is wrong with it."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(pattern_that_compiles)]


class Replacement(Strict):
    """One step of cleaning a text: every match of the regular expression (RE2) is replaced."""

    pattern: Pattern
    by: str = ""


class ColumnSource(Strict):
    """Where a contract column comes from: the source header, and what is done to its text, in this order.

    Line breaks and repeated blanks become one blank; `clean` replaces; `map` translates whole texts (`otherwise`
    stands for all others); `prefix` is put in front; the text of another source column, `followed_by`, is put behind.
    `unit` is the unit of the numbers, such as 千人 or %.
    """

    header: str
    clean: tuple[Replacement, ...] = ()
    map: dict[str, str] = Field(default_factory=dict)
    otherwise: str | None = None
    prefix: str = ""
    followed_by: "ColumnSource | None" = None
    unit: str | None = None

    def headers(self) -> list[str]:
        """The source headers that the text is made of, the leading one first."""
        return [self.header, *(self.followed_by.headers() if self.followed_by else [])]


class Filter(Strict):
    """Rows whose cell under `header` is one of `keep`, none of `drop` and not as `drop_matching` says as a whole.

    The others are non-data (filtered).
    """

    header: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    drop_matching: Pattern | None = None


class WideToLong(Strict):
    """Columns whose header matches a regular expression become rows: one column takes the header, another the cell."""

    headers: str
    header_to: str
    value_to: str
    unit: str | None = None


class Output(Strict):
    """One contract that the rows of a sheet fill. With `distinct`, rows that repeat another are non-data (repeat)."""

    contract: str
    columns: dict[str, ColumnSource] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    wide_to_long: WideToLong | None = None
    distinct: bool = False

    @field_validator("columns", mode="before")
    @classmethod
    def _header_alone(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {name: {"header": source} if isinstance(source, str) else source for name, source in columns.items()}

    @model_validator(mode="after")
    def _fits_its_contract(self) -> "Output":
        if self.contract not in contracts():
            raise ValueError(f"there is no contract {self.contract!r}; there are {', '.join(contracts())}")
        contract = contracts()[self.contract]
        named = [*self.columns, *self.constants]
        if self.wide_to_long:
            named += [self.wide_to_long.header_to, self.wide_to_long.value_to]
        known = {column.name for column in contract.columns}
        if unknown := [name for name in named if name not in known]:
            raise ValueError(
                f"{', '.join(unknown)}: not a column of {self.contract}; it has {', '.join(sorted(known))}"
            )
        if missing := [c.name for c in contract.columns if c.required and c.default is None and c.name not in named]:
            raise ValueError(f"{self.contract} needs {', '.join(missing)}")
        return self


class SourceProfile(Strict):
    """Files (by pattern of their names), a sheet, the place of the header, and the contracts that they fill."""

    file: str
    sheet: str = "*"
    header_row: int | None = Field(default=None, ge=1)
    outputs: tuple[Output, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_output_per_contract(self) -> "SourceProfile":
        filled = [output.contract for output in self.outputs]
        if len(set(filled)) != len(filled):
            raise ValueError(f"{self.file}: one output per contract; found {', '.join(filled)}")
        return self


class Ignored(Strict):
    """Files that are known and not read, with the reason."""

    file: str
    reason: Bilingual


class Profile(Strict):
    """One profile file."""

    title: Bilingual | None = None
    sources: tuple[SourceProfile, ...] = ()
    ignore: tuple[Ignored, ...] = ()


@dataclass(frozen=True)
class Profiles:
    """All profiles of a folder; `files` are the input files by the first 12 hex digits of their digests.

    A correction workbook is read by the profile of the file that it was copied from.
    """

    profiles: tuple[Profile, ...] = ()
    files: dict[str, str] = field(default_factory=dict)

    def with_copies(self, files: dict[str, str]) -> "Profiles":
        """The same profiles, for these input files."""
        return Profiles(self.profiles, files)

    def reason_to_ignore(self, file: str) -> Bilingual | None:
        """Why a file is not read, when a profile says so."""
        found = (ignored for profile in self.profiles for ignored in profile.ignore if fnmatch(file, ignored.file))
        return next((ignored.reason for ignored in found), None)

    def source(self, file: str, sheet: str, origin: str | None = None) -> SourceProfile | None:
        """The first profile that applies to a sheet of a file, or of the file that it is a copy of."""
        file = self.files.get(origin or "", file)
        for profile in self.profiles:
            for source in profile.sources:
                if fnmatch(file, source.file) and fnmatch(sheet, source.sheet):
                    return source
        return None


def read_profiles(folder: Path | None) -> Profiles:
    """The profiles (*.yaml) of a folder, in the order of their names; Problem naming the file and the field."""
    if folder is None:
        return Profiles()
    return Profiles(tuple(read_profile(file) for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])))


def read_profile(file: Path) -> Profile:
    """One profile; raises Problem naming the line of a YAML error or the field that is wrong."""
    try:
        return Profile.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Problem(
            f"数据源配置 {file.name} 不是有效的 YAML：{error}",
            f"The source profile {file.name} is not valid YAML: {error}",
        ) from error
    except ValidationError as error:
        details = "; ".join(
            f"{'.'.join(str(part) for part in found['loc']) or '-'}: {found['msg'].removeprefix('Value error, ')}"
            for found in error.errors()
        )
        raise Problem(
            f"数据源配置 {file.name} 有错误，请改正：{details}",
            f"The source profile {file.name} is wrong, correct it: {details}",
        ) from error
