"""Where the numbers of a report come from: one evidence per subject, made when a number first asks for it.

Belongs here: which cells, counts and definitions stand behind a number, by subject in the modules of this folder. Does
not belong here: verdicts with their years (`reports.content.listed`), the numbers themselves (the marts).
"""

from reports.content.origins.files import FileOrigins
from reports.content.origins.verdicts import VerdictOrigins


class Origins(VerdictOrigins, FileOrigins):
    """The evidence of one report, by key; a method per kind of subject returns the key."""
