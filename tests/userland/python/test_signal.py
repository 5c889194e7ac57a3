# SPDX-License-Identifier: BSD-2-Clause
"""Handlers of a program: run when the system's handler has returned, by the main thread."""


def test_a_handler_blocks_nothing(same):
    """In a handler its own signal is not blocked: it comes again, nested, as in CPython."""
    same("""
import os, signal
depth = 0

def handler(signum, frame):
    global depth
    depth += 1
    if depth < 3:
        os.kill(os.getpid(), signum)
    print(depth, signum == signal.SIGUSR1, signal.pthread_sigmask(signal.SIG_BLOCK, []))
    depth -= 1

signal.signal(signal.SIGUSR1, handler)
os.kill(os.getpid(), signal.SIGUSR1)
print(depth)
""")


def test_two_at_once_run_lowest_first(same):
    """The lowest number's handler runs first; what it raises does not keep the other's."""
    same("""
import os, signal
print("begin")

def first(signum, frame):
    raise ValueError(signum == signal.SIGINT)

signal.signal(signal.SIGINT, first)
signal.signal(signal.SIGTERM, lambda *_: print("term"))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
os.kill(os.getpid(), signal.SIGTERM)
os.kill(os.getpid(), signal.SIGINT)
try:
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    print("not reached")
except ValueError as exc:
    print(exc)
print("end")
""")


def test_the_main_thread_runs_them(run):
    """A signal for another thread: its handler runs in the main thread."""
    result = run("""
import signal, threading, time
where = []
signal.signal(signal.SIGUSR1, lambda signum, frame: where.append(threading.current_thread().name))

def other():
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
    where.append("other")

def main():
    thread = threading.Thread(target=other)
    thread.start()
    time.sleep(1)
    thread.join()
    print(where)

main()
""")
    assert result.stderr == b""
    assert result.stdout == b"['other', 'MainThread']\n"


def test_a_call_that_starts_again_keeps_the_handler_waiting(run):
    """After siginterrupt(signum, False) the handler runs when the call ends."""
    result = run("""
import os, signal, time
r, w = os.pipe()
start = time.monotonic()
signal.signal(signal.SIGALRM, lambda *_: print(time.monotonic() - start > 5))
if not os.fork():
    time.sleep(5)
    os.write(w, b"late")
    os._exit(0)
signal.siginterrupt(signal.SIGALRM, False)
signal.setitimer(signal.ITIMER_REAL, 1)
print(os.read(r, 10))
""")
    assert result.stderr == b""
    assert result.stdout == b"True\nb'late'\n"


def test_a_fork_in_a_handler_is_replayed(run):
    """What a child's handlers did is done again where it was done."""
    result = run("""
import os, signal, time
seen = []

def handler(signum, frame):
    seen.append(signum)
    if len(seen) == 2:
        pid = os.fork()
        if not pid:
            print(len(seen), "child", flush=True)
            os._exit(0)
        os.waitpid(pid, 0)

signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 1, 1)
time.sleep(2.5)
signal.setitimer(signal.ITIMER_REAL, 0)
if not os.fork():
    print(len(seen), "second", flush=True)
    os._exit(0)
os.wait()
print("parent")
""")
    assert result.stderr == b""
    assert result.stdout == b"2 child\n2 second\nparent\n"


def test_what_cannot_be_written_to_the_wakeup_descriptor_is_said(run):
    """A full pipe, unless it was told not to warn; the handler runs all the same."""
    result = run("""
import os, signal
r, w = os.pipe()
os.set_blocking(w, False)
try:
    while True:
        os.write(w, bytes(4096))
except BlockingIOError:
    pass
signal.signal(signal.SIGUSR1, lambda *_: print("handled"))
signal.set_wakeup_fd(w, warn_on_full_buffer=False)
signal.raise_signal(signal.SIGUSR1)
signal.set_wakeup_fd(w)
signal.raise_signal(signal.SIGUSR1)
""")
    assert result.stdout == b"handled\nhandled\n"
    assert result.stderr.decode() == (
        "Exception ignored when trying to write to the signal wakeup fd:\n"
        "BlockingIOError: [Errno 35] Resource temporarily unavailable\n"
    )


def test_timers_have_an_error_of_their_own(same):
    """signal.ItimerError is a class of OSErrors; the numbers of timers are checked."""
    same("""
import signal
print(signal.ItimerError.__mro__)
for call in (lambda: signal.setitimer(-1, 0), lambda: signal.getitimer(-1),
             lambda: signal.setitimer(signal.ITIMER_REAL, float("nan"))):
    try:
        call()
    except (OSError, ValueError) as exc:
        print(type(exc), exc)
""")


def test_interrupt_main_is_no_signal_of_the_system(same):
    """Without a handler nothing happens; with one it runs."""
    same("""
import _thread, signal
signal.signal(signal.SIGTERM, signal.SIG_DFL)
_thread.interrupt_main(signal.SIGTERM)
signal.signal(signal.SIGTERM, lambda *_: print("handled"))
_thread.interrupt_main(signal.SIGTERM)
try:
    _thread.interrupt_main(1000)
except ValueError as exc:
    print(exc)
""")


def test_what_an_old_program_had_still_to_handle_is_not_the_new_ones(same):
    """The handler of one signal runs another program while the next one's waits for its turn."""
    same("""
import os, signal, sys
if "again" in sys.argv:
    os.kill(os.getpid(), signal.SIGCHLD)
    print("new", flush=True)
    sys.exit()

def first(*_):
    os.execv(sys.executable, [sys.executable, sys.argv[0], "again"])

signal.signal(signal.SIGINT, first)
signal.signal(signal.SIGTERM, lambda *_: print("old", flush=True))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
os.kill(os.getpid(), signal.SIGTERM)
os.kill(os.getpid(), signal.SIGINT)
signal.pthread_sigmask(signal.SIG_SETMASK, [])
""")
