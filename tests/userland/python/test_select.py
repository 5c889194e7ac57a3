# SPDX-License-Identifier: BSD-2-Clause
"""Python's select module inside: what select and poll do is compared with the host elsewhere."""

KQUEUE = """
import os, select, selectors, signal, time

kq = select.kqueue()
reader, writer = os.pipe()
print(os.get_inheritable(kq.fileno()), kq.closed)
added = select.kevent(reader, select.KQ_FILTER_READ, select.KQ_EV_ADD | select.KQ_EV_CLEAR, udata=7)
print(kq.control([added], 0), kq.control(None, 5, 0))
os.write(writer, b"abc")
(told,) = kq.control(None, 5)
print(told, told == select.kevent(reader, -0, 0x21, 0, 3, 7), told == added)
print(kq.control([], 5, 0))
signal.signal(signal.SIGALRM, lambda *_: print("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.5)
timer = select.kevent(1, select.KQ_FILTER_TIMER, select.KQ_EV_ADD, data=800)
print([event.data for event in kq.control([timer], 1)])
for bad in (lambda: kq.control([], -1), lambda: kq.control([], 1, -1)):
    try:
        bad()
    except ValueError as exc:
        print(exc)
again = select.kqueue.fromfd(kq.fileno())
kq.close()
kq.close()
print(kq.closed, again.closed)
try:
    kq.fileno()
except ValueError as exc:
    print(exc)
selector = selectors.DefaultSelector()
print(type(selector).__name__)
selector.register(reader, selectors.EVENT_READ, "data")
print([(key.data, mask) for key, mask in selector.select(0)])
try:
    {added}
except TypeError as exc:
    print(exc)
"""


def test_kqueue(run):
    """Queues and events as CPython has them; waiting goes on after a handler."""
    result = run(KQUEUE)
    assert result.stderr.decode() == ""
    assert result.stdout.decode().splitlines() == [
        "False False",
        "[] []",
        "<select.kevent ident=4 filter=0x0 flags=0x21 fflags=0x0 data=0x3 udata=0x7> True False",
        "[]",
        "alarm",
        "[1]",
        "Length of eventlist must be 0 or positive, got -1",
        "timeout must be positive or None",
        "True False",
        "I/O operation on closed kqueue object",
        "KqueueSelector",
        "[('data', 1)]",
        "unhashable type: 'kevent'",
    ]
