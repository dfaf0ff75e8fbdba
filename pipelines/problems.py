"""Errors that a person can act on; the command line prints them without a traceback."""


class Problem(Exception):
    """Something the user can mend: names the file or option, what was found, what is expected, what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en

    def in_language(self, lang: str) -> str:
        """The message in `lang` ("zh" or "en")."""
        return self.en if lang == "en" else self.zh
