# SPDX-License-Identifier: BSD-2-Clause
"""Names in a procfs: what there is in each directory.  NetBSD sys/miscfs/procfs/procfs_vnops.c."""

from collections.abc import Callable, Iterator
from typing import Final

from kernel.fs.procfs.procfs import (
    UIO_MX,
    PFSchroot,
    PFScmdline,
    PFScpuinfo,
    PFScpustat,
    PFScurproc,
    PFScwd,
    PFSdevices,
    PFSemul,
    PFSenviron,
    PFSexe,
    PFSfd,
    PFSfile,
    Pfskey,
    PFSlimit,
    PFSloadavg,
    PFSmap,
    PFSmaps,
    PFSmem,
    PFSmeminfo,
    PFSmounts,
    PFSnote,
    PFSnotepg,
    PFSproc,
    PFSroot,
    PFSself,
    PFSstat,
    PFSstatm,
    PFSstatus,
    PFStask,
    PFSuptime,
    PFSversion,
)
from kernel.fs.procfs.procfs_fd import procfs_fdtype
from kernel.fs.procfs.procfs_subr import (
    procfs_allocvp,
    procfs_proc_find,
    procfs_use_linux_compat,
)
from kernel.kern.kern_subr import uiomove
from kernel.sys.dirent import DT_DIR, DT_LNK, DT_REG, DT_UNKNOWN, IFTODT, Dirent
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import DTYPE_VNODE, File
from kernel.sys.mount import Mount
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.param import PID_MAX
from kernel.sys.proc import Proc
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.vnode import VDIR, VTTOIF, Vnode


def _validfile(p: Proc, _mp: Mount) -> bool:
    """Whether p has a program."""
    return p.p_textvp is not None


def _validfile_linux(p: Proc, mp: Mount) -> bool:
    return procfs_use_linux_compat(mp) and _validfile(p, mp)


class Target(NamedTuple):
    """A name in the directory of a process (struct proc_target)."""

    pt_type: int  # DT_*
    pt_name: bytes
    pt_pfstype: int
    pt_valid: Callable[[Proc, Mount], bool] | None = None
    pt_fd: int = -1


_TARGETS: Final = (
    Target(DT_DIR, b".", PFSproc),
    Target(DT_DIR, b"..", PFSroot),
    Target(DT_DIR, b"fd", PFSfd),
    Target(DT_DIR, b"task", PFStask, _validfile_linux),
    Target(DT_LNK, b"cwd", PFScwd),
    Target(DT_REG, b"emul", PFSemul),
    Target(DT_LNK, b"root", PFSchroot),
    Target(DT_REG, b"cmdline", PFScmdline),
    Target(DT_REG, b"environ", PFSenviron),
    Target(DT_LNK, b"exe", PFSexe, _validfile),
    Target(DT_REG, b"file", PFSfile, _validfile),
    Target(DT_REG, b"limit", PFSlimit),
    Target(DT_REG, b"limits", PFSlimit, pt_fd=0),
    Target(DT_REG, b"map", PFSmap),
    Target(DT_REG, b"maps", PFSmaps),
    Target(DT_REG, b"mem", PFSmem),
    Target(DT_REG, b"note", PFSnote),
    Target(DT_REG, b"notepg", PFSnotepg),
    Target(DT_REG, b"stat", PFSstat, _validfile_linux),
    Target(DT_REG, b"statm", PFSstatm, _validfile_linux),
    Target(DT_REG, b"status", PFSstatus),
)
_BY_NAME: Final = {target.pt_name: target for target in _TARGETS[2:]}
_LINKS: Final = {b"curproc": PFScurproc, b"self": PFSself}
_LINUX: Final = {  # in the root directory, with -o linux
    b"meminfo": PFSmeminfo,
    b"cpuinfo": PFScpuinfo,
    b"uptime": PFSuptime,
    b"mounts": PFSmounts,
    b"devices": PFSdevices,
    b"stat": PFScpustat,
    b"loadavg": PFSloadavg,
    b"version": PFSversion,
}
_FIRST: Final = 4  # cookie of the first process: the highest pid
_MISC: Final = _FIRST + PID_MAX + 1  # cookie of what comes after pid 0


def procfs_lookup(dvp: Vnode, name: bytes, _cred: Ucred) -> Vnode | None:
    """Find name; in fd/ that is the open file itself, and file is the program.

    Raises:
        KernelError: ENOTDIR; ENOENT, the process has ended.
    """
    if name == b".":
        return dvp
    pfs: Pfskey = dvp.v_data.pfs_key
    look = _LOOKUP.get(pfs.pfs_type)
    if look is None or dvp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    return look(dvp.v_mount, pfs, name)


def _atoi(name: bytes) -> int:
    """Return the number that name is, -1 if it is none."""
    return int(name) if name.isdigit() else -1


def _lookup_root(mp: Mount, _pfs: Pfskey, name: bytes) -> Vnode | None:
    if name in _LINUX and procfs_use_linux_compat(mp):
        return procfs_allocvp(mp, Pfskey(_LINUX[name]))
    if name in _LINKS:
        return procfs_allocvp(mp, Pfskey(_LINKS[name]))
    pid = _atoi(name)
    try:
        procfs_proc_find(mp, pid, Errno.ESRCH)
    except KernelError:
        return None
    return procfs_allocvp(mp, Pfskey(PFSproc, pid))


def _lookup_proc(mp: Mount, pfs: Pfskey, name: bytes) -> Vnode | None:
    if name == b"..":
        return procfs_allocvp(mp, Pfskey(PFSroot))
    p = procfs_proc_find(mp, pfs.pfs_pid, Errno.ENOENT)
    target = _BY_NAME.get(name)
    if target is None or (target.pt_valid is not None and not target.pt_valid(p, mp)):
        return None
    if target.pt_pfstype == PFSfile:
        return p.p_textvp
    return procfs_allocvp(mp, Pfskey(target.pt_pfstype, pfs.pfs_pid, target.pt_fd))


def _lookup_fd(mp: Mount, pfs: Pfskey, name: bytes) -> Vnode | None:
    p = procfs_proc_find(mp, pfs.pfs_pid, Errno.ENOENT)
    if name == b"..":
        return procfs_allocvp(mp, Pfskey(PFSproc, pfs.pfs_pid))
    fd = _atoi(name)
    files = p.p_fd.fd_ofiles
    fp = files[fd] if 0 <= fd < len(files) else None
    if fp is None:
        raise KernelError(Errno.ENOENT)
    if fp.f_type == DTYPE_VNODE and fp.f_data.v_type != VDIR:
        vp: Vnode = fp.f_data
        return vp
    return procfs_allocvp(mp, Pfskey(PFSfd, pfs.pfs_pid, fd))


def _lookup_task(mp: Mount, pfs: Pfskey, name: bytes) -> Vnode | None:
    procfs_proc_find(mp, pfs.pfs_pid, Errno.ENOENT)
    if name == b"..":
        return procfs_allocvp(mp, Pfskey(PFSproc, pfs.pfs_pid))
    if _atoi(name) != pfs.pfs_pid:
        raise KernelError(Errno.ENOENT)
    return procfs_allocvp(mp, Pfskey(PFStask, pfs.pfs_pid, 0))


_LOOKUP: Final[dict[int, Callable[[Mount, Pfskey, bytes], Vnode | None]]] = {
    PFSroot: _lookup_root,
    PFSproc: _lookup_proc,
    PFSfd: _lookup_fd,
    PFStask: _lookup_task,
}


def procfs_readdir(vp: Vnode, uio: Uio, _cred: Ucred) -> bool:
    """Read entries of UIO_MX bytes each, from the cookie in uio_offset on.

    A process keeps its cookie, whatever comes and goes; the newest is first.

    Raises:
        KernelError: EINVAL, no room for one entry, or a negative cookie. ESRCH, the
            process has ended. ENOTDIR. EFAULT.
    """
    if uio.uio_resid < UIO_MX or uio.uio_offset < 0:
        raise KernelError(Errno.EINVAL)
    pfs: Pfskey = vp.v_data.pfs_key
    entries = _ENTRIES.get(pfs.pfs_type)
    if entries is None or vp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    block = bytearray()
    cookie = uio.uio_offset
    eof = True
    for at, key, kind, name in entries(vp.v_mount, pfs, cookie):
        if len(block) + UIO_MX > uio.uio_resid:
            eof = False
            break
        block += Dirent(key.pfs_fileno, kind, name).pack(UIO_MX)
        cookie = at + 1
    if block:
        uiomove(block, uio)
    uio.uio_offset = cookie
    return eof


_Entry = tuple[int, Pfskey, int, bytes]  # its cookie, what it stands for, DT_*, name


def _dots(pid: int, start: int) -> Iterator[_Entry]:
    """Yield "." and "..", which in every directory of a process are its own and the root."""
    if start <= 0:
        yield 0, Pfskey(PFSproc, pid), DT_DIR, b"."
    if start <= 1:
        yield 1, Pfskey(PFSroot), DT_DIR, b".."


def _entries_root(mp: Mount, pfs: Pfskey, start: int) -> Iterator[_Entry]:
    static = ((pfs, DT_DIR, b"."), (pfs, DT_DIR, b".."), *_link_entries())
    for at, (key, kind, name) in enumerate(static):
        if at >= start:
            yield at, key, kind, name
    newest = _FIRST + PID_MAX - start  # the highest pid whose cookie is not below start
    for pid in reversed(mp.mnt_kernel.allproc):
        if pid <= newest and _alive(mp, pid):
            yield _FIRST + PID_MAX - pid, Pfskey(PFSproc, pid), DT_DIR, b"%d" % pid
    if procfs_use_linux_compat(mp):
        for at, (name, pfstype) in enumerate(_LINUX.items(), _MISC):
            if at >= start:
                yield at, Pfskey(pfstype), DT_REG, name


def _link_entries() -> Iterator[tuple[Pfskey, int, bytes]]:
    for name, pfstype in _LINKS.items():
        yield Pfskey(pfstype), DT_LNK, name


def _alive(mp: Mount, pid: int) -> bool:
    try:
        procfs_proc_find(mp, pid, Errno.ESRCH)
    except KernelError:
        return False
    return True


def _entries_proc(mp: Mount, pfs: Pfskey, start: int) -> Iterator[_Entry]:
    if not _alive(mp, pfs.pfs_pid):
        return
    p = procfs_proc_find(mp, pfs.pfs_pid, Errno.ESRCH)
    yield from _dots(pfs.pfs_pid, start)
    for at, target in enumerate(_TARGETS):
        if at < max(start, 2) or (target.pt_valid is not None and not target.pt_valid(p, mp)):
            continue
        key = Pfskey(target.pt_pfstype, pfs.pfs_pid, target.pt_fd)
        yield at, key, target.pt_type, target.pt_name


def _entries_fd(mp: Mount, pfs: Pfskey, start: int) -> Iterator[_Entry]:
    files = procfs_proc_find(mp, pfs.pfs_pid, Errno.ESRCH).p_fd.fd_ofiles
    yield from _dots(pfs.pfs_pid, start)
    for fd in range(max(start - 2, 0), len(files)):
        fp = files[fd]
        if fp is not None:
            yield fd + 2, Pfskey(PFSfd, pfs.pfs_pid, fd), _fttodt(fp), b"%d" % fd


def _fttodt(fp: File) -> int:
    """Return the DT_* of an open file."""
    try:
        return IFTODT(VTTOIF(procfs_fdtype(fp)))
    except KernelError:
        return DT_UNKNOWN


def _entries_task(mp: Mount, pfs: Pfskey, start: int) -> Iterator[_Entry]:
    procfs_proc_find(mp, pfs.pfs_pid, Errno.ESRCH)
    yield from _dots(pfs.pfs_pid, start)
    if start <= 2:
        yield 2, Pfskey(PFStask, pfs.pfs_pid, 0), DT_LNK, b"%d" % pfs.pfs_pid


_ENTRIES: Final[dict[int, Callable[[Mount, Pfskey, int], Iterator[_Entry]]]] = {
    PFSroot: _entries_root,
    PFSproc: _entries_proc,
    PFSfd: _entries_fd,
    PFStask: _entries_task,
}
