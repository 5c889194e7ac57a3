# SPDX-License-Identifier: BSD-2-Clause
"""Random programs of threads, forks, files and signals: one seed has one trace, forks never diverge."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api

HEAD = """\
import gc, os, random, signal, sys, threading, time, warnings
warnings.simplefilter('ignore')  # from 3.12 on, of a fork with threads
lock, order, total = threading.Lock(), [], 0
class Cycle:
    def __init__(self): self.me = self
    def __del__(self): os.getppid()
def say(*what):
    os.write(1, f'{os.getpid()} {what} {total} {len(order)}\\n'.encode())
def handler(signo, frame):
    order.append(-signo)
    os.getuid()
signal.signal(signal.SIGUSR1, handler)
def add():
    global total
    seen = total
    order.append(seen)
    total = seen + 1
def fork(body):
    global lock
    pid = os.fork()
    if not pid:
        lock = threading.Lock()  # whoever held it is not here
        body()
        say('child')
        os._exit(len(order) % 100)
    order.append(os.waitpid(pid, 0)[1])
def thread(*bodies):
    threads = [threading.Thread(target=body) for body in bodies]
    for each in threads: each.start()
    for each in threads: each.join()
def locked(body):
    with lock:
        body()
def file(n):
    with open(f'f{n}', 'a+') as f:
        f.write('x' * n)
        f.seek(0)
        order.append(len(f.read()))
"""
SIMPLE = st.sampled_from(
    (
        "add()", "say('here')", "order.append(os.getpid() == os.getppid())", "time.sleep(0.001)",
        "file(3)", "file(50)", "order.append(random.random() < 0.5)", "Cycle()", "gc.collect()",
        "os.kill(os.getpid(), signal.SIGUSR1)", "[{} for _ in range(500)]", "order.append(time.time())",
        "thread(add, add)", "locked(add)", "order.append({'a', 'b', 'c'}.pop())", "os.sched_yield()",
    )
)  # fmt: skip


def _block(lines: list[str]) -> str:
    return "(lambda: [" + ", ".join(lines) + "])"


BODIES = st.recursive(
    st.lists(SIMPLE, max_size=4),
    lambda inner: st.lists(
        st.one_of(
            SIMPLE,
            st.builds(lambda body: f"fork({_block(body)})", inner),
            st.builds(lambda bodies: f"thread({', '.join(map(_block, bodies))})",
                      st.lists(inner, min_size=1, max_size=3)),
        ),
        max_size=4,
    ),
    max_leaves=6,
)  # fmt: skip


def outcome(source: str, seed: int | None, preempt: int) -> tuple[api.Result, list[str]]:
    """Run a program; return what came of it, and what the kernel said."""
    with TemporaryDirectory() as place:
        program = Path(place) / "prog.py"
        program.write_text(source)
        with api.boot(seed=seed, preempt=preempt) as k:
            return k.run(program, ktrace=True), k.dmesg()


@settings(max_examples=12, deadline=None)
@given(BODIES, st.one_of(st.none(), st.integers(0, 99)), st.sampled_from((0, 3)))
def test_a_random_program_is_the_same_again(
    body: list[str], seed: int | None, preempt: int
) -> None:
    """Twice the same bytes of trace; no child does anything else than its parent did."""
    source = HEAD + "".join(f"{line}\n" for line in body) + "say('end')\n"
    (first, said), (second, _) = (outcome(source, seed, preempt) for _ in range(2))

    assert not [line for line in said if "diverged" in line]
    assert (first.status, first.stderr) == (0, b"")
    assert first.ktrace == second.ktrace
    assert first.stdout == second.stdout
