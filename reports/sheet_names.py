"""Names of sheets as Excel allows them: at most 31 characters, without []:*?/\\, each once whatever the case."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def sheet_names(names: Sequence[str], first: Sequence[str] = ()) -> list[str]:
    """The names, changed where Excel does not allow them or they occur twice; those in `first` keep theirs."""
    taken: set[str] = set()
    given: dict[int, str] = {}
    order = sorted(range(len(names)), key=lambda place: (names[place] not in first, place))
    for place in order:
        visible = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in names[place])
        base = FORBIDDEN.sub("_", visible).strip("'") or "_"
        name, number = base[:LONGEST], 2
        while name.casefold() in taken or name.casefold() == "history":
            ending = f"({number})"
            name, number = base[: LONGEST - len(ending)] + ending, number + 1
        taken.add(name.casefold())
        given[place] = name
    return [given[place] for place in range(len(names))]
