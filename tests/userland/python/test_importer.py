# SPDX-License-Identifier: BSD-2-Clause
"""Imports are CPython's own, in the emulated file system."""

import copyreg
import sys
import typing
from collections.abc import Callable

import pytest

from kernel import api
from kernel.sys.ktrace import KTR_NAMEI
from userland.python.frames import LIBRARY

TAG = sys.implementation.cache_tag
Run = Callable[..., api.Result]


@pytest.fixture
def names(k: api.System, run: Run) -> Callable[[str], list[str]]:
    """Return the paths that a program has looked up."""

    def looked_up(source: str) -> list[str]:
        result = run(source, ktrace=True)
        assert result.status == 0, result.stderr
        paths = [one.payload.decode() for one in result.records() if one.type == KTR_NAMEI]
        return paths[1:]

    return looked_up


def test_the_machinery_is_what_python_has(run: Run) -> None:
    """sys tells of CPython's importers, and modules of its loaders."""
    result = run(
        "import sys\nprint([one.__name__ for one in sys.meta_path], len(sys.path_hooks))\n"
        "import json, os, math, re\nfor module in (json, os, math, re):\n"
        "    loader = module.__spec__.loader\n"
        "    print(getattr(loader, '__name__', type(loader).__name__), module.__spec__.origin)\n"
        "print(json.__loader__.get_source('json')[:4], json.__cached__)\n"
    )
    assert result.stdout.decode().splitlines() == [
        "['BuiltinImporter', 'FrozenImporter', 'PathFinder'] 2",
        f"SourceFileLoader {LIBRARY}/json/__init__.py",
        "FrozenImporter frozen",
        "BuiltinImporter built-in",
        f"SourceFileLoader {LIBRARY}/re/__init__.py",
        f'r""" {LIBRARY}/json/__pycache__/__init__.{TAG}.pyc',
    ]


def test_what_is_frozen_is_found_without_a_call(names: Callable[[str], list[str]]) -> None:
    """os and what is built in are there; of the library, the program's directory is asked once."""
    assert names("import os, math, errno, abc\n") == []
    assert names("import json, threading, logging\n") == ["/root"] * 3


def test_a_module_beside_the_program_comes_first(k: api.System, run: Run) -> None:
    """It hides one of the library by its name, as with python3; not one that is frozen."""
    k.install(b"/root/queue.py", b"mine = 1\n")
    k.install(b"/root/abc.py", b"mine = 1\n")
    result = run("import abc, queue\nprint(queue.mine, hasattr(abc, 'mine'))\n")
    assert result.stdout == b"1 False\n"


def test_bytecode_is_written_and_read(k: api.System, run: Run) -> None:
    """A module leaves a .pyc, unless it is told not to; a .pyc serves without its source."""
    k.install(b"/root/mine.py", b"x = 1\n")
    run("import sys\nsys.dont_write_bytecode = True\nimport mine\n")
    assert run("import os\nprint(os.listdir('.'))\n").stdout.count(b"__pycache__") == 0
    result = run(
        "import mine, os\nos.rename(mine.__cached__, 'bare.pyc')\nimport bare\nprint(bare.x)"
    )
    assert result.stdout == b"1\n", result.stderr


def test_the_same_name_each_time(k: api.System, run: Run) -> None:
    """The temporary name of a .pyc is no address of the host's."""
    k.install(b"/root/mine.py", b"x = 1\n")
    traces = []
    for _ in range(2):
        result = run("import mine, os\nos.remove(mine.__cached__)\n", ktrace=True)
        traces.append([one.payload for one in result.records() if one.type == KTR_NAMEI])
    first, second = ([name for name in trace if b".pyc." in name] for trace in traces)
    assert first == second != []


def test_zip_files(run: Run) -> None:
    """A zip file on sys.path has modules."""
    result = run(
        "import sys, zipfile\nwith zipfile.ZipFile('z.zip', 'w') as z:\n"
        "    z.writestr('inside.py', 'x = __file__')\n"
        "sys.path.append('z.zip')\nimport inside\nprint(inside.x)\n"
    )
    assert result.stdout == b"z.zip/inside.py\n", result.stderr


def test_circular_imports(k: api.System, run: Run) -> None:
    """`import a.b as c` finds what is being imported; a plain `import a.b` does not bind it."""
    k.process().mkdir(b"/root/ring", 0o755)
    k.install(b"/root/ring/__init__.py", b"")
    k.install(b"/root/ring/a.py", b"import ring.b\n")
    k.install(
        b"/root/ring/b.py",
        b"import ring.a\nprint(hasattr(ring, 'a'))\nimport ring.a as a\nprint(a.__name__)\n",
    )
    assert run("import ring.a\n").stdout == b"False\nring.a\n"


def test_modules_whose_class_has_a_dict_of_its_own(run: Run) -> None:
    """`from m import x` asks m for x and for nothing else: apipkg's __dict__ imports all it has."""
    result = run(
        "import sys\nfrom types import ModuleType\n"
        "class Lazy(ModuleType):\n"
        "    @property\n    def __dict__(self):\n        raise RecursionError('all of it')\n"
        "    def __getattr__(self, name):\n        return name.upper()\n"
        "sys.modules['lazy'] = Lazy('lazy')\n"
        "from lazy import later\nprint(later)\n"
    )
    assert (result.stdout, result.stderr) == (b"LATER\n", b"")


def test_each_entry_of_a_traceback_has_a_summary(run: Run) -> None:
    """pytest asks for one at a time; those of warnings.py, which is C in CPython, had none."""
    result = run(
        "import traceback, warnings\nwarnings.simplefilter('error')\n"
        "try:\n    warnings.warn('careful')\nexcept UserWarning as e:\n    tb = e.__traceback__\n"
        "print(len(traceback.extract_tb(tb)))\n"
        "while tb is not None:\n"
        "    print(len(traceback.extract_tb(tb, limit=1)))\n    tb = tb.tb_next\n"
    )
    assert result.stderr == b""
    whole, *each = result.stdout.split()
    assert whole == b"1"
    assert len(each) > 1
    assert set(each) == {b"1"}


def test_errors_of_imports(run: Run) -> None:
    """Texts, and tracebacks without the machinery's frames."""
    result = run(
        "import traceback\nfor name in ('nothing', 'os.nothing', '_ssl', 'xml.nothing'):\n"
        "    try:\n        __import__(name)\n    except ImportError as e:\n"
        "        print(e, len(traceback.extract_tb(e.__traceback__)))\n"
        "try:\n    from os import nothing\nexcept ImportError as e:\n    print(e)\n"
        "try:\n    from . import x\nexcept ImportError as e:\n    print(e)\n"
    )
    assert result.stdout.decode().splitlines() == [
        "No module named 'nothing' 1",
        "No module named 'os.nothing'; 'os' is not a package 1",
        "No module named '_ssl': _ssl is an extension module that could reach the host;"
        " `run --allow-module _ssl` allows it 1",
        "No module named 'xml.nothing' 1",
        f"cannot import name 'nothing' from 'os' ({LIBRARY}/os.py)",
        "attempted relative import with no known parent package",
    ]


def test_an_import_hook_of_the_program(run: Run) -> None:
    """Finders and a builtins.__import__ of the program's own are asked."""
    result = run(
        "import builtins, importlib.util, sys\nclass Finder:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        return importlib.util.spec_from_loader(name, self) if name == 'made' else None\n"
        "    def create_module(self, spec): pass\n"
        "    def exec_module(self, module): module.x = 7\n"
        "sys.meta_path.insert(0, Finder())\nimport made\nprint(made.x)\n"
        "real = builtins.__import__\ndef spy(name, *rest):\n    print('import', name)\n"
        "    return real(name, *rest)\nbuiltins.__import__ = spy\nimport made\n"
    )
    assert result.stdout == b"7\nimport made\n", result.stderr


def test_errors_of_json_are_the_programs(run: Run) -> None:
    """C raises the class that the program catches."""
    result = run(
        "import json\ntry:\n    json.loads('[')\nexcept json.JSONDecodeError as e:\n    print(e)\n"
    )
    assert result.stdout == b"Expecting value: line 1 column 2 (char 1)\n"


def test_a_module_is_compiled_as_py_compile_is_told(run: Run) -> None:
    """source_to_code takes CPython's own option."""
    source = (
        "import py_compile\nopen('m.py', 'w').write('assert 0')\n"
        "print(py_compile.compile('m.py', 'm.pyc', optimize=1, doraise=True))\n"
    )
    assert run(source).stdout == b"m.pyc\n"


def test_pickles_are_of_the_programs_classes(run: Run) -> None:
    """_pickle has C's names; classes are looked up among the program's modules."""
    result = run(
        "import copyreg, pickle, re\nimport _pickle\nclass A:\n    pass\n"
        "print(type(_pickle.loads(_pickle.dumps(A()))) is A, pickle.PickleBuffer(b'x').raw().obj)\n"
        "print(pickle.loads(pickle.dumps(re.compile('a'))).pattern, _pickle.PicklingError.__module__)\n"
        "copyreg.pickle(A, lambda a: (int, (7,)))\nprint(pickle.loads(pickle.dumps(A())))\n"
    )
    assert result.stdout == b"True b'x'\na _pickle\n7\n", result.stderr
    assert all(cls.__name__ != "A" for cls in copyreg.dispatch_table)


def test_python_is_compiled_from_files(run: Run) -> None:
    """py_compile and compileall work; no frame of the machine is in what an import raises."""
    result = run(
        "import os, py_compile, sys\nopen('a.py', 'w').write('x = 1')\n"
        "print(os.path.basename(py_compile.compile('a.py', doraise=True)))\n"
        "open('b.py', 'w').write('x = (')\ntry:\n    import b\nexcept SyntaxError as e:\n"
        "    print(e.__traceback__.tb_next)\n"
    )
    assert result.stdout.decode() == f"a.{TAG}.pyc\nNone\n", result.stderr


def test_what_shared_modules_print_is_the_programs(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    """re is shared: what it prints and warns of goes to the program all the same."""
    result = run("import re\nre.compile('a', re.DEBUG)\nre.compile('[[a]')\n")
    assert result.stdout.startswith(b"LITERAL 97\n")
    assert b"FutureWarning: Possible nested set" in result.stderr
    assert capfd.readouterr() == ("", "")


def test_programs_of_the_distribution_do_without_importlib(k: api.System) -> None:
    """What they import of the library is given to them as it is: it is nothing that reaches out."""
    process = k.process()
    k.start(process, b"/bin/sleep", ["9"])
    k.settle()
    modules = process.proc.p_md.md_data.runtime.sys.modules
    assert {"re", "sys", "userland.libc"} <= set(modules)
    assert not {"_frozen_importlib", "importlib", "os"} & set(modules)


def test_only_programs_of_the_distribution_are_given_the_hosts(run: Run) -> None:
    """A program's own typing is its own: what it stores there is nobody's."""
    result = run("import typing\ntyping.Any = 1\nfrom typing import Any\nprint(Any)\n")
    assert result.stdout == b"1\n", result.stderr
    assert typing.Any != 1


def test_a_forks_child_has_its_modules_code(k: api.System, run: Run) -> None:
    """What is read from a file of bytecode is one code object in both."""
    k.install(b"/root/helper.py", b"def f(): pass\n")
    program = """
import os, helper
end, start = os.pipe()
if os.fork():
    print(os.read(end, 100).decode() == str(id(helper.f.__code__)), helper.f.__code__.co_filename)
else:
    os.write(start, str(id(helper.f.__code__)).encode())
"""
    run(program)
    assert run(program).stdout == b"True /root/helper.py\n"


def test_bytecode_that_is_none(same: Callable[[str], None]) -> None:
    """What is wrong with it is said as Python says it, each time."""
    same("""
import importlib.util, marshal, sys
sys.dont_write_bytecode = True
whole = marshal.dumps(compile("x = 1", "bad.py", "exec"))
for data in (marshal.dumps(3), whole[:-1], b"?", b"", whole):
    with open("bad.pyc", "wb") as file:
        file.write(importlib.util.MAGIC_NUMBER + bytes(12) + data)
    importlib.invalidate_caches()
    for _ in range(2):
        try:
            import bad
            print(bad.x)
        except Exception as exc:
            print(type(exc).__name__, str(exc).partition(" in ")[0])
""")


def test_a_module_that_says_it_is_a_package(same: Callable[[str], None]) -> None:
    """By its variable, by its __getattr__, or by its class: what is wanted of it is looked for."""
    same("""
import sys, types

class Package(types.ModuleType):
    __path__ = []

class Finder:
    def find_spec(name, path=None, target=None):
        print("wanted", name, path)

plain, variable, function = (types.ModuleType(name) for name in "abc")
variable.__path__ = []
function.__getattr__ = lambda name: {"__path__": [1]}[name]
sys.meta_path.insert(0, Finder)
for module in (plain, variable, function, Package("d")):
    sys.modules[module.__name__] = module
    try:
        exec(f"from {module.__name__} import child")
    except (ImportError, KeyError) as exc:
        print(module.__name__, type(exc).__name__)
""")


def test_a_module_of_the_table_below_one_that_is_no_package(same: Callable[[str], None]) -> None:
    """`from a import child` finds a.child in sys.modules, whatever a is, if a has none itself."""
    same("""
import os, sys, types

class Lazy(types.ModuleType):
    def __getattr__(self, name):
        print("asked", name)
        raise AttributeError(name)

plain, lazy = types.ModuleType("plain"), Lazy("lazy")
for module in (plain, lazy, os):
    sys.modules.setdefault(module.__name__, module)
    sys.modules[f"{module.__name__}.child"] = f"child of {module.__name__}"
    for name in ("child", "other"):
        try:
            exec(f"from {module.__name__} import {name}\\nprint({name})")
        except ImportError as exc:
            print(type(exc).__name__, str(exc).partition(" (")[0])
os.child = "its own"
from os import child
print(child)
""")
