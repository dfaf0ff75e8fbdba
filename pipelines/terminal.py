"""What the commands print: one console, on which text from files is text.

Belongs here: how anything gets to the terminal. Does not belong here: what is said (`summary`, `commands`).
"""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.measure import Measurement
from rich.segment import Segment

from reports.visible_text import visible


class Terminal(Console):
    """A console without markup, emoji codes or highlighting; signs that would steer the terminal are left out."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)
        self.push_render_hook(OnlyVisible())

    def say(self, text: object) -> None:
        """Print a text as it is, without breaking its lines."""
        self.print(visible(str(text)), soft_wrap=True)


class OnlyVisible(RenderHook):
    """Leaves signs that steer the terminal out of everything that is printed."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """The same, each without such signs."""
        return [Visible(renderable) for renderable in renderables]


class Visible:
    """A renderable whose texts have no such signs; rich's own control codes stay."""

    def __init__(self, renderable: ConsoleRenderable) -> None:
        self.renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from only_visible(console.render(self.renderable, options))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self.renderable)


def only_visible(segments: Iterable[Segment]) -> Iterable[Segment]:
    """The segments without such signs in their texts."""
    for segment in segments:
        yield segment if segment.control else segment._replace(text=visible(segment.text))
