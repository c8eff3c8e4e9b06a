"""A process that carries a retention rule out in small pieces, until it is killed; run by test_killed.py."""

import sys
from datetime import datetime

from lib.chats.clock import Clock
from lib.erasure.rules import rules
from lib.erasure.running import run
from lib.store import Store

store = Store(sys.argv[1])
(rule,) = rules(store)
print("open", flush=True)
run(store, rule.id, Clock(datetime(2030, 1, 1), "UTC"), piece=2)
