"""What one server lets its people do: read from the environment, without any limit but that of an upload where nothing is set."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import LimitReached
from core.recipe import Recipe
from core.system.settings import whole_number


@dataclass(frozen=True)
class Limits:
    """`runs_at_once` train at the same time. A person may have `runs_in_queue`, those that train among them, of up to `epochs`
    each; None sets no limit.
    """

    runs_at_once: int = 1
    runs_in_queue: int | None = None
    epochs: int | None = None

    @classmethod
    def from_environment(cls) -> Limits:
        """As whoever runs the server has set them. Raises SettingError."""
        return cls(
            whole_number("DIGITLAB_RUNS_AT_ONCE") or 1,
            whole_number("DIGITLAB_MAX_RUNS_IN_LINE"),
            whole_number("DIGITLAB_MAX_EPOCHS"),
        )

    def check(self, recipe: Recipe, person: str, num_in_queue: int) -> None:
        """Raises LimitReached where the person, who has `num_in_queue` already, may not start the recipe."""
        if self.epochs is not None and recipe.epochs > self.epochs:
            raise LimitReached(
                f"This recipe asks for {recipe.epochs} epochs; on this server a run may have up to {self.epochs}. Choose fewer."
            )
        if self.runs_in_queue is not None and num_in_queue >= self.runs_in_queue:
            one = self.runs_in_queue == 1
            whose = "You have" if person else "Those who gave no name have"
            raise LimitReached(
                f"{whose} {num_in_queue} run{'' if num_in_queue == 1 else 's'} in the queue; on this server "
                f"{'one is' if one else f'{self.runs_in_queue} are'} allowed. Wait until one has ended, or stop one"
                f"{'' if person else ', or give your name'}."
            )
