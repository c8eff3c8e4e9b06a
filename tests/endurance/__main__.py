"""What takes too long for every run of the tests: `python -m tests.endurance kills --times 300`.

Of `people`, the times are minutes.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.endurance.kills import kills
from tests.endurance.people import people
from tests.endurance.stops import stops
from tests.endurance.upgrades import upgrades

TRIALS = {"kills": kills, "people": people, "stops": stops, "upgrades": upgrades}


def main() -> int:
    """The exit status: 1 where something was amiss."""
    parser = ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("what", choices=TRIALS)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        return int(bool(TRIALS[asked.what](asked.times, Path(folder), asked.seed)))


if __name__ == "__main__":
    sys.exit(main())
