# SPDX-License-Identifier: BSD-2-Clause
"""Processes in a directory of their own, and what a failing call is held to."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from kernel import api
from kernel.api import Process
from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_vfsops
from kernel.kern.init_main import boot_lookup
from kernel.kern.vfs_mount import domount
from kernel.sys.mount import Mount
from tests.syscalls.errnos import CALLS, Traced, check_failure
from tests.syscalls.files import SLEEPER


@pytest.fixture
def person(k: api.System) -> Callable[..., Process]:
    """Makes processes whose current directory is /t, which everybody may write."""
    maker = k.root()
    maker.mkdir(b"/t", 0o777)
    maker.chmod(b"/t", 0o777)

    def make(uid: int, gid: int, groups: tuple[int, ...] = ()) -> Process:
        process = k.process(uid, gid, groups)
        process.chdir(b"/t")
        process.umask(0o022)
        return process

    return make


@pytest.fixture
def root(person: Callable[..., Process]) -> Process:
    """The super-user."""
    return person(0, 0)


@pytest.fixture
def user(person: Callable[..., Process]) -> Process:
    """User 1000 of group 100."""
    return person(1000, 100)


@pytest.fixture
def other(person: Callable[..., Process]) -> Process:
    """User 1001 of group 101."""
    return person(1001, 101)


@pytest.fixture
def tmpfs(k: api.System, person: Callable[..., Process]) -> Callable[..., Mount]:
    """Mounts a file system on a new directory of /t that everybody may write."""
    maker = person(0, 0)

    def mount(name: bytes, size: int = 1 << 20, nodes: int = 1000) -> Mount:
        maker.mkdir(name, 0o777)
        covered = boot_lookup(k.kernel, b"/t/" + name)
        made = domount(
            k.kernel, tmpfs_vfsops, covered, TmpfsArgs(size, nodes), onname=b"/t/" + name
        )
        maker.chmod(name, 0o777)
        return made

    return mount


@pytest.fixture
def fails(request: pytest.FixtureRequest, k: api.System) -> Callable[..., OSError]:
    """Makes a call that must fail as the test's mark errno(call, errno) says, in the trace, too."""
    mark = request.node.get_closest_marker("errno")
    assert mark is not None, "this test has no mark errno(call, errno)"
    call, errno = mark.args
    assert call in CALLS, f"the manual knows no call {call}"

    def check(process: Process, function: str, *args: Any, **kwargs: Any) -> OSError:
        trace = Traced(k, process)
        with pytest.raises(OSError) as caught:  # noqa: PT011
            process.call(function, *args, **kwargs)
        assert caught.value.errno == errno, os.strerror(caught.value.errno or 0)
        check_failure(trace.records(), call, errno)
        return caught.value

    return check


@pytest.fixture
def begins(request: pytest.FixtureRequest, k: api.System) -> Callable[..., Callable[[], OSError]]:
    """As fails, of a call that sleeps: starts it, and returns what waits for its failure."""
    mark = request.node.get_closest_marker("errno")
    assert mark is not None, "this test has no mark errno(call, errno)"
    call, errno = mark.args

    def begin(process: Process, function: str, *args: Any) -> Callable[[], OSError]:
        trace = Traced(k, process)
        process.begin(function, *args)

        def finish() -> OSError:
            with pytest.raises(OSError) as caught:  # noqa: PT011
                process.finish()
            assert caught.value.errno == errno
            check_failure(trace.records(), call, errno)
            return caught.value

        return finish

    return begin


@pytest.fixture
def runs(k: api.System, root: Process) -> Process:
    """A process that runs /t/sleeper.py."""
    del root  # who has made /t
    k.install(b"/t/sleeper.py", SLEEPER)
    p = k.process()
    p.begin("execve", b"/t/sleeper.py", ["sleeper.py"], {})
    return p
