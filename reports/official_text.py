"""Text as a Word file can hold it, and as official Chinese sets it.

Belongs here: signs that XML cannot carry, and spaces that official documents do not have. Does not belong here: what is
hidden from every reader (`visible_text`).
"""

import re

# Characters that XML 1.0 cannot carry: they come from files and say nothing.
UNWRITABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
IDEOGRAPH = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
SPACED = re.compile(rf"(?<=\d) (?=%)|(?<={IDEOGRAPH}) (?=[\d+−<>≥≤-])|(?<=[\d%]) (?={IDEOGRAPH})")


def writable(value: object) -> str:
    """Text as a Word file can hold it."""
    return str(value).translate(UNWRITABLE)


def typeset(text: str, lang: str) -> str:
    """Our own sentences as official Chinese sets them: no space between a number and its sign or its neighbours."""
    return SPACED.sub("", text) if lang == "zh" else text
