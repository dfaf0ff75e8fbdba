"""How a long job tells where it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # name of the step that starts, steps done, steps in all
