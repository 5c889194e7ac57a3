# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 6: programs with threads, each run with several seeds of the scheduler."""

from kernel.grade import test

SEEDS = range(1, 13)
PREEMPT = 4  # a thread may be preempted every so many statements

PIPELINE = """\
import sys, threading
from buffer import Buffer, Closed

size, producers, consumers, count = map(int, sys.argv[1:])
buffer = Buffer(size)
closing = False
got = [[] for _ in range(consumers)]

def produce(number):
    for item in range(count):
        buffer.put((number, item))

def consume(mine):
    try:
        while len(mine) <= producers * count:
            mine.append(buffer.get())
        print("a consumer got more items than were put")
    except Closed:
        if not closing:
            print("a consumer got Closed before the buffer was closed")

makers = [threading.Thread(target=produce, args=(n,)) for n in range(producers)]
takers = [threading.Thread(target=consume, args=(mine,)) for mine in got]
for thread in takers + makers:
    thread.start()
for thread in makers:
    thread.join()
closing = True
buffer.close()
for thread in takers:
    thread.join()
for mine in got:
    for number in range(producers):
        order = [item for maker, item in mine if maker == number]
        if order != sorted(order):
            print("a consumer got the items of one producer in another order:", order)
print(sorted(item for mine in got for item in mine) == sorted(
    (number, item) for number in range(producers) for item in range(count)
))
"""

CLOSING = """\
import threading
from buffer import Buffer, Closed

def turn():
    buffer = Buffer(1)
    put, got = [], []

    def produce():
        try:
            buffer.put("it")
            put.append("it")
        except Closed:
            pass

    def consume():
        try:
            while True:
                got.append(buffer.get())
        except Closed:
            pass

    threads = [threading.Thread(target=one) for one in (consume, produce, buffer.close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return put == got

print(all([turn() for _ in range(20)]))
"""

WAKING = """\
import os, threading, time
from buffer import Buffer

empty, full = Buffer(3), Buffer(2)
got, put = [], []
full.put(0)
full.put(0)
for _ in range(2):
    threading.Thread(target=lambda: got.append(empty.get())).start()
    threading.Thread(target=lambda: put.append(full.put(1))).start()
time.sleep(1)
empty.put(2)
empty.put(2)
time.sleep(1)
print(len(got), "of 2 consumers have got their item")
full.get()
full.get()
time.sleep(1)
print(len(put), "of 2 producers have put in theirs", flush=True)
os._exit(0)
"""

SPENDERS = """\
import threading
from bank import Account, transfer

poor, rich = Account(1, 10), Account(2, 0)
done = []
threads = [
    threading.Thread(target=lambda: done.append(transfer(poor, rich, 10))) for _ in range(3)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(poor.balance, rich.balance, sum(done))
"""

TELLERS = """\
import sys, threading
from bank import Account, total, transfer

accounts = [Account(number, 100) for number in range(3)]
sums = set()

def teller(source, target):
    for _ in range(4):
        transfer(accounts[source], accounts[target], 10)

def auditor(seen):
    for _ in range(4):
        sums.add(total(seen))

threads = [threading.Thread(target=teller, args=pair) for pair in ((0, 1), (1, 0), (1, 2), (2, 0))]
if sys.argv[1:] == ["audit"]:
    for seen in (accounts, accounts[::-1]):
        threads.append(threading.Thread(target=auditor, args=(seen,)))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(account.balance for account in accounts), sorted(sums))
"""


def program(lab, name, text):
    """Make a program of the user's."""
    lab.write(name, text, 0o755)


def each_seed(lab, name, text, *args, preempt=PREEMPT):
    """Run a program with each seed, on a system of its own; yield the seed and the result."""
    for seed in SEEDS:
        lab.boot(seed=seed, preempt=preempt)
        program(lab, name, text)
        yield seed, lab.run(name, *args)


@test(points=2, hint="put appends, get takes from the other end; with one thread nobody waits.")
def keeps_the_order(lab):
    """What one thread puts it gets, in the same order."""
    program(
        lab,
        "one.py",
        "from buffer import Buffer\nb = Buffer(3)\nfor i in range(3): b.put(i)\n"
        "print(b.get(), b.get(), b.get())\n",
    )
    assert lab.run("one.py").stdout == b"0 1 2\n"
    program(
        lab,
        "any.py",
        "from buffer import Buffer\nb = Buffer(3)\nfor i in (None, 0, ''): b.put(i)\n"
        "print([b.get(), b.get(), b.get()])\n",
    )
    assert lab.run("any.py").stdout == b"[None, 0, '']\n", "anything may be an item"


@test(
    points=3,
    hint="Whoever was woken must look again: wait in a while loop, not in an if, and touch the"
    " items only while you hold the lock.",
)
def loses_nothing(lab):
    """Two producers and two consumers: each item comes out once, with any seed."""
    for seed, result in each_seed(lab, "pipeline.py", PIPELINE, "2", "2", "2", "6"):
        assert result.stdout == b"True\n", f"with seed {seed}"


@test(
    points=3,
    hint="Who is woken may be the wrong one: with one condition for both a producer can wake a"
    " producer. Use two conditions of one lock, or notify_all.",
)
def never_stands_still(lab):
    """Many producers and consumers on one place: nobody waits for ever, with any seed."""
    for seed, result in each_seed(lab, "pipeline.py", PIPELINE, "1", "4", "4", "4"):
        assert result.stdout == b"True\n", f"with seed {seed}"


@test(points=2, hint="put has to wait while there are as many items as the buffer holds.")
def holds_so_many(lab):
    """A producer waits when the buffer is full."""
    program(
        lab,
        "full.py",
        "import threading, time\nfrom buffer import Buffer\nb = Buffer(2)\ndone = []\n"
        "def produce():\n    for i in range(4):\n        b.put(i)\n        done.append(i)\n"
        "thread = threading.Thread(target=produce)\nthread.start()\ntime.sleep(1)\nprint(done)\n"
        "b.get()\ntime.sleep(1)\nprint(done)\nb.get()\nthread.join()\nprint(done)\n",
    )
    assert lab.run("full.py").stdout == b"[0, 1]\n[0, 1, 2]\n[0, 1, 2, 3]\n"


@test(
    points=2,
    hint="Who waits must sleep until somebody wakes it: Condition.wait. Looking again and again,"
    " even with a sleep between, is no waiting.",
)
def waits_without_looking(lab):
    """A consumer that waits for an hour makes no calls meanwhile, nor does a producer."""
    program(
        lab,
        "hour.py",
        "import threading, time\nfrom buffer import Buffer\nb = Buffer(1)\n"
        "thread = threading.Thread(target=lambda: print(b.get()))\nthread.start()\n"
        "time.sleep(3600)\nb.put('at last')\nthread.join()\n",
    )
    result = lab.run("hour.py")
    assert result.stdout == b"at last\n"
    assert result.trace.calls.count < 100, "calls that the program made in the hour"
    program(
        lab,
        "full.py",
        "import threading, time\nfrom buffer import Buffer\nb = Buffer(1)\nb.put('first')\n"
        "thread = threading.Thread(target=b.put, args=('second',))\nthread.start()\n"
        "time.sleep(600)\nprint(b.get())\nthread.join()\nprint(b.get())\n",
    )
    result = lab.run("full.py")
    assert result.stdout == b"first\nsecond\n"
    assert result.trace.calls.count < 100, (
        "calls that a program made in ten minutes of a full buffer"
    )


@test(
    points=2,
    hint="close has to wake all who wait, producers and consumers: notify_all. get raises Closed"
    " when nothing is left.",
)
def closes(lab):
    """close lets all consumers go, when they have taken what was left."""
    program(
        lab,
        "close.py",
        "import threading, time\nfrom buffer import Buffer, Closed\nb = Buffer(5)\ngot = []\n"
        "def consume():\n    try:\n        while len(got) < 9:\n            got.append(b.get())\n"
        "    except Closed:\n        got.append('closed')\n"
        "threads = [threading.Thread(target=consume) for _ in range(3)]\n"
        "for t in threads: t.start()\ntime.sleep(1)\nb.put('last')\nb.close()\n"
        "for t in threads: t.join()\nprint(*sorted(got))\n"
        "late = Buffer(5)\nlate.put(1)\nlate.close()\nprint(late.get())\n"
        "try:\n    late.put(2)\nexcept Closed:\n    print('closed')\n",
    )
    shown = lab.run("close.py").stdout.decode().splitlines()
    assert shown == ["closed closed closed last", "1", "closed"]


@test(
    points=2,
    hint="Each item has somebody to wake. That there was one already says nothing of who sleeps:"
    " whom that one has woken has perhaps not run yet.",
)
def wakes_each(lab):
    """Two who wait are both woken when there is something for both."""
    program(lab, "waking.py", WAKING)
    assert lab.run("waking.py").stdout.decode().splitlines() == [
        "2 of 2 consumers have got their item",
        "2 of 2 producers have put in theirs",
    ]


@test(
    points=2,
    hint="Between looking whether it is closed and putting the item in nobody may close it: who"
    " looks at closed, and who changes it, has to hold the same lock.",
)
def loses_nothing_at_its_close(lab):
    """What put has taken somebody gets, if it is closed meanwhile, with any seed."""
    for preempt in (2, PREEMPT):
        for seed, result in each_seed(lab, "closing.py", CLOSING, preempt=preempt):
            assert result.stdout == b"True\n", f"with seed {seed}"


@test(points=1, hidden=True)
def closes_on_producers(lab):
    """A producer that waits for room gets Closed when the buffer is closed."""
    program(
        lab,
        "late.py",
        "import threading, time\nfrom buffer import Buffer, Closed\nb = Buffer(1)\nb.put(1)\n"
        "def produce():\n    try:\n        b.put(2)\n    except Closed:\n        print('closed')\n"
        "thread = threading.Thread(target=produce)\nthread.start()\ntime.sleep(1)\nb.close()\n"
        "thread.join()\nprint(b.get())\n",
    )
    assert lab.run("late.py").stdout == b"closed\n1\n"


@test(
    points=3,
    hint="Two threads that take two locks in different order wait for each other. Take them in one"
    " order, always: by the accounts' numbers.",
)
def tellers_do_not_wait_for_each_other(lab):
    """Transfers to and fro end, with any seed, and no money is lost."""
    for seed, result in each_seed(lab, "tellers.py", TELLERS):
        assert result.stdout == b"300 []\n", f"with seed {seed}"


@test(
    points=2,
    hint="Between taking money from one account and giving it to the other nobody may look: hold"
    " both locks for the whole transfer, and all of them for the sum, in the same order as there.",
)
def the_sum_is_right_at_any_time(lab):
    """total gives the same sum at any time, with any seed."""
    for seed, result in each_seed(lab, "tellers.py", TELLERS, "audit"):
        assert result.stdout == b"300 [300]\n", f"with seed {seed}"


@test(
    points=1,
    hint="Take the locks of the two accounts, no others: one lock for all has everybody wait for"
    " everybody, and who holds an account's own lock is not safe.",
)
def only_two_accounts_are_held(lab):
    """Who holds an account's lock keeps it as it is, and keeps nobody from the other accounts."""
    program(
        lab,
        "held.py",
        "import threading, time\nfrom bank import Account, transfer\n"
        "a, b, c, d = (Account(n, 5) for n in range(4))\n"
        "with a.lock:\n    for pair in ((a, b), (c, d)):\n"
        "        threading.Thread(target=transfer, args=(*pair, 2)).start()\n"
        "        time.sleep(1)\n    print(a.balance, c.balance)\n"
        "time.sleep(1)\nprint(a.balance, b.balance, c.balance, d.balance)\n",
    )
    assert lab.run("held.py").stdout == b"5 3\n3 7 3 7\n"


@test(points=1, hint="Without enough money nothing is moved, and False is returned.")
def no_money_no_transfer(lab):
    """transfer moves nothing that is not there."""
    program(
        lab,
        "poor.py",
        "from bank import Account, transfer\na, b = Account(1, 5), Account(2, 0)\n"
        "print(transfer(a, b, 6), a.balance, b.balance, transfer(a, b, 5), a.balance, b.balance)\n",
    )
    assert lab.run("poor.py").stdout == b"False 5 0 True 0 5\n"


@test(
    points=1,
    hint="Look whether there is enough when you hold the lock: before that it may be gone by the"
    " time you have it.",
)
def spends_money_once(lab):
    """Of three who want all there is one gets it, with any seed."""
    for seed, result in each_seed(lab, "spenders.py", SPENDERS):
        assert result.stdout == b"0 10 1\n", f"with seed {seed}"


@test(
    points=2,
    hint="From an account to the same account there is one lock: a Lock that you hold already makes"
    " you wait for yourself.",
)
def to_itself(lab):
    """A transfer from an account to itself ends."""
    program(
        lab,
        "self.py",
        "from bank import Account, total, transfer\na = Account(1, 5)\n"
        "print(transfer(a, a, 5), transfer(a, a, 6), a.balance, total([a]))\n",
    )
    assert lab.run("self.py").stdout == b"True False 5 5\n"
