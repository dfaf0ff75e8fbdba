"""YAML texts of dated, reasoned settings read into checked models, or refused with the line named.

Belongs here: reading and validating any such text. Does not belong here: what a text may say (the models handed in) and
what follows from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class FaultyText(ValueError):
    """A text that cannot be used; the message names the file, the line and the key, one line per fault."""


def plain(text: str) -> Any:
    """What the YAML text says, as dicts, lists, texts and numbers; read in C, several times as fast as `safe_load`.

    Raises yaml.YAMLError when it is none.
    """
    return yaml.load(text, Loader=yaml.CSafeLoader)


def read(
    text: str,
    name: str,
    model: type[Model],
    contradictions: Callable[[Model], Iterable[tuple[Place, str]]] | None = None,
) -> Model:
    """The YAML text as a `model` (which has a field `digest`, the text's SHA-256); `name` is the file in messages.

    Raises FaultyText, naming file, line and key of every fault found: text that is no YAML, a key that stands twice, an
    unknown key, an impossible value, and what `contradictions` finds in a well-formed whole.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise FaultyText(f"{name}{place}: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(tree, yaml.MappingNode):
        raise FaultyText(f"{name}, line 1: 应为“键: 值”的形式 / a mapping of keys to values is expected")
    reading = Reading(name)
    data = reading.value(tree)
    if "digest" in data:
        reading.faults.append((line_of(tree, ("digest",)), "digest: 由程序计算 / is computed, not given"))
    reading.refuse_if_faulty()
    try:
        found = model.model_validate({**data, "digest": sha256(text.encode()).hexdigest()})
    except ValidationError as error:
        reading.faults += [
            (line_of(tree, fault["loc"]), f"{dotted(written(tree, fault['loc']))}: {sentence(fault, model)}")
            for fault in error.errors()
            if fault["type"] != "too_short" or not _has_faulty_items(fault, error)
        ]
        reading.refuse_if_faulty()
        raise
    if contradictions:
        reading.faults += [(line_of(tree, place), f"{dotted(place)}: {said}") for place, said in contradictions(found)]
        reading.refuse_if_faulty()
    return found


@dataclass
class Reading:
    """One pass over a YAML tree; numbers become exact decimals, faults are kept with their line."""

    name: str

    def __post_init__(self) -> None:
        self.faults: list[tuple[int, str]] = []

    def value(self, node: yaml.Node) -> Any:
        """The node as Python values: decimals for numbers with a point, text, None, lists, mappings."""
        if isinstance(node, yaml.MappingNode):
            found: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = self.value(key_node)
                if isinstance(key, list | dict):
                    self.fault(key_node, "键应为一个词 / a key is one word")
                elif key in found:
                    self.fault(key_node, f"键 {key!r} 出现两次 / the key {key!r} stands twice")
                else:
                    found[key] = self.value(value_node)
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        return self.scalar(node)

    def scalar(self, node: yaml.Node) -> Any:
        """A single value; a number as it is written, so that 0.6 is 0.6."""
        if node.tag == "tag:yaml.org,2002:float":
            try:
                return Decimal(node.value.replace("_", ""))
            except InvalidOperation:
                self.fault(node, f"{node.value!r} 不是数 / is not a number")
                return None
        try:
            return SCALARS.construct_object(node)  # type: ignore[no-untyped-call]
        except (yaml.YAMLError, ValueError) as error:
            self.fault(node, f"{node.value!r}: {error}")
            return None

    def fault(self, node: yaml.Node, message: str) -> None:
        """Keep a fault with its line."""
        self.faults.append((node.start_mark.line + 1, message))

    def refuse_if_faulty(self) -> None:
        """Raise FaultyText with every fault, by line."""
        if self.faults:
            told = dict.fromkeys(f"{self.name}, line {line}: {message}" for line, message in sorted(self.faults))
            raise FaultyText("\n".join(told))


SCALARS = yaml.constructor.SafeConstructor()


def dotted(place: Place) -> str:
    """A place in the file as people write it, such as rules.0.when."""
    return ".".join(map(str, place))


def sentence(found: ErrorDetails, model: type[BaseModel]) -> str:
    """A fault found by validation, in Chinese and English."""
    match found["type"]:
        case "missing":
            return "缺少这个键 / this key is missing"
        case "extra_forbidden":
            known = get_close_matches(str(found["loc"][-1]), keys_of(model), n=1)
            known = [key for key in known if key != found["loc"][-1]]
            hint = f"（是否为 {known[0]}？）/ unknown key (did you mean {known[0]}?)" if known else "/ unknown key"
            return f"不认识的键 {hint}"
    given = "" if isinstance(found["input"], dict | list | BaseModel) else f" ({found['input']!r})"
    return f"值不成立 / {found['msg'].removeprefix('Value error, ')}{given}"


def _keys(model: type[BaseModel], seen: set[type]) -> set[str]:
    names: set[str] = set()
    if model in seen:
        return names
    seen.add(model)
    for name, field in model.model_fields.items():
        names.add(field.alias or name)
        for part in _models_in(field.annotation):
            names |= _keys(part, seen)
    return names


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _models_in(inner)]


@cache
def keys_of(model: type[BaseModel]) -> list[str]:
    """Every key that a text for `model` may have, at any depth."""
    return sorted(_keys(model, set()))


def _has_faulty_items(found: ErrorDetails, error: ValidationError) -> bool:
    depth = len(found["loc"])
    return any(len(other["loc"]) > depth and other["loc"][:depth] == found["loc"] for other in error.errors())


def written(node: yaml.Node | None, path: Place) -> Place:
    """The parts of a path that stand in the text, and its last part: the validator names its own choices as well."""
    found: list[str | int] = []
    for number, key in enumerate(path):
        inner = _inside(node, key)
        if inner:
            node = inner[1]
        if inner or number == len(path) - 1:
            found.append(key)
    return tuple(found)


def _inside(node: yaml.Node | None, key: str | int) -> tuple[int, yaml.Node] | None:
    """Line and node of a key or position directly inside a node."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == str(key):
                return key_node.start_mark.line + 1, value_node
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark.line + 1, node.value[key]
    return None


def line_of(node: yaml.Node | None, path: Place) -> int:
    """Line of the deepest node of `path` that exists, counted from 1; parts that are not in the text are skipped."""
    line = node.start_mark.line + 1 if node else 1
    for key in path:
        inner = _inside(node, key)
        if inner:
            line, node = inner
    return line
