# SPDX-License-Identifier: BSD-2-Clause
"""Where NetBSD and Linux answer differently: the one reviewed table.

An entry holds for its calls, for NetBSD's answer and Linux's, and only where its
condition does, which looks for the cause itself in the model: an answer that has
another cause is not excused.  ANY is any errno, never success.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kernel.sys.fcntl import O_CREAT, O_NOFOLLOW
from kernel.sys.param import KERNEL_NAME_MAX, MAXPATHLEN
from kernel.sys.stat import S_ISFIFO, UTIME_OMIT
from tests.vfsmodel.facts import Facts
from tests.vfsmodel.model import Answer

ANY = frozenset({"ANY"})
OK = frozenset({"ok"})


@dataclass(frozen=True)
class Difference:
    """One entry; parts says that the trees are different afterwards."""

    calls: tuple[str, ...]
    netbsd: frozenset[str]
    linux: frozenset[str]
    when: Callable[[Facts], object]
    what: str
    source: str
    parts: bool = False

    def covers(self, facts: Facts, netbsd: Answer, linux: Answer) -> bool:
        """Whether it is this difference that shows."""
        return (
            (facts.name in self.calls or not self.calls)
            and _among(netbsd, self.netbsd)
            and _among(linux, self.linux)
            and bool(self.when(facts))
        )


def _among(answer: Answer, allowed: frozenset[str]) -> bool:
    return answer[0] in allowed or (answer[0] != "ok" and "ANY" in allowed)


def _errors(*names: str) -> frozenset[str]:
    return frozenset(names)


def _long(f: Facts) -> bool:
    texts = [path for _, path in f.paths] + ([f.args[0]] if f.name == "symlink" else [])
    return any(len(text) >= MAXPATHLEN for text in texts)


def _long_link(f: Facts) -> bool:
    """Whether a path is too long once a link's text, or one in one, is put in."""
    texts = [len(node.data) for node in f.model.tree().values() if node.is_link]
    longest = max((len(path) for _, path in f.paths), default=0)
    return longest + 2 * max(texts, default=0) >= MAXPATHLEN


def _long_name(f: Facts) -> bool:
    return any(len(name) > KERNEL_NAME_MAX for _, path in f.paths for name in path.split(b"/"))


def _omit_both(f: Facts) -> bool:
    times = f.args[1 if f.name == "futimens" else 2]
    return times is not None and times[0][1] == times[1][1] == UTIME_OMIT


def _sgid_of_others(f: Facts) -> bool:
    """Whether the set-group-id bit is asked for a group that the caller is not in."""
    node = f.node if f.name == "fchmod" else f.file(0, follow=f.args[3])
    mode = f.args[1 if f.name == "fchmod" else 2]
    who = f.model.world.processes[f.person].who
    return node is not None and bool(mode & 0o2000) and not who.member(node.gid)


def _sticky_file(f: Facts) -> bool:
    """Whether the sticky bit is asked for what is no directory."""
    node = f.node if f.name == "fchmod" else f.file(0, follow=f.args[3])
    mode = f.args[1 if f.name == "fchmod" else 2]
    return node is not None and bool(mode & 0o1000) and not node.is_dir


def _own_file_of_others_group(f: Facts) -> bool:
    """Whether the owner changes a file whose other bits chmod(2) would not let the owner keep."""
    node = f.node if f.name == "fchown" else f.file(0, follow=f.args[4])
    return node is not None and node.uid == f.uid and bool(node.mode & 0o3000)


def _no_owner_of_set_id(f: Facts) -> bool:
    """Whether a set-id file is to get no other owner and no other group."""
    node = f.node if f.name == "fchown" else f.file(0, follow=f.args[4])
    none = f.args[1 if f.name == "fchown" else 2 :][:2] == (-1, -1)
    return node is not None and none and bool(node.mode & 0o6000)


def _sticky_open(f: Facts) -> bool:
    """Whether O_CREAT finds a file of somebody else's in a sticky directory of many."""
    found = f.model.peek(f.person, *f.paths[0], follow=True)
    if not f.args[2] & O_CREAT or found is None or found.node is None:
        return False
    directory = found.directory
    shared = directory.mode & 0o1000 and directory.mode & 0o022
    return bool(shared) and found.node.uid not in {f.uid, directory.uid}


def _sticky_link(f: Facts) -> bool:
    """Whether there is a link of somebody else's in a sticky directory of everybody's."""
    return any(
        child.is_link and child.uid not in {f.uid, node.uid}
        for node in f.model.tree().values()
        if node.mode & 0o1002 == 0o1002
        for child in node.entries.values()
    )


_MAKES = ("symlink", "mkfifo", "mknod", "link")

DIFFERENCES = (
    Difference(
        (), _errors("ENAMETOOLONG"), ANY | OK, _long,
        "NetBSD counts a path's bytes, 1023 at most, before anything else; Linux takes 4095.",
        "intro(2) ENAMETOOLONG; pathbuf_copyin, vfs_lookup.c", parts=True,
    ),
    Difference(
        (), _errors("ENAMETOOLONG"), ANY | OK, _long_link,
        "NetBSD puts a link's text into the path, 1023 bytes with what follows; Linux does not.",
        "namei_follow, vfs_lookup.c", parts=True,
    ),
    Difference(
        (), ANY, ANY, _long_name,
        "NetBSD counts a name's bytes before it asks whether its directory may be searched.",
        "lookup_parsepath, vfs_lookup.c",
    ),
    Difference(
        (), ANY, _errors("EBADF"), lambda f: f.bad_descriptor,
        "Of two things wrong, Linux finds the descriptor first; NetBSD some other argument.",
        "do_sys_renameat, do_sys_linkat, sys_lseek, do_sys_mknodat ..., vfs_syscalls.c",
    ),
    Difference(
        ("lseek",), _errors("ESPIPE"), _errors("EINVAL"), lambda f: f.args[2] == 9,
        "Linux looks at whence first, NetBSD at the file.", "sys_lseek, vfs_syscalls.c",
    ),
    Difference(
        (), _errors("ENOENT"), ANY | OK, lambda f: f.removed,
        "In a directory that has been removed not even the names of dots are left.",
        "tmpfs_lookup, tmpfs_vnops.c", parts=True,
    ),
    Difference(
        ("mknod",), _errors("EPERM"), ANY | OK, lambda f: f.uid,
        "NetBSD asks for the super-user first; Linux later, and not for regular files.",
        "mknod(2) EPERM; do_sys_mknodat, vfs_syscalls.c", parts=True,
    ),
    Difference(
        ("mknod",), _errors("EINVAL"), OK, lambda f: S_ISFIFO(f.args[2]) and f.args[3],
        "A FIFO has no device number on NetBSD.",
        "mknod(2); do_posix_mknodat, do_sys_mknodat, vfs_syscalls.c", parts=True,
    ),
    Difference(
        ("utimens", "futimens"), ANY, OK, _omit_both,
        "With both times omitted Linux does not look at the file.",
        "utimensat(2); do_sys_utimensat, vfs_syscalls.c",
    ),
    Difference(
        ("utimens",), _errors("EACCES"), OK,
        lambda f: not f.args[3] and (node := f.file(0)) and node.is_link,
        "Links have no mode on Linux: there everybody may touch one.", "lutimes(2) EACCES",
    ),
    Difference(
        ("symlink",), ANY | OK, _errors("ENOENT"), lambda f: not f.args[0],
        "A link's text may be empty on NetBSD.",
        "symlink(2), which has no such error; do_sys_symlinkat, vfs_syscalls.c", parts=True,
    ),
    Difference(
        ("unlink",), _errors("EPERM", "EINVAL"), _errors("EISDIR"),
        lambda f: not f.args[2] and (node := f.file(0)) and node.is_dir,
        "A directory: NetBSD's EPERM is POSIX's, and the directory itself is an invalid argument.",
        "unlink(2) EPERM; do_sys_unlinkat, vfs_syscalls.c",
    ),
    Difference(
        ("unlink", "rename"), ANY | OK, _errors("ENOTDIR", "EISDIR"), lambda f: f.link_and_slash,
        "A slash behind a link leads NetBSD to the directory, which is removed or renamed.",
        "symlink(7); namei_atsymlink, vfs_lookup.c", parts=True,
    ),
    Difference(
        ("unlink",), ANY, _errors("ENOTDIR", "EISDIR"),
        lambda f: f.slash_behind
        and (node := f.named(0))
        and (f.linux == "EISDIR") == node.is_dir,
        "A slash behind a name: Linux sees whether it is right before it asks for permission.",
        "lookup_once, namei_oneroot, vfs_lookup.c",
    ),
    Difference(
        ("mkdir",), ANY | OK, _errors("EEXIST"), lambda f: f.slash_behind and f.named(-1),
        "A slash behind a link that leads nowhere: NetBSD makes the directory that is missing;"
        " behind another file: not a directory.",
        "symlink(7); namei_atsymlink, vfs_lookup.c", parts=True,
    ),
    Difference(
        _MAKES, ANY, _errors("EEXIST", "ENOENT"),
        lambda f: f.slash_behind and (f.linux == "EEXIST") == (f.named(-1) is not None),
        "A slash behind what is no directory: Linux does not look past the name that exists.",
        "lookup_once, namei_oneroot, vfs_lookup.c",
    ),
    Difference(
        ("open",), ANY, _errors("EISDIR"), lambda f: f.args[2] & O_CREAT and f.slash_behind,
        "A slash behind what is to be created: Linux says that it would be a directory.",
        "lookup_once, namei_oneroot, vfs_lookup.c",
    ),
    Difference(
        ("open",), ANY | OK, _errors("EISDIR"),
        lambda f: f.args[2] & O_CREAT and (node := f.file(0, follow=True)) and node.is_dir,
        "A directory may be opened for reading with O_CREAT on NetBSD.",
        "open(2) EISDIR; vn_open, vn_openchk, vfs_vnops.c", parts=True,
    ),
    Difference(
        ("open",), _errors("EFTYPE"), _errors("ELOOP", "ENOTDIR"),
        lambda f: f.args[2] & O_NOFOLLOW and (node := f.file(0)) and node.is_link,
        "A link that is not to be followed is of the wrong type on NetBSD.",
        "open(2) EFTYPE; vn_open, vfs_vnops.c",
    ),
    Difference(
        ("entries",), _errors("EINVAL", "EBADF"), _errors("ENOTDIR"),
        lambda f: (node := f.node) and not node.is_dir,
        "getdents(2) of what is no directory.", "getdents(2) EINVAL; vn_readdir, vfs_vnops.c",
    ),
    Difference(
        ("pread", "pwrite"), ANY, _errors("EINVAL", "ESPIPE"),
        lambda f: f.args[2] < 0 or ((node := f.node) and node.is_fifo),
        "Linux looks at the offset before it asks whether the descriptor is open for this.",
        "sys_pread, vfs_syscalls.c",
    ),
    Difference(
        ("chown", "fchown"),
        OK,
        _errors("EPERM"),
        _no_owner_of_set_id,
        "Neither owner nor group given changes nothing; Linux would clear the set-id bits.",
        "chown(2); change_owner, vfs_syscalls.c",
    ),
    Difference(
        ("chown", "fchown"),
        _errors("EPERM", "EFTYPE"),
        OK,
        _own_file_of_others_group,
        "What clears one set-id bit sets the mode anew, and may not set the others.",
        "change_owner, vfs_syscalls.c; tmpfs_setattr, tmpfs_vnops.c; genfs_can_chmod",
        parts=True,
    ),
    Difference(
        ("truncate", "ftruncate"), ANY | OK, _errors("EINVAL"),
        lambda f: (node := f.node if f.name == "ftruncate" else f.file(0, True))
        and not (node.is_file or node.is_dir),
        "The size of what has none may be set on NetBSD, by whom may write.",
        "tmpfs_chsize, tmpfs_subr.c",
    ),
    Difference(
        ("rename",), OK, OK, lambda f: f.same_file,
        "Of two links to one file NetBSD's rename(2) removes the old one.",
        "rename(2); genfs_sane_rename, genfs_rename.c", parts=True,
    ),
    Difference(
        ("rename",), _errors("EACCES", "EPERM"), OK, lambda f: f.same_file,
        "Two links to one file: Linux does nothing, whoever asks.",
        "tmpfs_lookup, tmpfs_vnops.c: RENAME asks for write permission",
    ),
    Difference(
        ("rename",), ANY, _errors("EBUSY"), lambda f: f.dots,
        "Linux refuses a name of dots before it looks at anything; NetBSD when it meets it.",
        "rename(2) EINVAL; do_sys_renameat, vfs_syscalls.c",
    ),
    Difference(
        ("rename",), ANY, _errors("EINVAL", "ENOTEMPTY"), lambda f: f.nested,
        "One name above the other: Linux sees it before it asks for permission.",
        "tmpfs_lookup, tmpfs_vnops.c; genfs_rename_enter_separate, genfs_rename.c",
    ),
    Difference(
        ("rename",), ANY, _errors("ENOTDIR"),
        lambda f: f.slash_behind and (node := f.named(0)) and not node.is_dir,
        "A slash behind either name of what is no directory: Linux looks at the old file first.",
        "lookup_once, vfs_lookup.c",
    ),
    Difference(
        ("rename", "link"), ANY, ANY, lambda f: f.other_path,
        "Of two paths Linux finds both directories first; NetBSD all of the first path.",
        "do_sys_renameat, do_sys_linkat, vfs_syscalls.c",
    ),
    Difference(
        ("link",), OK | _errors("EACCES"), _errors("EPERM"), lambda f: f.uid and f.file(0, f.args[4]),
        "Linux may refuse links to others' files: fs.protected_hardlinks.",
        "link(2), which has no such error; tmpfs_link, tmpfs_vnops.c", parts=True,
    ),
    Difference(
        ("open",), OK, _errors("EACCES"), _sticky_open,
        "Linux may refuse O_CREAT of others' files: fs.protected_regular, fs.protected_fifos.",
        "open(2), which has no such error; vn_open, vfs_vnops.c", parts=True,
    ),
    Difference(
        (), ANY | OK, _errors("EACCES"), _sticky_link,
        "Linux may refuse to follow others' links in sticky directories: fs.protected_symlinks.",
        "symlink(7); namei_follow, vfs_lookup.c", parts=True,
    ),
    Difference(
        ("chmod",), ANY | OK, _errors("EOPNOTSUPP"),
        lambda f: not f.args[3] and (node := f.file(0)) and node.is_link,
        "Links have no mode on Linux.", "lchmod(2)",
    ),
    Difference(
        ("chmod", "fchmod"), _errors("EPERM"), OK, _sgid_of_others,
        "The set-group-id bit for a group one is not in: Linux drops it without a word.",
        "chmod(2) EPERM; genfs_can_chmod, genfs_vnops.c", parts=True,
    ),
    Difference(
        ("chmod", "fchmod"), _errors("EFTYPE"), OK, _sticky_file,
        "The sticky bit is no user's to give to files.",
        "chmod(2) EFTYPE; genfs_can_chmod, genfs_vnops.c", parts=True,
    ),
)  # fmt: skip


def explain(facts: Facts, netbsd: Answer, linux: Answer) -> Difference | None:
    """Return the entry that explains two answers, None for a bug."""
    return next((d for d in DIFFERENCES if d.covers(facts, netbsd, linux)), None)
