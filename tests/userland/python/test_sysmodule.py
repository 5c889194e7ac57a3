# SPDX-License-Identifier: BSD-2-Clause
"""sys, builtins and the end of a program: the same as under python3, and each process its own."""

import textwrap
from collections.abc import Callable

import pytest

from kernel.api import Result

PROGRAMS = {
    "excepthook is called": """
        import sys
        def hook(*args):
            print(args[0], args[1], args[2].tb_lineno)
        sys.excepthook = hook
        1 / 0
    """,
    "excepthook fails": """
        import sys
        def hook(*args):
            raise ValueError("hook")
        sys.excepthook = hook
        1 / 0
    """,
    "excepthook exits": """
        import sys
        def hook(*args):
            sys.exit(9)
        sys.excepthook = hook
        1 / 0
    """,
    "excepthook is missing": "import sys; del sys.excepthook; 1 / 0",
    "excepthook to another stderr": """
        import io, sys
        sys.stderr = io.StringIO()
        try:
            1 / 0
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())
            sys.__excepthook__(*sys.exc_info())
        print([line for line in sys.stderr.getvalue().splitlines() if "File" not in line])
    """,
    "excepthook of no exception": "import sys; sys.excepthook(1, '1', 1)",
    "no stderr": "import sys; sys.stderr = None; 1 / 0",
    "chained": """
        try:
            1 / 0
        except ZeroDivisionError as exc:
            raise KeyError("a") from exc
    """,
    "group": "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
    "notes": """
        exc = ValueError("x")
        exc.add_note("a note")
        raise exc
    """,
    "tracebacklimit": """
        import sys
        def f():
            1 / 0
        sys.tracebacklimit = 1
        f()
    """,
    "no traceback": "import sys; sys.tracebacklimit = 0; 1 / 0",
    "displayhook": """
        import sys, builtins
        sys.displayhook(3)
        print(builtins._)
        sys.displayhook(None)
        exec(compile("4", "x", "single"))
        sys.displayhook = print
        exec(compile("5", "x", "single"))
    """,
    "unraisablehook": """
        import sys
        class A:
            def __del__(self):
                1 / 0
        sys.unraisablehook = lambda u: print(u.exc_type, u.err_msg, u.object.__name__)
        A()
        def fails(unraisable):
            raise ValueError
        sys.unraisablehook = lambda u: fails(u)
        sys.unraisablehook = print
    """,
    "suggestion of an attribute": """
        class A:
            blech = None
        A().bluch
    """,
    "suggestion of a name": """
        def f():
            some_variable = 1
            print(some_varable)
        try:
            f()
        except NameError as exc:
            ValueErrr
    """,
    "no suggestion": "import sys; sys.nothing_like_that",
    "exit codes": "import sys; sys.exit(256 + 3)",
    "exit with a text": "import sys; print('out'); sys.exit('text')",
    "exit of site": "print(exit, quit); exit('x')",
    "exit of a thread": """
        import threading
        def f():
            raise SystemExit("nobody sees it")
        t = threading.Thread(target=f)
        t.start()
        t.join()
    """,
    "site": "print(help, copyright, credits, license)",
    "help": "help(len)",
    "atexit": """
        import atexit
        atexit.register(print, "first")
        def fails():
            1 / 0
        fails.__repr__ = lambda: "x"
        class Fails:
            def __call__(self):
                raise ValueError("at exit")
            def __repr__(self):
                return "<Fails>"
        atexit.register(Fails())
        atexit.register(print, "last")
        print(atexit._ncallbacks())
    """,
    "atexit is told to forget": """
        import atexit
        def f():
            print("f")
        atexit.register(f)
        atexit.register(print, 1)
        atexit.unregister(f)
        atexit._run_exitfuncs()
        print(atexit._ncallbacks())
        atexit.register(f)
        atexit._clear()
    """,
    "stdout is deleted": """
        import sys
        print("x")
        del sys.stdout
        try:
            print("y")
        except RuntimeError as exc:
            sys.stderr.write(f"{exc}\\n")
    """,
    "atexit exits": """
        import atexit, sys
        atexit.register(sys.exit, 5)
        atexit.register(print, "before")
    """,
    "destroyed at the end": """
        import sys
        class A:
            def __init__(self, name):
                self.name = name
            def __del__(self):
                print("gone", self.name, helper(), sys.is_finalizing())
        def helper():
            return 1
        a = A("a")
        b = A("b")
        print(sys.is_finalizing())
    """,
    "stdout that fails": """
        import os, sys
        sys.stdout.write("x")
        os.close(1)
    """,
    "input": "print([input('prompt '), input()])\nprint(input())",
    "input without stdin": "import sys; sys.stdin = None; input()",
    "input of a program": """
        import io, sys
        sys.stdin = io.StringIO("a\\nb")
        print(input(), input())
        sys.stdin = type("S", (), {"readline": lambda self: 3})()
        input()
    """,
    "print without stdout": "import sys; sys.stdout = None; print(1)",
    "breakpoint": """
        import sys
        sys.breakpointhook = lambda *args, **kwargs: print(args, kwargs)
        breakpoint(1, a=2)
        sys.breakpointhook = sys.__breakpointhook__
        import os
        os.environ["PYTHONBREAKPOINT"] = "builtins.print"
        breakpoint("printed")
        os.environ["PYTHONBREAKPOINT"] = "nothing.here"
        breakpoint()
        os.environ["PYTHONBREAKPOINT"] = "0"
        breakpoint()
    """,
    "settrace": """
        import sys
        def f(x):
            y = x
            return y
        def trace(frame, event, arg):
            print(event, frame.f_code.co_name, frame.f_lineno, arg)
            return trace
        sys.settrace(trace)
        f(1)
        print(sys.gettrace() is trace)
        sys.settrace(None)
        f(2)
        def fails(frame, event, arg):
            1 / 0
        sys.settrace(fails)
        try:
            f(3)
        except ZeroDivisionError:
            print(sys.gettrace())
    """,
    "setprofile": """
        import sys
        def f():
            return len("a")
        def profile(frame, event, arg):
            if frame.f_code.co_name == "f":
                print(event, frame.f_code.co_name)
        sys.setprofile(profile)
        f()
        print(sys.getprofile() is profile)
        sys.setprofile(None)
        f()
    """,
    "asyncgen hooks": """
        import sys
        async def agen():
            yield 1
            yield 2
        print(sys.get_asyncgen_hooks())
        sys.set_asyncgen_hooks(firstiter=lambda a: print("first"), finalizer=lambda a: print("end"))
        a = agen()
        try:
            a.asend(None).send(None)
        except StopIteration as exc:
            print(exc.value)
        del a
        try:
            sys.set_asyncgen_hooks(firstiter=1)
        except TypeError as exc:
            print(exc)
        sys.set_asyncgen_hooks(None, None)
        print(sys.get_asyncgen_hooks())
    """,
    "limits": """
        import sys
        for value in (0, -1, 1 << 40, "a"):
            try:
                sys.setrecursionlimit(value)
            except (ValueError, OverflowError, TypeError) as exc:
                print(type(exc), exc)
        sys.setrecursionlimit(500)
        print(sys.getrecursionlimit())
        sys.setswitchinterval(0.25)
        print(sys.getswitchinterval())
    """,
    "endless recursion is caught": """
        depth = 0
        def f():
            global depth
            depth += 1
            f()
        try:
            f()
        except RecursionError as exc:
            print(exc, 900 < depth < 1100)
    """,
    "a higher limit": """
        import sys
        sys.setrecursionlimit(5000)
        def f(n):
            return n and 1 + f(n - 1)
        print(f(4000))
    """,
    "audit": """
        import sys
        def hook(event, args):
            if event.startswith("mine"):
                print(event, args)
            if event == "mine.no":
                raise PermissionError("no")
        sys.addaudithook(hook)
        sys.audit("mine.a", 1, 2)
        sys.audit("mine.no")
    """,
    "names of __main__": "print(sorted(globals()), __spec__, __annotations__, __cached__)",
    "implementation": "import sys; print(sys.implementation.name, sys.implementation.cache_tag)",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_is_as_under_python3(program: str, same: Callable[[str], None]):
    """Output, errors and status are the host's."""
    same(textwrap.dedent(PROGRAMS[program]).strip())


def test_what_del_raises_is_said(run: Callable[..., Result]):
    """The default hook names the function, and the program goes on; also without sys's hook."""
    result = run(
        "import sys\nclass A:\n    def __del__(self):\n        1 / 0\n"
        "A()\ndel sys.unraisablehook\nA()\nprint('next')\n"
    )
    text = result.stderr.decode()
    assert text.startswith("Exception ignored in: <function A.__del__ at 0x")
    assert text.count('  File "/root/prog.py", line 4, in __del__\n    1 / 0\n') == 2
    assert text.endswith("ZeroDivisionError: division by zero\n")
    assert result.stdout == b"next\n"


def test_endless_recursion_ends_the_program_only(run: Callable[..., Result]):
    """RecursionError and status 1, also through C and with system calls on the way down."""
    for body in ("f()", "getattr(A(), 'x')", "os.stat('/'); f()"):
        result = run(
            "import os\nclass A:\n    def __getattr__(self, name):\n        return getattr(self, name)\n"
            f"def f():\n    {body}\nf()\n"
        )
        assert result.status == 1
        assert b"RecursionError: maximum recursion depth exceeded" in result.stderr


def test_a_limit_is_the_processs_own(run: Callable[..., Result]):
    """A deep process and a shallow one take turns; a limit lower than the depth is refused."""
    result = run(
        """
import os, sys, threading
def deep(n):
    if n:
        return deep(n - 1)
    os.sched_yield()
    return os.getpid()
sys.setrecursionlimit(3000)
pid = os.fork()
if not pid:
    sys.setrecursionlimit(100)
    for _ in range(3):
        os.sched_yield()
    os._exit(sys.getrecursionlimit())
deep(2500)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
def low(n):
    if n:
        return low(n - 1)
    sys.setrecursionlimit(50)
try:
    low(60)
except RecursionError as exc:
    print(str(exc).split(" at ")[0])
"""
    )
    assert result.stdout == b"100\ncannot set the recursion limit to 50\n", result.stderr.decode()


def test_hooks_are_the_processs_own(run: Callable[..., Result]):
    """Another process is not traced, and what one has set does not outlive it."""
    result = run(
        """
import subprocess, sys
seen = []
def trace(frame, event, arg):
    seen.append(frame.f_code.co_filename)
    return trace
sys.settrace(trace)
sys.setswitchinterval(1)
print(subprocess.run([sys.executable, "-c", "import sys; print(sys.gettrace(), sys.getswitchinterval())"],
                     capture_output=True).stdout)
sys.settrace(None)
print([name for name in seen if "/kernel/" in name or "/userland/" in name])
"""
    )
    assert result.stdout == b"b'None 0.005\\n'\n[]\n", result.stderr.decode()
