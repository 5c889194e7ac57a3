# SPDX-License-Identifier: BSD-2-Clause
"""execve(2) and the exec switch.  NetBSD sys/kern/kern_exec.c, exec_script.c, exec_subr.c."""

import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from importlib.util import MAGIC_NUMBER
from types import CodeType
from typing import TYPE_CHECKING, Final

from kernel.arch.python.copy import copyin, copyinstr, uvm_map
from kernel.arch.python.switch import cpu_abandon, cpu_context, cpu_current, cpu_discard
from kernel.fs.procfs.procfs_subr import procfs_revoke_vnodes
from kernel.kern.kern_descrip import fd_closeexec
from kernel.kern.kern_event import knote_proc_exec
from kernel.kern.kern_exit import exit1, proc_vfork_done
from kernel.kern.kern_ktrace import ktrderef, ktremul, ktrkmem, ktrpoint
from kernel.kern.kern_lwp import exit_lwps
from kernel.kern.kern_proc import setcomm
from kernel.kern.kern_sig import eventswitch, eventswitchchild, execsigs, execsigs_interpreter
from kernel.kern.kern_time_itimer import itimer_free
from kernel.kern.kern_uidinfo import chgproccnt
from kernel.kern.subr_exec_fd import fd_checkstd, fd_ktrexecfd
from kernel.kern.subr_log import panic
from kernel.kern.sys_futex import futex_release_all_lwp
from kernel.kern.vfs_getcwd import getcwd_common
from kernel.kern.vfs_lookup import namei, pathbuf_copyin
from kernel.kern.vfs_subr import vref, vrele
from kernel.kern.vnode_if import VOP_READ
from kernel.sys.code import unmarshal
from kernel.sys.errno import Errno, KernelError
from kernel.sys.exec import ExecImage
from kernel.sys.ktrace import KTR_EMUL, KTR_EXEC_ARG, KTR_EXEC_ENV, KTRFAC_ROOT
from kernel.sys.module import autoload
from kernel.sys.mount import MNT_NOEXEC, MNT_NOSUID
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.namei import FOLLOW, LOOKUP, Nameidata
from kernel.sys.param import ARG_MAX, PATH_MAX
from kernel.sys.proc import P_CLONED, P_EXEC, P_SUGID, STACK_FRAMES, Lwp
from kernel.sys.resource import RLIMIT_NPROC
from kernel.sys.signal import SIGABRT, TRAP_EXEC
from kernel.sys.stat import S_ISGID, S_ISUID
from kernel.sys.timevar import TIMER_MIN
from kernel.sys.uio import UIO_READ, uio_sysspace
from kernel.sys.vm import VmSpace
from kernel.sys.vnode import VEXEC, VI_TEXT, VREG, Vattr, Vnode
from kernel.uvm.uvm_map import uvmspace_free

if TYPE_CHECKING:
    from kernel.kern import sysv_shm
else:
    sysv_shm = autoload("kernel.kern.sysv_shm")

SCRIPT_HDR_SIZE: Final = 2 + PATH_MAX + 2  # bytes: the first line of a #! script is no longer
# That line: the interpreter, and all that follows it, blanks at the end included, as one argument.
_SCRIPT: Final = re.compile(rb"#![ \t]*([^ \t\0\n]+)[ \t]*([^\0\n]*)(?:\0[^\n]*)?\n")
STACK_SIZE: Final = 8192  # bytes below the arguments
STACK_START: Final = 384  # bytes of them that there are at first


class ExecPackage(NamedTuple):
    """A program found, not yet in place (struct exec_package)."""

    ep_vp: Vnode
    ep_vap: Vattr
    ep_path: bytes  # as namei was given it
    ep_name: bytes  # last component: the new p_comm
    ep_code: CodeType | None
    ep_source: bytes
    ep_fakeargs: tuple[bytes, ...] = ()  # of a script: interpreter, its argument, the script


def sys_execve(lwp: Lwp, path: int, argp: int, envp: int) -> int:
    """execve(2): run another program in this process.

    Raises:
        KernelError: EJUSTRETURN, it worked: the machine goes on in the new
            program. ENOENT and the other errors of a path; EACCES, not a
            regular file, or not executable; ENOEXEC, no program; E2BIG, the
            strings take more than ARG_MAX bytes; ETXTBSY, open for writing; EFAULT;
            EAGAIN, who changed its ids is one process too many of its user.

    Source: execve1, NetBSD sys/kern/kern_exec.c of 2003 for the order of records.
    """
    package = check_exec(lwp, pathbuf_copyin(lwp, path))
    args, environ = copy_strings(lwp, package, argp, envp)
    do_execve(lwp, package, args, environ)
    raise KernelError(Errno.EJUSTRETURN)


def check_exec(lwp: Lwp, path: bytes, in_script: bool = False) -> ExecPackage:
    """Find the program at path and what can run it: the exec switch.

    Raises:
        KernelError: as execve(2).
    """
    p, cred = lwp.l_proc, lwp.l_proc.p_cred
    limit = p.p_limit[RLIMIT_NPROC][0]
    if p.p_flag & P_SUGID and cred.cr_uid and chgproccnt(p.p_kernel, cred.cr_ruid, 0) > limit:
        raise KernelError(Errno.EAGAIN)  # setuid(2) must not fail for that, so it is told here
    nd = Nameidata(LOOKUP, FOLLOW, path)
    namei(lwp, nd)
    vp = nd.ni_vp
    if vp is None or vp.v_type != VREG:
        raise KernelError(Errno.EACCES)
    vap = vp.v_op.vop_getattr(vp, cred)
    vp.v_op.vop_access(vp, VEXEC, cred)
    if vp.v_mount.mnt_flag & MNT_NOEXEC or not vap.va_mode & 0o111:
        raise KernelError(Errno.EACCES)
    name = path.rstrip(b"/").rpartition(b"/")[2]
    package = ExecPackage(vp, vap, path, name, None, b"")
    for makecmds in EXECSW:
        found = makecmds(lwp, package, in_script)
        if found is not None:
            return found
    raise KernelError(Errno.ENOEXEC)


def _exec_compiled(lwp: Lwp, package: ExecPackage, _in_script: bool) -> ExecPackage | None:
    """A compiled program: the interpreter's magic number and a marshalled code object."""
    if _read(lwp, package.ep_vp, 0, len(MAGIC_NUMBER)) != MAGIC_NUMBER:
        return None
    _check_text(package.ep_vp)
    data = _read(lwp, package.ep_vp, 0, package.ep_vap.va_size)
    try:
        return package._replace(ep_code=unmarshal(data[len(MAGIC_NUMBER) :]))
    except (EOFError, ValueError, TypeError):
        raise KernelError(Errno.ENOEXEC) from None


def _exec_source(lwp: Lwp, package: ExecPackage, _in_script: bool) -> ExecPackage | None:
    """Python source, known by its name; what does not compile, or warns, says so as it starts."""
    if not package.ep_name.endswith(b".py"):
        return None
    _check_text(package.ep_vp)
    source = _read(lwp, package.ep_vp, 0, package.ep_vap.va_size)
    return package._replace(ep_code=_compile(source, package.ep_path), ep_source=source)


def _exec_script(lwp: Lwp, package: ExecPackage, in_script: bool) -> ExecPackage | None:
    """A script: its first line names the interpreter, and one argument for it."""
    line = _SCRIPT.match(_read(lwp, package.ep_vp, 0, SCRIPT_HDR_SIZE))
    if in_script or line is None:
        return None
    shell, argument = line.groups()
    interpreter = check_exec(lwp, shell, in_script=True)
    fake = (shell, argument, package.ep_path) if argument else (shell, package.ep_path)
    return interpreter._replace(ep_fakeargs=fake)


EXECSW: Final[tuple[Callable[[Lwp, ExecPackage, bool], ExecPackage | None], ...]] = (
    _exec_compiled,
    _exec_source,
    _exec_script,
)


def _check_text(vp: Vnode) -> None:
    """Refuse to run what is open for writing.

    Raises:
        KernelError: ETXTBSY.

    Source: vn_marktext, NetBSD sys/kern/vfs_vnops.c.
    """
    if vp.v_writecount:
        raise KernelError(Errno.ETXTBSY)


@lru_cache(maxsize=512)
def _compile(source: bytes, path: bytes) -> CodeType | None:
    filename = path.decode("utf-8", "surrogateescape")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning):
        return None


def _read(lwp: Lwp, vp: Vnode, offset: int, size: int) -> bytes:
    """Return up to size bytes of vp."""
    buf = bytearray(size)
    uio = uio_sysspace(buf, UIO_READ, offset)
    VOP_READ(lwp, vp, uio, 0, lwp.l_proc.p_cred)
    return bytes(memoryview(buf)[: size - uio.uio_resid])


def copy_strings(
    lwp: Lwp, package: ExecPackage, argp: int, envp: int
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Copy the arguments and the environment in, recording each; a script's argv[0] is dropped.

    Raises:
        KernelError: EFAULT, argp is null or memory cannot be read. E2BIG.
    """
    if not argp:
        raise KernelError(Errno.EFAULT)
    room = ARG_MAX - sum(len(arg) + 1 for arg in package.ep_fakeargs)
    args = list(package.ep_fakeargs)
    environ: list[bytes] = []
    skip = bool(package.ep_fakeargs)
    for record_type, table, strings in ((KTR_EXEC_ARG, argp, args), (KTR_EXEC_ENV, envp, environ)):
        while table and (string := _copy_string(lwp, table, room)) is not None:
            table += _word(lwp)
            if skip:
                skip = False
                continue
            if ktrpoint(lwp, record_type):
                ktrkmem(lwp, record_type, string)
            room -= len(string) + 1
            strings.append(string)
        skip = False
    return tuple(args), tuple(environ)


def _word(lwp: Lwp) -> int:
    return lwp.l_kernel.abi.word


def _copy_string(lwp: Lwp, table: int, room: int) -> bytes | None:
    """Return the string that the pointer at table leads to; None for a null pointer."""
    vm = lwp.l_proc.p_vmspace
    pointer = int.from_bytes(copyin(vm, table, _word(lwp)), "little")
    if not pointer:
        return None
    try:
        return copyinstr(vm, pointer, max(room, 0))
    except KernelError as exc:
        if exc.errno is Errno.ENAMETOOLONG:
            raise KernelError(Errno.E2BIG) from None
        raise


def do_execve(
    lwp: Lwp, package: ExecPackage, args: tuple[bytes, ...], environ: tuple[bytes, ...]
) -> None:
    """Put a program in the place of the one that runs: nothing can fail any more.

    The old stack is left to unwind as nobody's; the LWP's next context starts the image.
    """
    p = lwp.l_proc
    kernel = lwp.l_kernel
    exit_lwps(lwp)
    futex_release_all_lwp(lwp)
    lwp.l_private = 0
    fd_closeexec(lwp)
    fd_ktrexecfd(lwp)
    execsigs(p)
    if package.ep_source:
        execsigs_interpreter(p)
    if p.p_timers:
        itimer_free(p, TIMER_MIN)
    setcomm(p, package.ep_name)
    proc_vfork_done(p)
    _set_ids(lwp, package, args)
    procfs_revoke_vnodes(p)
    p.p_flag = p.p_flag & ~P_CLONED | P_EXEC
    if p.p_textvp is not None:
        vrele(p.p_textvp)
    vref(package.ep_vp)
    package.ep_vp.v_iflag |= VI_TEXT  # until nobody holds it: vrele
    p.p_textvp = package.ep_vp
    p.p_path = _resolved(lwp, package.ep_path)
    p.p_args = args
    image = ExecImage(package.ep_code, package.ep_path, args, environ, package.ep_source, 0)
    md = p.p_md
    md.md_image = image
    md.md_child = kernel.md_child
    md.md_history, md.md_forebears = [], ()
    md.md_streams = lwp.l_history = None
    cpu_discard(md.md_ghosts)
    md.md_text = {}
    lwp.l_upcalls.clear()  # they are of that text
    md.md_data = None
    md.md_datarefs[0] -= 1
    md.md_datarefs = [1]
    md.md_frames = STACK_FRAMES
    if p.p_vmspace.vm_shm or p.p_vmspace.vm_forked is not None:
        sysv_shm.shmexit(p)
    uvmspace_free(p.p_vmspace)
    exec_vmspace(lwp, image)
    p.p_vmspace.vm_log = md.md_history
    if lwp.l_pcb is not None:
        if kernel.deadlwp is None:
            panic(kernel, "execve: no LWP for the dead")
        cpu_abandon(cpu_current(), kernel.deadlwp)
    top = lwp.l_ustack

    def enter(lwp: Lwp) -> None:
        lwp.l_ustack = top  # what unwound has put back its own stack pointer
        if p.p_ptrace is not None and p.p_ptrace.pt_newborn:
            eventswitchchild(lwp)
        elif p.p_ptrace is not None:
            eventswitch(lwp, TRAP_EXEC)
        kernel.start_image(image)

    lwp.l_pcb = cpu_context(enter, lwp, kernel.idle)
    if p.p_klist:
        knote_proc_exec(p)
    if ktrpoint(lwp, KTR_EMUL):
        ktremul(lwp)
    p.p_emul.e_syscall_intern(p)


def _resolved(lwp: Lwp, path: bytes) -> bytes:
    """Return path from the root on, with the current directory before it if need be.

    Source: exec_makepathbuf.
    """
    cwdi = lwp.l_proc.p_cwdi
    root = cwdi.cwdi_rdir or lwp.l_kernel.rootvnode
    if path.startswith(b"/") or root is None:
        return path
    try:
        return getcwd_common(lwp, cwdi.cwdi_cdir, root, None).rstrip(b"/") + b"/" + path
    except KernelError:
        return path  # the directory was removed meanwhile


def _set_ids(lwp: Lwp, package: ExecPackage, args: tuple[bytes, ...]) -> None:
    """Obey set-id bits, unless who traces the process (ptrace) could then be somebody else.

    Ids that change end a trace that root did not set, and a program that is given no
    arguments, not even its name.  A process that keeps its ids is tainted no more, if no
    earlier program's are in it still.
    Source: credexec.
    """
    p = lwp.l_proc
    vap = package.ep_vap
    cred = p.p_cred
    uid, gid = cred.cr_uid, cred.cr_gid
    if not package.ep_vp.v_mount.mnt_flag & MNT_NOSUID and p.p_ptrace is None:
        if vap.va_mode & S_ISUID:
            uid = vap.va_uid
        if vap.va_mode & S_ISGID:
            gid = vap.va_gid
    if (uid, gid) == (cred.cr_uid, cred.cr_gid):
        if (uid, gid) == (cred.cr_ruid, cred.cr_rgid):
            p.p_flag &= ~P_SUGID
    else:
        if not args:
            exit1(lwp, 0, SIGABRT)
        try:
            fd_checkstd(lwp)
        except KernelError:
            exit1(lwp, 0, SIGABRT)
        if p.p_tracep is not None and not p.p_traceflag & KTRFAC_ROOT:
            ktrderef(p)
        p.p_flag |= P_SUGID
    p.p_cred = cred._replace(cr_uid=uid, cr_gid=gid, cr_svuid=uid, cr_svgid=gid)


def exec_vmspace(lwp: Lwp, image: ExecImage) -> None:
    """Give lwp's process a new address space: a stack with the strings at its top."""
    layout = lwp.l_proc.p_vmspace.vm_layout
    vm = VmSpace(layout)
    strings = b"".join(string + b"\0" for string in (*image.argv, *image.envp))
    size = (len(strings) + 15) // 16 * 16
    memory = bytearray(STACK_START + size)
    memory[len(memory) - len(strings) :] = strings
    lwp.l_ustack = layout.usrstack - size
    segment = uvm_map(vm, lwp.l_ustack - STACK_START, memoryview(memory), 3)
    vm.vm_stack = lwp.l_stack = segment
    vm.vm_maxsaddr = lwp.l_ustack - STACK_SIZE
    lwp.l_proc.p_vmspace = vm
