"""What does not hold under attack? Mutated inputs for every parser, broken links, kills and outages of the record, all seeded.

python bench/attack.py                       # the large dose of make attack
python bench/attack.py --inputs 6000 --links 20 --kills 4 --outages 2
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from bench.machine import header  # noqa: E402
from tests.attack import kills, links, outages, parsers  # noqa: E402

_LEGEND = "tried  refused  failures  slowest s  memory MB  what"
_MOST_MB = 500  # above the start, at any time
_SETTLING = 20  # inputs of each kind, read before the start: what they import is no leak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=200_000, help="over all parsers")
    parser.add_argument("--links", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--outages", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(header())
    print(_LEGEND)
    for name in parsers.PARSERS:
        parsers.attack(name, _SETTLING, options.seed + 1)
    with tempfile.TemporaryDirectory() as folder:
        links.attack(Path(folder), _SETTLING, options.seed + 1)
    for attack in kills.KILLS.values():
        attack(0, options.seed)
    line = _Line()
    failures: list[str] = []
    for name in parsers.PARSERS:
        failures += line(name, parsers.attack(name, parsers.dose(name, options.inputs), options.seed))
    with tempfile.TemporaryDirectory() as folder:
        failures += line("links", links.attack(Path(folder), options.links, options.seed))
    for name, attack in kills.KILLS.items():
        began = time.perf_counter()
        outcome = attack(options.kills // len(kills.KILLS), options.seed)
        failures += line(f"kills: {name}, {time.perf_counter() - began:.0f} s", outcome)
    failures += line("outages of PostgreSQL within a run", outages.attack(options.outages, options.seed))
    print("\n".join(failures) or "nothing failed")
    raise SystemExit(bool(failures))


class _Line:
    """Prints a line of the table. The memory is this process' peak since the line before, above what it has when this is made."""

    def __init__(self) -> None:
        _forget_peak()
        self.start_mb = _peak_mb()

    def __call__(self, name: str, outcome: parsers.Outcome) -> list[str]:
        """Returns what failed."""
        more_mb = _peak_mb() - self.start_mb
        _forget_peak()
        figures = f"{outcome.tried:5,}  {outcome.refused:7,}  {len(outcome.failures):8}  {outcome.slowest_s:9.2f}"
        print(f"{figures}  {more_mb:9.0f}  {name}", flush=True)
        return [f"{name}: {each}" for each in outcome.failures[:20]] + [f"{name}: {more_mb:.0f} MB"] * (more_mb > _MOST_MB)


def _peak_mb() -> float:
    (line,) = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
