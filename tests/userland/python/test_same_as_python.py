# SPDX-License-Identifier: BSD-2-Clause
"""Programs do on the kernel what python3 does with them: output, errors and exit status."""

import os
from collections.abc import Callable

import pytest

PROGRAMS = {
    "hello": 'print("hello", 1, sep=", ", end="!\\n")',
    "argv": "import sys\nprint(sys.argv[1:], len(sys.argv))",
    "exit status": "import sys\nsys.exit(3)",
    "exit status is a byte": "import sys\nsys.exit(-1)",
    "exit status is one": "import sys\nsys.exit(257)",
    "exit without status": "exit()",
    "quit": "quit(7)",
    "exit status is an IntEnum": "import enum, sys\nclass E(enum.IntEnum): A = 3\nsys.exit(E.A)",
    "exit status is an int of its own": "import sys\nclass I(int):\n    __int__ = __index__ = lambda s: 9\nsys.exit(I(4))",
    "help ends the command line": "import subprocess, sys\n"
    "for line in '-V -h', '-h -V', '-h -la', '-? --no', '-V -la', '-Vh', '--help -c', '--version --help':\n"
    "    done = subprocess.run([sys.executable, *line.split()], capture_output=True, text=True)\n"
    "    print(line, done.returncode, done.stdout[:5], done.stderr[:14])",
    "exit with a text": "import sys\nsys.exit('no way')",
    "exit with an object": "import sys\nsys.exit(['a'])",
    "exit in a function": "def f():\n    raise SystemExit(4)\nf()",
    "SystemExit bare": "raise SystemExit",
    "traceback": "def f(x):\n    return 1 // x\n\nf(0)",
    "traceback chained": "try:\n    {}[1]\nexcept KeyError:\n    int('x')",
    "traceback from": "try:\n    {}[1]\nexcept KeyError as e:\n    raise ValueError('y') from e",
    "traceback of open": "open('/nonexistent/file')",
    "traceback of os": "import os\nos.mkdir('/')"
    if os.geteuid()
    else "import os\nos.rmdir('/x/y')",
    "traceback of a group": "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
    "traceback deep": "def f(n):\n    f(n + 1) if n < 9 else 1 / 0\nf(0)",
    "traceback printed": "import traceback\ntry:\n    open('nope')\nexcept OSError:\n"
    "    traceback.print_exc()",
    "traceback of warnings": "import warnings\nwarnings.warn('x', stacklevel=1)\n1 / 0",
    "no such attribute": "import sys\nprint(sys.nothing_like_it)",
    "no such import": "import nosuchmodule",
    "no such name": "from os import nosuchname",
    "syntax error": "def f(:\n    pass",
    "indentation": "  x = 1",
    "null": "import sys\nprint('a\\0b')",
    "unicode": "print('h\\xe9\\u20ac\\U0001f600')",
    "surrogate on stderr": "import sys\nsys.stderr.write('\\udcff\\n')",
    "surrogate on stdout": "print('\\udcff')",
    "input": "print(input('? ')[::-1], input())",
    "input at the end": "input()\ninput()\ninput()",
    "stdin lines": "import sys\nfor line in sys.stdin:\n    print(repr(line))",
    "stdin bytes": "import sys\nprint(sys.stdin.buffer.read(3), sys.stdin.read())",
    "print to a file": "with open('f', 'w') as f:\n    print(1, 2, file=f)\nprint(open('f').read())",
    "left open": "f = open('f', 'w')\nf.write('x' * 10)\ng = open('f')\nprint(g.read())",
    "read back what is left open": "import os\nf = open('f', 'w')\nf.write('data')\nif os.fork():\n"
    "    os.wait()\n    print(open('f').read())",
    "cycles are finalized at the end": "log = []\nclass A:\n"
    "    def __init__(self, name):\n        self.me, self.name = self, name\n"
    "    def __del__(self):\n        log.append(self.name)\n        print(log)\n"
    "A('garbage')\nvariable = A('variable')\nlist = [A('in a list')]\n"
    "import atexit\natexit.register(print, 'atexit')",
    "cycles are finalized after an error": "class A:\n"
    "    def __init__(self):\n        self.me = self\n"
    "    def __del__(self):\n        print('gone')\n"
    "A()\nvariable = A()\n1 / 0",
    "fork in a thread of _thread's": "import _thread, os, threading, warnings\n"
    "warnings.simplefilter('ignore')\nlock = _thread.allocate_lock()\nlock.acquire()\n"
    "def forks():\n"
    "    pid = os.fork()\n"
    "    if not pid:\n"
    "        main = threading.main_thread()\n"
    "        print(main is threading.current_thread(), main.ident == threading.get_ident(), flush=True)\n"
    "        os._exit(3)\n"
    "    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n    lock.release()\n"
    "_thread.start_new_thread(forks, ())\nlock.acquire()",
    "a thread at the end": "import _thread, sys\nclass A:\n    def __del__(self):\n"
    "        try:\n"
    "            sys.version_info < (3, 12) or _thread.start_new_thread(print, ('never',))\n"
    "        except RuntimeError as exc:\n            print(type(exc).__name__, exc)\n"
    "a = A()",
    "locals of threads at the end": "import threading\nclass A:\n    def __del__(self):\n"
    "        print(local.name)\nlocal = threading.local()\nlocal.name = 'value'\na = A()",
    "locals of a thread that ends": "import threading\nclass A:\n    def __del__(self):\n"
    "        print('gone')\n"
    "def body():\n    global local\n    local = threading.local()\n    local.a = A()\n"
    "thread = threading.Thread(target=body)\nthread.start()\nthread.join()\nprint('end')",
    "modes": "for mode in ('r', 'w', 'x', 'a', 'r+', 'w+', 'a+', 'rb', 'wb', 'ab', 'r+b', 'rw', 'z',"
    " 'bt', ''):\n    try:\n        with open('f', mode) as f:\n            print(mode, f.mode,"
    " type(f).__name__, f.readable(), f.writable(), f.seekable(), f.tell())\n"
    "    except (OSError, ValueError) as e:\n        print(mode, type(e).__name__, e)",
    "seek and tell": "with open('f', 'w+b') as f:\n    f.write(b'0123456789')\n    f.seek(3)\n"
    "    print(f.read(2), f.tell(), f.seek(-1, 2), f.read(), f.truncate(4), f.seek(0), f.read())",
    "newlines": "open('f', 'wb').write(b'a\\r\\nb\\rc\\n')\nfor n in (None, '', '\\n', '\\r'):\n"
    "    print(open('f', newline=n).readlines())",
    "encoding": "open('f', 'w', encoding='latin-1').write('\\xe9')\nprint(open('f', 'rb').read())\n"
    "open('f', encoding='utf-8').read()",
    "functions of C kept in a class": "import os, io, time\nclass C:\n    open, mkdir, io = open, os.mkdir, io.open\n"
    "    clock = time.monotonic\n    def make(self):\n        self.open('f', 'w').close()\n        self.mkdir('d')\n"
    "        return self.io('f').read(), self.clock() > 0, self.open.__name__, self.mkdir.__name__\n"
    "print(C().make(), os.listdir('d'))",
    "unbuffered": "f = open('f', 'wb', buffering=0)\nprint(f.write(b'abc'), type(f).__name__)\n"
    "print(f.mode, f.name, f.closefd, f.closed)",
    "closed file": "f = open('f', 'w')\nf.close()\nf.write('x')",
    "opener": "import os\nf = open('f', 'w', opener=lambda p, fl: os.open(p, fl, 0o600))\n"
    "f.write('x')\nf.close()\nprint(oct(os.stat('f').st_mode))",
    "open a directory": "open('/')",
    "open a descriptor": "import os\nfd = os.open('f', os.O_RDWR | os.O_CREAT)\n"
    "with open(fd, 'w') as f:\n    f.write('x')\nos.close(fd)",
    "closefd": "open('f', closefd=False)",
    "atexit": "import atexit\natexit.register(print, 'last')\n@atexit.register\ndef f():\n"
    "    print('first')\natexit.register(f)\natexit.unregister(f)",
    "atexit raises": "import atexit, sys\natexit.register(lambda: print('on'))\nsys.exit(5)",
    "excepthook": "import sys\nsys.excepthook = lambda t, v, tb: print('hook', t.__name__, v)\n1 / 0",
    "stdout replaced": "import sys, io\nsys.stdout = io.StringIO()\nprint('x')\n"
    "text = sys.stdout.getvalue()\nsys.stdout = sys.__stdout__\nprint(repr(text))",
    "stdout None": "import sys\nsys.stdout = None\nprint('x')",
    "redirect": "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as f:\n"
    "    print('x')\nprint(repr(f.getvalue()))",
    "builtins": "import builtins\nbuiltins.answer = 42\nprint(answer, open is builtins.open)",
    "exec and eval": "exec('import os\\nprint(os.getpid() > 0)')\nprint(eval('1 + 1'))\n"
    "ns = {}\nexec('x = len([1])', ns)\nprint(ns['x'], '__builtins__' in ns)",
    "warnings": "import warnings\nwarnings.warn('careful')\nprint('on')",
    "warning is an error": "import warnings\nwarnings.simplefilter('error')\nwarnings.warn('x')",
    "logging": "import logging\nlogging.warning('x %d', 1)\nlogging.basicConfig(level=10)\n"
    "logging.getLogger('a').debug('y')",
    "argparse": "import argparse\np = argparse.ArgumentParser(prog='p')\np.add_argument('-n')\n"
    "p.parse_args(['-x'])",
    "argparse help": "import argparse\nargparse.ArgumentParser(prog='p').parse_args(['-h'])",
    "dataclass": "from dataclasses import dataclass, asdict\n@dataclass(order=True)\nclass P:\n"
    "    x: int\n    y: 'list[int]'\nprint(P(1, [2]), asdict(P(1, [])), P(1, []) < P(2, []))",
    "enum": "import enum\nclass C(enum.IntFlag):\n    A = 1\n    B = 2\nprint(C(3), repr(C.A | C.B))",
    "typing": "from __future__ import annotations\nimport typing\nclass A:\n    x: B\nclass B: ...\n"
    "print(typing.get_type_hints(A))\nclass G(typing.Generic[typing.TypeVar('T')]): ...\n"
    "print(G[int])",
    "pickle": "import pickle\nclass A:\n    def __init__(self):\n        self.x = [1]\n"
    "for p in range(5):\n    print(pickle.loads(pickle.dumps(A(), p)).x)",
    "copy": "import copy\nclass A:\n    __slots__ = ('x',)\na = A()\na.x = [1]\n"
    "print(copy.deepcopy(a).x, copy.copy(a).x is a.x)",
    "re": "import re\nprint(re.sub(r'(\\w)(?P<n>\\d)', r'\\2\\g<n>', 'a1 b2'))\ntry:\n"
    "    re.compile('(')\nexcept re.error as e:\n    print(e)\ntry:\n    re.sub('a', r'\\9', 'a')\n"
    "except re.error as e:\n    print(e)",
    "json": "import json\nprint(json.dumps({'a': [1, 2.5, None, True]}, indent=1, sort_keys=True))\n"
    "try:\n    json.loads('[1,')\nexcept json.JSONDecodeError as e:\n    print(e)",
    "decimal": "from decimal import Decimal, getcontext\nimport numbers\ngetcontext().prec = 5\n"
    "print(Decimal(1) / 3, isinstance(Decimal(1), numbers.Number))",
    "datetime": "from datetime import datetime, timedelta, timezone\n"
    "d = datetime(2020, 2, 28, 12, tzinfo=timezone.utc)\nprint(d + timedelta(days=2), d.isoformat(),"
    " d.timestamp(), d.strftime('%A %j'))\nprint(datetime.strptime('3 Mar 2021', '%d %b %Y'))",
    "time": "import time\nprint(time.gmtime(0), time.strftime('%Y-%m-%d', time.gmtime(86400)))\n"
    "print(time.strptime('1 Jan 2000', '%d %b %Y').tm_wday, time.asctime(time.gmtime(0)))",
    "random": "import random\nrandom.seed(1)\nprint(random.random(), random.sample(range(99), 3))",
    "hashlib": "import hashlib, zlib, base64\nprint(hashlib.sha256(b'x').hexdigest(),"
    " zlib.crc32(b'x'), base64.b64encode(b'x'))",
    "csv": "import csv, io, sys\ncsv.writer(sys.stdout).writerow(['a,b', 1])\n"
    "print(list(csv.DictReader(io.StringIO('x,y\\n1,2'))))",
    "xml": "import xml.etree.ElementTree as E\nr = E.fromstring('<a><b c=\"1\"/></a>')\n"
    "print(r[0].attrib, E.tostring(r))",
    "zipfile": "import zipfile\nwith zipfile.ZipFile('z', 'w') as z:\n    z.writestr('a', 'text')\n"
    "print(zipfile.ZipFile('z').read('a'))",
    "tarfile": "import tarfile, os\nopen('f', 'w').write('x')\nos.utime('f', (1, 1))\n"
    "with tarfile.open('t', 'w:gz') as t:\n    t.add('f')\nprint(tarfile.open('t').getnames())",
    "pathlib": "from pathlib import Path\np = Path('d/e')\np.mkdir(parents=True)\n"
    "(p / 'f.txt').write_text('text')\nprint(sorted(Path('d').rglob('*')), (p / 'f.txt').stat().st_size,"
    " (p / 'f.txt').read_bytes(), p.is_dir(), Path('x').exists())",
    "shutil": "import os, shutil\nos.makedirs('a/b/c')\nopen('a/f', 'w').write('x')\n"
    "shutil.copytree('a', 'z')\nprint(sorted((d, sorted(n), f) for d, n, f in os.walk('z')))\nshutil.rmtree('a')\nshutil.move('z', 'y')\n"
    "print(os.path.exists('y/b/c'))",
    "tempfile": "import os, tempfile\nwith tempfile.TemporaryDirectory(dir='.') as d:\n"
    "    print(os.path.isdir(d))\nprint(os.path.exists(d))\n"
    "with tempfile.NamedTemporaryFile('w+', dir='.') as f:\n    f.write('x')\n    f.seek(0)\n"
    "    print(f.read(), os.path.exists(f.name))",
    "glob": "import glob\nfor n in ('a.x', 'b.x', 'c.y'):\n    open(n, 'w').close()\n"
    "print(sorted(glob.glob('*.x')))",
    "environ": "import os\nos.environ['A'] = 'b'\nprint(os.getenv('A'), os.environb[b'A'], 'B' in"
    " os.environ)\ndel os.environ['A']\nprint(os.environ.get('A'))",
    "fork": "import os\npid = os.fork()\nif not pid:\n    os._exit(9)\n"
    "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))",
    "fork and print": "import os\nprint('a')\nif not os.fork():\n    print('child')\nelse:\n"
    "    os.wait()\n    print('parent')",
    "pipe": "import os\nr, w = os.pipe()\nif not os.fork():\n    os.write(w, b'x' * 5)\n"
    "    os._exit(0)\nos.close(w)\nprint(os.read(r, 10), os.read(r, 10))",
    "exec": "import os, sys\nprint('before', flush=True)\nos.execv('/bin/echo', ['echo', 'after'])",
    "execvpe": "import os\nos.execvpe('sh', ['sh', '-c', 'echo $X'], {'X': 'y', 'PATH': '/bin'})",
    "exec of nothing": "import os\nos.execv('/nonexistent', ['x'])",
    "system": "import os\nprint(os.system('exit 3'))",
    "handler": "import os, signal\nsignal.signal(signal.SIGTERM, lambda n, f: print('got', n,"
    " f.f_lineno))\nos.kill(os.getpid(), 15)\nprint(signal.getsignal(15) is not None)",
    "killed": "import os\nos.kill(os.getpid(), 15)\nprint('never')",
    "handler raises": "import os, signal\ndef h(n, f):\n    raise RuntimeError('in handler')\n"
    "signal.signal(15, h)\nos.kill(os.getpid(), 15)",
    "interrupt": "import os, signal\nsignal.signal(2, signal.default_int_handler)\n"
    "os.kill(os.getpid(), 2)",
    # The host's CPython runs no handler of a signal that comes just before the sleep: it comes again.
    "alarm": "import signal\nseen = []\ndef ring(*_):\n    signal.setitimer(0, 0)\n    print('late')\n"
    "    seen.append(1)\nsignal.signal(14, ring)\nsignal.setitimer(0, 0.1, 0.1)\n"
    "while not seen:\n    signal.pause()\nprint('on')",
    "thread refused? no: lock": "import threading\nwith threading.Lock() as x:\n    print(x)\n"
    "print(threading.current_thread().name, threading.active_count())",
    "recursion": "import sys\nsys.setrecursionlimit(500)\nprint(sys.getrecursionlimit())",
    "generator left": "def g():\n    try:\n        yield 1\n    finally:\n        print('closed')\n"
    "x = g()\nnext(x)\ndel x",
    "del": "class A:\n    def __del__(self):\n        print('del')\na = A()\ndel a\nprint('on')",
    "expression statements": "exec(compile('1 + 1', '', 'single'))\nprint(_)",
    "assert": "assert 1 == 2, 'no'",
    "doctest": "import doctest, types\nm = types.ModuleType('m', '>>> 1 + 1\\n3\\n')\n"
    "print(doctest.testmod(m).failed)",
    "unittest": "import unittest, io\nclass T(unittest.TestCase):\n    def test(self):\n"
    "        self.assertEqual(1, 1)\nr = unittest.TextTestRunner(stream=io.StringIO()).run("
    "unittest.defaultTestLoader.loadTestsFromTestCase(T))\nprint(r)",
    "main": "print(__name__, __doc__, __spec__ is None, '__file__' in globals())",
    "reload": "import importlib, string\nprint(importlib.reload(string) is string)",
    "sqlite3-free stdlib": "import collections, contextlib, functools, heapq, inspect, itertools,"
    " operator, secrets, statistics, string, textwrap, uuid\nprint(inspect.signature(lambda a, *, b=1:"
    " 0), statistics.mean([1, 2]), functools.reduce(operator.add, [1, 2]))",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_as_python(name: str, same: Callable[[str], None]) -> None:
    """Standard output, standard error and exit status are python3's."""
    same(PROGRAMS[name])
