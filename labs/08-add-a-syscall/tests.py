# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 8: each loads the module, and makes the call from programs of its own."""

import re

from kernel.grade import test
from kernel.grade.asserts import CheckFailed
from kernel.modload import ModuleError, module_init

FILES = ("row.master", "sys_renameproc.py")

# What all programs begin with: memory whose address is known, and the call.
HEAD = """\
import errno, os, signal, sys
from userland.libc import MAP_ANON, MAP_PRIVATE, PROT_READ, PROT_WRITE, load, mmap, store, syscall

page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_ANON | MAP_PRIVATE, -1, 0)
NOWHERE = 0x10
OLD = page + 4096

def call(pid, name, old=0, oldlen=0):
    if isinstance(name, bytes):
        store(page, name + b"\\0")
        name = page
    return syscall(500, pid, name, old, oldlen)

def old():
    return load(OLD, 64).split(b"\\0")[0].decode()

def error(*args):
    try:
        return f"returned {call(*args)}"
    except OSError as exc:
        return errno.errorcode[exc.errno]

def name():
    # what proc(5) says it is called
    with open("/proc/curproc/status") as file:
        return file.read().split()[0]
"""


def loaded(lab):
    """Load the module that was handed in."""
    try:
        return module_init("the module", {name: lab.read(name) for name in FILES})
    except ModuleError as exc:
        raise CheckFailed(str(exc)) from exc


def run(lab, text):
    """Load the module, run a program that begins with HEAD; return its Result."""
    loaded(lab)
    lab.write("prog.py", HEAD + text, 0o755)
    return lab.run("prog.py", shown=text)


def lines(result):
    """Return what a program printed, by lines."""
    return result.stdout.decode().splitlines()


@test(points=2, hint="Number, type, { return type|sys||name(arguments); }: see syscalls.master.")
def the_row(lab):
    """The row says what the text says: renameproc, 500, its four arguments."""
    (row,) = loaded(lab)
    assert (row.number, row.name, row.rtype) == (500, "renameproc", "int")
    found = [f"{arg.ctype} {arg.name}" for arg in row.args]
    assert found == ["pid_t pid", "const char * name", "void * old", "size_t oldlen"]


@test(points=2, hint="kernel.kern.kern_proc has setcomm, kernel.arch.python.copy copyinstr.")
def renames_itself(lab):
    """A process gives itself a name: what comes after it in the trace has that name."""
    result = run(lab, "call(0, b'another')\nos.getppid()\n")
    assert result.trace.calls("renameproc").succeeded().count == 1, "it did not succeed"
    assert result.trace.calls("getppid").by("another").count == 1, "the name is not 'another'"


@test(
    points=2,
    hint="copyout writes to old: the name and a NUL, nothing more. The value returned is the"
    " name's length.",
)
def tells_the_old_name(lab):
    """The name it had goes to old, and its length is returned, however much oldlen is."""
    text = (
        "print(call(0, b'another', OLD, 32), old())\n"
        "print(call(0, b'third', OLD, 1 << 60), old())\n"
    )
    assert lines(run(lab, text)) == ["7 prog.py", "7 another"]


@test(points=1, hint="A NULL name changes nothing, a NULL old is not written to.")
def only_asks(lab):
    """With NULL for a name it only tells, with NULL for old it only renames."""
    text = "print(call(0, 0, OLD, 32), old())\nprint(call(0, b'x'), call(0, 0, 0, 32))\n"
    result = run(lab, text)
    assert lines(result) == ["7 prog.py", "7 1"]


@test(
    points=2,
    hint="proc_find(lwp.l_kernel, pid) finds a process; pid 0 is the caller. The addresses are the"
    " caller's, whoever is renamed: lwp.l_proc.p_vmspace.",
)
def renames_another(lab):
    """A parent renames its child; its own name stays."""
    text = (
        "child = os.fork()\n"
        "if child == 0:\n    os.read(0, 1)\n    os.getppid()\n    os._exit(0)\n"
        "call(child, b'kid')\nos.getpgrp()\nprint(call(child, 0, OLD, 32), old())\nos.wait()\n"
    )
    result = run(lab, text)
    assert lines(result) == ["3 kid"], "what the child's name was"
    assert result.trace.calls("getppid").by("kid").count == 1, "the child is not called kid"
    assert result.trace.calls("getpgrp").by("prog.py").count == 1, "the parent has lost its name"


@test(
    points=1,
    hint="ESRCH if there is no such process; a zombie is none any more. Only pid 0 is the caller.",
)
def needs_a_process(lab):
    """ESRCH: there is no such process, or it has ended."""
    text = (
        "print(error(4000, b'x'), error(-1, b'x'))\n"
        "child = os.fork()\n"
        "if child == 0:\n    os._exit(0)\n"
        "os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)\n"
        "print(error(child, b'x'))\n"
    )
    assert lines(run(lab, text)) == ["ESRCH ESRCH", "ESRCH"]


@test(
    points=2,
    hint="EPERM unless the caller's effective user is root (lwp.l_proc.p_cred.cr_uid) or the one"
    " that the process belongs to (its p_cred.cr_ruid).",
)
def needs_permission(lab):
    """EPERM: another user's process, for all but root."""
    assert lines(run(lab, "print(error(1, b'x'), error(1, 0))\n")) == ["EPERM EPERM"]
    text = "print(call(1, b'x'))\nos.seteuid(1000)\nprint(error(1, b'y'))\n"
    lab.write("root.py", HEAD + text, 0o755)
    result = lab.run("root.py", uid=0, shown=text)
    assert lines(result) == ["4", "EPERM"], "root may, and who was root may not"
    text = (
        "source, sink = os.pipe()\nchild = os.fork()\n"
        "if child == 0:\n    os.seteuid(1000)\n    os.write(sink, b'!')\n    signal.pause()\n"
        "os.read(source, 1)\nos.seteuid(1000)\nprint(error(child, b'x'))\n"
        "os.seteuid(0)\nos.kill(child, signal.SIGKILL)\n"
    )
    lab.write("real.py", HEAD + text, 0o755)
    result = lab.run("real.py", uid=0, shown=text)
    assert lines(result) == ["EPERM"], "a process of root's with another effective user is root's"


@test(
    points=2,
    hint="EINVAL for an empty name or one with a slash; names have at most MAXCOMLEN (16)"
    " bytes, of any kind: copyinstr(vm, name, MAXCOMLEN + 1) raises ENAMETOOLONG itself.",
)
def refuses_bad_names(lab):
    """EINVAL, ENAMETOOLONG: what is no name."""
    text = (
        "print(error(0, b''), error(0, b'a/b'), error(0, b'x' * 17))\n"
        "print(call(0, b'x' * 16), call(0, b'\\xff\\n'), call(0, 0))\n"
    )
    assert lines(run(lab, text)) == ["EINVAL EINVAL ENAMETOOLONG", "7 16 2"]


@test(
    points=2,
    hint="name and old are numbers that a program passes: only copyinstr and copyout know whether"
    " there is memory. They raise EFAULT.",
)
def survives_bad_addresses(lab):
    """EFAULT: there is no memory at name, or at old."""
    text = "print(error(0, NOWHERE), error(0, 0, NOWHERE, 32))\n"
    assert lines(run(lab, text)) == ["EFAULT EFAULT"]


@test(
    points=2,
    hint="ERANGE if the old name and its NUL have no room in oldlen bytes: nothing is written.",
)
def looks_at_oldlen(lab):
    """ERANGE: there is no room for the old name; just enough is enough."""
    text = (
        "store(OLD, b'untouched\\0')\n"
        "print(error(0, 0, OLD, 7), error(0, 0, OLD, 0), old())\n"
        "print(call(0, 0, OLD, 8), old())\n"
        "print(call(0, 0, OLD, 32), load(OLD + 8, 2))\n"
    )
    wanted = ["ERANGE ERANGE untouched", "7 prog.py", r"7 b'd\x00'"]
    assert lines(run(lab, text)) == wanted, "nothing is written behind the name and its NUL"


@test(
    points=3,
    hint="A call that fails has done nothing: look at everything that can go wrong first, then"
    " copyout, and setcomm last.",
)
def changes_nothing_when_it_fails(lab):
    """A call that fails leaves the name as it was, and the memory at old."""
    text = (
        "print(error(0, b'a', NOWHERE, 32), error(0, b'b', OLD, 3))\n"
        "store(OLD, b'untouched\\0')\n"
        "print(error(0, b'x' * 17, OLD, 32), error(0, NOWHERE, OLD, 32), old())\n"
        "print(name())\n"
    )
    assert lines(run(lab, text)) == ["EFAULT ERANGE", "ENAMETOOLONG EFAULT untouched", "prog.py"]


@test(points=1, hint="Nothing is to be done for this: the row and the handler's name are enough.")
def is_in_the_trace(lab):
    """kdump shows the call by its name, with its arguments."""
    result = run(lab, "call(0, b'another')\n")
    records = re.compile(r"(CALL|RET) +renameproc\b")
    shown = [line.strip() for line in result.trace.kdump().splitlines() if records.search(line)]
    assert len(shown) == 2, "there are no two records of renameproc, CALL and RET"
    assert "CALL  renameproc(0,0x" in shown[0], "the first is no such CALL record"
    assert "RET   renameproc 7" in shown[1], "the second is no such RET record"


@test(points=1, hidden=True)
def children_inherit(lab):
    """A child has the name that its parent had at the fork."""
    text = "call(0, b'mother')\nif os.fork() == 0:\n    os.getppid()\n    os._exit(0)\nos.wait()\n"
    result = run(lab, text)
    assert result.trace.calls("getppid").by("mother").count == 1
