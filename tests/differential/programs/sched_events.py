# SPDX-License-Identifier: BSD-2-Clause
"""sched: events in the order of their times and priorities, cancelled ones left out."""

import sched
import threading
import time

log = []
start = time.monotonic()
scheduler = sched.scheduler(time.monotonic, time.sleep)
scheduler.enterabs(start + 0.03, 1, log.append, ("third",))
scheduler.enterabs(start + 0.01, 2, log.append, ("second",))
base = start + 0.005
scheduler.enterabs(base, 2, log.append, ("low",))
scheduler.enterabs(base, 1, log.append, ("high",))
gone = scheduler.enter(0.02, 1, log.append, ("cancelled",))
scheduler.cancel(gone)
print(len(scheduler.queue), scheduler.empty())
scheduler.run()
print(log, time.monotonic() - start >= 0.02, scheduler.empty())
try:
    scheduler.cancel(gone)
except ValueError as exc:
    print(type(exc).__name__)
scheduler.enter(0.01, 1, log.append, ("from a thread",))
thread = threading.Thread(target=scheduler.run)
thread.start()
thread.join()
print(log[-1], scheduler.run(blocking=False))
