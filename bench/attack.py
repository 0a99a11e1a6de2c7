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

_LEGEND = "tried  refused  failures  slowest s  what"


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
    failures: list[str] = []
    for name in parsers.PARSERS:
        outcome = parsers.attack(name, parsers.dose(name, options.inputs), options.seed)
        failures += _line(name, outcome)
    with tempfile.TemporaryDirectory() as folder:
        failures += _line("links", links.attack(Path(folder), options.links, options.seed))
    for name, attack in kills.KILLS.items():
        began = time.perf_counter()
        outcome = attack(options.kills // len(kills.KILLS), options.seed)
        failures += _line(f"kills: {name}, {time.perf_counter() - began:.0f} s", outcome)
    failures += _line("outages of PostgreSQL within a run", outages.attack(options.outages, options.seed))
    print("\n".join(failures) or "nothing failed")
    raise SystemExit(bool(failures))


def _line(name: str, outcome: parsers.Outcome) -> list[str]:
    print(f"{outcome.tried:5,}  {outcome.refused:7,}  {len(outcome.failures):8}  {outcome.slowest_s:9.2f}  {name}", flush=True)
    return [f"{name}: {each}" for each in outcome.failures[:20]]


if __name__ == "__main__":
    main()
