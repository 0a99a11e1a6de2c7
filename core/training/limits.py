"""What one person may do on this server: read from the environment; nothing is limited unless it is set there."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import LimitReached
from core.recipe import Recipe
from core.system.settings import whole_number


@dataclass(frozen=True)
class Limits:
    """`runs_at_once` runs train at the same time. A person may have `runs_in_queue` that wait or train, of up to `epochs` each;
    None sets no limit.
    """

    runs_at_once: int = 1
    runs_in_queue: int | None = None
    epochs: int | None = None

    @classmethod
    def from_environment(cls) -> Limits:
        """The limits that the environment sets. Raises SettingError."""
        return cls(
            whole_number("DIGITLAB_RUNS_AT_ONCE") or 1,
            whole_number("DIGITLAB_MAX_RUNS_IN_LINE"),
            whole_number("DIGITLAB_MAX_EPOCHS"),
        )

    def check(self, recipe: Recipe, person: str, num_in_queue: int, asked_by: str | None = None) -> None:
        """Raises LimitReached if the person, who already has `num_in_queue` runs, may not start the recipe. The message
        speaks to whoever asked, `asked_by`, by default the person.
        """
        if self.epochs is not None and recipe.epochs > self.epochs:
            raise LimitReached(
                f"This recipe asks for {recipe.epochs} epochs; on this server a run may have up to {self.epochs}. Choose fewer."
            )
        if self.runs_in_queue is not None and num_in_queue >= self.runs_in_queue:
            one = self.runs_in_queue == 1
            themselves = asked_by in (None, person)
            whose = "People without a name share one allowance and have"
            if person:
                whose = "You have" if themselves else f"{person}, whose run this is, has"
            cure = ", or stop one" if themselves else ""
            cure += "" if person or not themselves else ", or give your name"
            raise LimitReached(
                f"{whose} {num_in_queue} run{'' if num_in_queue == 1 else 's'} in the queue; on this server "
                f"{'one is' if one else f'{self.runs_in_queue} are'} allowed. Wait until one has ended{cure}."
            )
