"""What a process does until it is killed; run by test_killed_copies.py."""

import sys
from pathlib import Path


def compacting(store: str, _other: str) -> None:
    from lib.erasure.leaving import compact
    from lib.store import Store

    found = Store(store)
    _ready()
    compact(found)


def backing_up(store: str, target: str) -> None:
    from lib.store import Store
    from lib.store.backup import back_up

    found = Store(store)
    _ready()
    back_up(found, Path(target))


def restoring(store: str, source: str) -> None:
    from lib.store.backup import restore

    _ready()
    restore(Path(store), Path(source))


def _ready() -> None:
    print("ready", flush=True)


def main() -> None:
    """Does what a line of its input says (what, two paths) in a process of its own, whose id it prints.

    The line after it says that this process is waited for now.
    """
    import os

    # Loaded once; a process that is forked has nothing open.
    import lib.erasure.leaving
    import lib.store.backup  # noqa: F401

    while line := sys.stdin.readline():
        work, *paths = line.split("\t")
        if child := os.fork():
            # Its id is nobody else's before it is waited for.
            sys.stdin.readline()
            os.waitpid(child, 0)
            print("over", flush=True)
        else:
            print(os.getpid(), flush=True)
            globals()[work](*(path.strip() for path in paths))
            print("done", flush=True)
            os._exit(0)


if __name__ == "__main__":
    main()
