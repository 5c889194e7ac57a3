# SPDX-License-Identifier: BSD-2-Clause
"""Starting a kernel: state, root file system, process 1.  NetBSD sys/kern/init_main.c."""

from collections.abc import Callable

from kernel.arch.python.clock import clock_init
from kernel.arch.python.lwp_trampoline import startlwp
from kernel.arch.python.replay import child_start
from kernel.arch.python.sendsig import sendsig
from kernel.arch.python.switch import Context, cpu_context, cpu_discard
from kernel.arch.python.syscall import syscall_intern, syscall_plain
from kernel.arch.python.trap import dead_syscall
from kernel.dev.autoconf import configure
from kernel.fs.deadfs.dead_vfsops import dead_attach
from kernel.fs.devfs.devfs_vfsops import devfs_vfsops
from kernel.fs.hostfs.hostfs_vfsops import hostfs_vfsops
from kernel.fs.nullfs.null_vfsops import nullfs_vfsops
from kernel.fs.procfs.procfs_vfsops import procfs_vfsops
from kernel.fs.ptyfs.ptyfs_vfsops import ptyfs_vfsops
from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_vfsops
from kernel.kern.init_sysent import sysent
from kernel.kern.kern_exec import exec_vmspace
from kernel.kern.kern_idle import idle_loop
from kernel.kern.kern_lwp import lwp_create
from kernel.kern.kern_proc import proc_addchild, proc_enter, setcomm
from kernel.kern.kern_resource import MAXDSIZ, MAXLWP
from kernel.kern.kern_sig import issignal
from kernel.kern.tty_ptm import ptmattach
from kernel.kern.uipc_domain import domaininit
from kernel.kern.vfs_lookup import namei
from kernel.kern.vfs_mount import domount, vfs_attach
from kernel.kern.vfs_subr import vref
from kernel.kern.vfs_vnops import vn_rdwr
from kernel.sys.cdefs import LP64, Abi
from kernel.sys.exec import ExecImage
from kernel.sys.filedesc import Cwdinfo, Filedesc
from kernel.sys.kernel import ConsoleDevice, Kernel, Limits
from kernel.sys.mount_args import procfs_args, ptyfs_args
from kernel.sys.namei import CREATE, FOLLOW, LOOKUP, NOFOLLOW, NONEXCLHACK, Nameidata
from kernel.sys.param import PHYSMEM
from kernel.sys.proc import (
    SACTIVE,
    SDEAD,
    Emul,
    Lwp,
    MdProc,
    Pgrp,
    Proc,
    Session,
)
from kernel.sys.resource import (
    RLIM_INFINITY,
    RLIM_NLIMITS,
    RLIMIT_CORE,
    RLIMIT_DATA,
    RLIMIT_MEMLOCK,
    RLIMIT_NOFILE,
    RLIMIT_NPROC,
    RLIMIT_NTHR,
    RLIMIT_RSS,
    RLIMIT_STACK,
)
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import UIO_WRITE
from kernel.sys.vm import VM_LAYOUT, VmSpace
from kernel.sys.vnode import VDIR, VLNK, VREG, Vattr, Vnode
from native.memory import keep_freed

DFLDSIZ = 256 << 20  # bytes of data a process may have unless it asks for more
EMUL_NETBSD = Emul(b"netbsd", sysent, syscall_intern, sendsig, startlwp, issignal)


def main(
    console: ConsoleDevice,
    start_image: Callable[[ExecImage], None],
    limits: Limits,
    seed: int | None = None,
    real_clock: bool = False,
    abi: Abi = LP64,
) -> Kernel:
    """Boot a kernel: an empty root with /dev and /proc mounted, and init, which has no program.

    Args:
        console: what /dev/console is wired to.
        start_image: runs a program in the process whose stack it is called on.
        limits: sizes of tables and of the root file system.
        seed: of the schedule and the random device; None: round robin, seed 0.
        real_clock: follow the host's clock instead of virtual time.
        abi: of trace records and user addresses.

    Raises:
        KernelError: the limits leave no room for a root.
    """
    keep_freed()
    kernel = Kernel(
        limits=limits,
        console=console,
        start_image=start_image,
        md_child=child_start,
        abi=abi,
        clock=clock_init(real_clock),
        seed=seed,
    )
    idle_begin(kernel)
    domaininit(kernel)
    dead_attach(kernel)
    vfs_attach(
        kernel,
        tmpfs_vfsops,
        nullfs_vfsops,
        procfs_vfsops,
        devfs_vfsops,
        hostfs_vfsops,
        ptyfs_vfsops,
    )
    root = domount(kernel, tmpfs_vfsops, None, TmpfsArgs(limits.fs_size, limits.fs_nodes))
    kernel.rootvnode = root.mnt_op.vfs_root(root)
    session = Session(None, 1)
    init = proc_create(kernel, 1, None, Pgrp(1, session))
    session.s_leader = init
    setcomm(init, b"init")
    kernel.initproc = init
    kernel.lastpid = 1
    kernel.deadlwp = _dead(kernel, init)
    configure(kernel)
    ptmattach(kernel)
    boot_mkdir(kernel, b"/dev", 0o755)
    domount(kernel, devfs_vfsops, boot_lookup(kernel, b"/dev"), None, onname=b"/dev")
    domount(
        kernel, ptyfs_vfsops, boot_lookup(kernel, b"/dev/pts"), ptyfs_args(), onname=b"/dev/pts"
    )
    boot_mkdir(kernel, b"/proc", 0o755)
    domount(kernel, procfs_vfsops, boot_lookup(kernel, b"/proc"), procfs_args(), onname=b"/proc")
    return kernel


def proc_create(kernel: Kernel, pid: int, parent: Proc | None, group: Pgrp) -> Proc:
    """Make a process without a program, an LWP or a file: init, and what the host drives."""
    if kernel.rootvnode is None:
        raise RuntimeError("no root file system")
    vref(kernel.rootvnode)
    p = Proc(
        p_pid=pid,
        p_kernel=kernel,
        p_pptr=parent,
        p_pgrp=group,
        p_emul=EMUL_NETBSD,
        p_fd=Filedesc(),
        p_cwdi=Cwdinfo(kernel.rootvnode),
        p_vmspace=VmSpace(VM_LAYOUT[kernel.abi.word]),
        p_md=MdProc(syscall_plain, child_start),
        p_limit=_default_limits(kernel),
        p_stat=SACTIVE,
        p_start=kernel.clock.now,
    )
    proc_enter(p)
    kernel.pgrps[group.pg_id] = group
    group.pg_members[p] = None
    if parent is not None:
        proc_addchild(parent, p)
    return p


def _default_limits(kernel: Kernel) -> dict[int, tuple[int, int]]:
    limits = dict.fromkeys(range(RLIM_NLIMITS), (RLIM_INFINITY, RLIM_INFINITY))
    limits[RLIMIT_NOFILE] = kernel.limits.nofile
    limits[RLIMIT_NPROC] = kernel.limits.nproc
    limits[RLIMIT_STACK] = (4 << 20, 64 << 20)
    limits[RLIMIT_CORE] = (0, RLIM_INFINITY)
    limits[RLIMIT_DATA] = (DFLDSIZ, MAXDSIZ)
    limits[RLIMIT_RSS] = (PHYSMEM, PHYSMEM)
    limits[RLIMIT_MEMLOCK] = (PHYSMEM // 3, PHYSMEM)
    limits[RLIMIT_NTHR] = (MAXLWP // 2, MAXLWP)
    return limits


def _dead(kernel: Kernel, init: Proc) -> Lwp:
    """The LWP that a stack without a process runs as: it has no way into the kernel."""
    p = Proc(
        p_pid=-1,
        p_kernel=kernel,
        p_pptr=None,
        p_pgrp=init.p_pgrp,
        p_emul=EMUL_NETBSD,
        p_fd=Filedesc(),
        p_cwdi=init.p_cwdi,
        p_vmspace=init.p_vmspace,
        p_md=MdProc(dead_syscall, child_start),
        p_limit={},
        p_stat=SDEAD,
    )
    lwp = lwp_create(p)
    exec_vmspace(lwp, ExecImage(None, b"", (), (), b"", 0))
    return lwp


def boot_lookup(kernel: Kernel, path: bytes) -> Vnode:
    """Return the file at path, as root sees it at boot.

    Raises:
        KernelError: as namei.
    """
    nd = Nameidata(LOOKUP, FOLLOW, path)
    namei(_bootlwp(kernel), nd)
    if nd.ni_vp is None:
        raise RuntimeError(f"lookup of {path!r} found nothing")
    return nd.ni_vp


def idle_begin(kernel: Kernel) -> None:
    """Give kernel an idle loop that has not begun.

    Stacks that nobody will go on with, the old loop's and those of processes that a halt has
    stopped, are unwound: they would keep the whole kernel in memory.
    """
    if kernel.idle is not None:
        cpu_discard([kernel.idle])
    kernel.idle = cpu_context(lambda _: idle_loop(kernel), None, None)
    if kernel.howto is not None:
        pcbs = [lwp.l_pcb for p in kernel.allproc.values() for lwp in p.p_lwps]
        cpu_discard([pcb for pcb in pcbs if isinstance(pcb, Context)])  # not the host's


def boot_mkdir(kernel: Kernel, path: bytes, mode: int, uid: int = 0, gid: int = 0) -> None:
    """Make a directory at boot; one that is there stays as it is.

    Raises:
        KernelError: as namei and VOP_MKDIR.
    """
    nd = Nameidata(CREATE, FOLLOW | NONEXCLHACK, path)  # or a mount point could not be there
    namei(_bootlwp(kernel), nd)
    if nd.ni_vp is None and nd.ni_dvp is not None:
        vap = Vattr(va_type=VDIR, va_mode=mode)
        vp = nd.ni_dvp.v_op.vop_mkdir(nd.ni_dvp, nd.ni_name, vap, ROOT_CRED)
        vp.v_op.vop_setattr(vp, Vattr(va_uid=uid, va_gid=gid), ROOT_CRED)


def boot_symlink(kernel: Kernel, path: bytes, target: bytes) -> None:
    """Make a symbolic link at boot; what is there stays as it is.

    Raises:
        KernelError: as namei and VOP_SYMLINK.
    """
    nd = Nameidata(CREATE, NOFOLLOW, path)
    namei(_bootlwp(kernel), nd)
    if nd.ni_vp is None and nd.ni_dvp is not None:
        vap = Vattr(va_type=VLNK, va_mode=0o755)
        nd.ni_dvp.v_op.vop_symlink(nd.ni_dvp, nd.ni_name, vap, target, ROOT_CRED)


def boot_mkfile(
    kernel: Kernel, path: bytes, data: bytes, mode: int, uid: int = 0, gid: int = 0
) -> None:
    """Make a file at boot, or give one that is there other contents.

    Raises:
        KernelError: as namei, VOP_CREATE and VOP_WRITE.
    """
    nd = Nameidata(CREATE, FOLLOW, path)
    namei(_bootlwp(kernel), nd)
    vp = nd.ni_vp
    if vp is None:
        if nd.ni_dvp is None:
            raise RuntimeError(f"{path!r} has no directory")
        vap = Vattr(va_type=VREG, va_mode=mode)
        vp = nd.ni_dvp.v_op.vop_create(nd.ni_dvp, nd.ni_name, vap, ROOT_CRED)
    else:
        vp.v_op.vop_setattr(vp, Vattr(va_size=0), ROOT_CRED)
    vn_rdwr(_bootlwp(kernel), UIO_WRITE, vp, data, 0, 0, ROOT_CRED)
    vp.v_op.vop_setattr(vp, Vattr(va_mode=mode, va_uid=uid, va_gid=gid), ROOT_CRED)


def _bootlwp(kernel: Kernel) -> Lwp:
    """An LWP of init's, to look paths up with."""
    if kernel.initproc is None:
        raise RuntimeError("no init")
    return Lwp(kernel.initproc, 0, kernel)
