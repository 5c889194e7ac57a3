# SPDX-License-Identifier: BSD-2-Clause
"""exit, help and the like are what python3 has, though they are made when somebody looks."""

from collections.abc import Callable

import pytest

from kernel import api
from userland.python.sitebuiltins import Quitter, SiteBuiltins

Run = Callable[..., api.Result]

PROGRAMS = {
    "texts": "print(exit, quit, help, repr(exit), f'{quit!s:>40}', str(copyright)[:9])",
    "printers": "print(repr(license), len(str(credits)) > 80)\ncopyright()",
    "attributes": "print(exit.name, quit.eof, vars(exit), sorted(vars(license)))",
    "names of classes": "print([type(x).__name__ for x in (exit, help, credits)], type(quit))",
    "one class": "T = type(exit)\nprint(T is type(quit), T is type(help), isinstance(quit, T),"
    " issubclass(T, object), isinstance(1, T))",
    "a class is the same after a look": "T = type(exit)\nexit.name\n"
    "print(isinstance(exit, T), isinstance(help, T), type(exit).__mro__)",
    "another of the class": "print(type(exit)('stop', '^D'))\ntype(exit)('stop', '^D')(3)",
    "a class derived from it": "class Mine(type(exit)):\n    pass\n"
    "mine = Mine('mine', '^D')\nprint(mine, Mine.__bases__[0] is type(exit), isinstance(mine, type(exit)))",
    "a class that is changed": "type(exit).__repr__ = lambda self: 'changed ' + self.name\n"
    "print(exit, quit)",
    "a class that loses something": "T = type(help)\ndel T.__repr__\nprint(str(help)[:8])",
    "an object that is changed": "exit.name = 'stop'\nexit.more = 1\ndel exit.eof\nprint(vars(exit))",
    "no such attribute": "exit.nothing",
    "no such attribute of the class": "type(exit).nothing",
    "no operator": "exit + 1",
    "no length": "len(help)",
    "a key": "d = {exit: 1, quit: 2}\nexit.name\nprint(d[exit], d[quit], exit == exit, exit != quit)",
    "a copy": "import copy\nprint(copy.copy(exit), copy.deepcopy(quit).eof)",
    "pickled": "import pickle\nprint([pickle.loads(pickle.dumps(x, n)) for x in (exit, quit, help)"
    " for n in (0, 2, 4)], type(pickle.loads(pickle.dumps(license))) is type(license))",
    "of its module": "import _sitebuiltins\nprint(exit.name, type(exit) is _sitebuiltins.Quitter)",
    "listed": "print([n for n in dir(help) if n[:2] != '__'], '__call__' in dir(type(exit)))",
    "taken away": "import builtins\nstop = builtins.exit\ndel builtins.exit\nprint(stop)\n"
    "print(hasattr(builtins, 'exit'))",
    "the status": "quit(5)",
    "a function of it": "f = exit.__call__\nf('text')",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_is_as_under_python3(program: str, same: Callable[[str], None]) -> None:
    """Whatever comes first, a call, a look at the object or one at its class: it is python3's."""
    same(program)


def test_two_processes_have_classes_of_their_own(run: Run) -> None:
    """What a program does to the class of exit, no other sees: not its child, not the next."""
    change = "type(exit).__repr__ = lambda self: 'changed'\ntype(help).more = 1\n"
    show = "print(exit, hasattr(help, 'more'), flush=True)\n"
    result = run(
        "import os\nif not os.fork():\n    "
        + change.replace("\n", "\n    ")
        + show
        + f"else:\n    os.wait()\n    {show}"
    )
    plain = b"Use exit() or Ctrl-D (i.e. EOF) to exit False\n"
    assert result.stdout == b"changed True\n" + plain
    assert run(show).stdout == plain


def test_nobody_looks_nothing_is_made(k: api.System) -> None:
    """A program that only runs has objects of the classes that all share."""
    k.install(b"/root/prog.py", b"import time\ntime.sleep(100)\n")
    process = k.process()
    k.start(process, b"/root/prog.py")
    k.settle()
    runtime = process.proc.p_md.md_data.runtime
    assert isinstance(runtime.site, SiteBuiltins)
    assert type(vars(runtime.builtins)["exit"]) is Quitter


def test_the_host_may_look() -> None:
    """Where no process runs the shared classes are what they are."""
    assert Quitter.__name__ == "Quitter"
    assert repr(Quitter) == "<class '_sitebuiltins.Quitter'>"


def test_without_site_there_is_none(run: Run, k: api.System) -> None:
    """python3 -S: exit and quit are there for the shell's sake only, help is not."""
    k.install(b"/root/s.py", b"print('help' in vars(__builtins__))\n")
    assert k.run(b"/usr/bin/python3", ["-S", "/root/s.py"]).stdout == b"False\n"
