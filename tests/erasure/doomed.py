"""A process that erases people one by one, until it is killed; run by test_killed.py."""

import sys

from lib.chats.persons import Wanted
from lib.erasure.erasing import erase
from lib.erasure.leaving import compact
from lib.store import Store

store = Store(sys.argv[1])
print("open", flush=True)
for number in range(1, int(sys.argv[2]) + 1):
    erase(store, Wanted("email", value=f"person{number:03d}@example.org"), "asked", "ann@example.com")
    compact(store)
