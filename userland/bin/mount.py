# SPDX-License-Identifier: BSD-2-Clause
"""mount: mount file systems, or tell what is mounted.

NetBSD sbin/mount, and mount_tmpfs, mount_null, mount_procfs in one: what those take as flags of
their own is given as in `-o -s=10M`.
"""

import re
import sys
from typing import Any, NoReturn

from userland.libc import (
    MNT_ASYNC,
    MNT_DISCARD,
    MNT_EXTATTR,
    MNT_FORCE,
    MNT_GETARGS,
    MNT_IGNORE,
    MNT_LOCAL,
    MNT_LOG,
    MNT_NOATIME,
    MNT_NOCOREDUMP,
    MNT_NODEV,
    MNT_NODEVMTIME,
    MNT_NOEXEC,
    MNT_NOSUID,
    MNT_QUOTA,
    MNT_RDONLY,
    MNT_RELATIME,
    MNT_RELOAD,
    MNT_ROOTFS,
    MNT_SYMPERM,
    MNT_SYNCHRONOUS,
    MNT_UNION,
    MNT_UPDATE,
    PROCFSMNT_LINUXCOMPAT,
    Statvfs,
    Writer,
    errx,
    exit,
    getgrnam,
    getmountargs,
    getopt,
    getpwnam,
    getpwuid,
    getvfsstat,
    procfs_args,
    stat,
    statvfs,
    strtol,
    tmpfs_args,
    warn,
    warnx,
    write,
)
from userland.libc import mount as mount_
from userland.libc.realpath import realpath

# Flags by the words that mount prints, in its order.
FLAGS = {
    "asynchronous": MNT_ASYNC,
    "discard": MNT_DISCARD,
    "extattr": MNT_EXTATTR,
    "hidden": MNT_IGNORE,
    "log": MNT_LOG,
    "noatime": MNT_NOATIME,
    "nocoredump": MNT_NOCOREDUMP,
    "nodev": MNT_NODEV,
    "nodevmtime": MNT_NODEVMTIME,
    "noexec": MNT_NOEXEC,
    "nosuid": MNT_NOSUID,
    "read-only": MNT_RDONLY,
    "relatime": MNT_RELATIME,
    "symperm": MNT_SYMPERM,
    "synchronous": MNT_SYNCHRONOUS,
    "union": MNT_UNION,
    "local": MNT_LOCAL,
    "with quotas": MNT_QUOTA,
}
SILENT = {"root file system": MNT_ROOTFS}  # only with -v

# Options that set a flag, and those that take one away; "no" before them turns them over.
SETTING = {
    "async": MNT_ASYNC,
    "discard": MNT_DISCARD,
    "extattr": MNT_EXTATTR,
    "force": MNT_FORCE,
    "getargs": MNT_GETARGS,
    "hidden": MNT_IGNORE,
    "log": MNT_LOG,
    "rdonly": MNT_RDONLY,
    "relatime": MNT_RELATIME,
    "reload": MNT_RELOAD,
    "ro": MNT_RDONLY,
    "symperm": MNT_SYMPERM,
    "sync": MNT_SYNCHRONOUS,
    "union": MNT_UNION,
    "update": MNT_UPDATE,
}
CLEARING = {
    "atime": MNT_NOATIME,
    "coredump": MNT_NOCOREDUMP,
    "dev": MNT_NODEV,
    "devmtime": MNT_NODEVMTIME,
    "exec": MNT_NOEXEC,
    "rw": MNT_RDONLY,
    "suid": MNT_NOSUID,
}
NOTHING = {"auto"}  # for mount -a
UNITS = {"": 1, "b": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def usage() -> NoReturn:
    """Say how mount is called, and end."""
    write(
        2,
        b"usage: mount [-fruvw] [-t type]\n"
        b"       mount [-fruvw] special | node\n"
        b"       mount [-fruvw] [-o options] [-t type] special node\n",
    )
    exit(1)


def prmount(out: Writer, state: Statvfs, verbose: bool) -> None:
    """Print a line about a mounted file system."""
    names = {**FLAGS, **SILENT} if verbose else FLAGS
    words = [word for word, flag in names.items() if state.f_flag & flag]
    if state.f_owner:
        owner = getpwuid(state.f_owner)
        words.append(f"mounted by {state.f_owner if owner is None else owner.pw_name}")
    if verbose:
        words.append(f"fsid: 0x{state.f_fsid:x}/0x0")
        words.append("reads: sync 0 async 0")
        words.append("writes: sync 0 async 0")
    kind, on, origin = map(text, (state.f_fstypename, state.f_mntonname, state.f_mntfromname))
    out.print(f"{origin} on {on} type {kind}" + (f" ({', '.join(words)})" if words else ""))


def text(name: bytes) -> str:
    """Return a name of a file as Python has it."""
    return name.decode("utf-8", "surrogateescape")


def getmntopts(options: str, flags: int) -> tuple[int, dict[str, str], set[str]]:
    """Return flags with the options in; options with a dash; and words that may be a type's own."""
    own: dict[str, str] = {}
    words: set[str] = set()
    for option in filter(None, options.split(",")):
        if option.startswith("-"):
            name, _, value = option[1:].partition("=")
            own[name] = value
            continue
        negative = option.startswith("no")
        name = option[2:] if negative else option
        if name in SETTING:
            flags = flags & ~SETTING[name] if negative else flags | SETTING[name]
        elif name in CLEARING:
            flags = flags | CLEARING[name] if negative else flags & ~CLEARING[name]
        elif name not in NOTHING:
            words.add(option)
    return flags, own, words


def number(what: str, given: str) -> int:
    """Return a number with a unit of bytes."""
    match = re.fullmatch(r"(\d+)([bkmgt]?)", given.lower())
    if match is None:
        errx(1, f"failed to parse {what} `{given}'")
    return strtol(match[1])[0] * UNITS[match[2]]


def an_id(kind: str, given: str) -> int:
    """Return the id of a user or a group."""
    if given.isdecimal():
        return strtol(given)[0]
    if kind == "user":
        user = getpwnam(given)
        found = None if user is None else user.pw_uid
    else:
        group = getgrnam(given)
        found = None if group is None else group.gr_gid
    if found is None:
        errx(1, f"unknown {kind} `{given}'")
    return found


def a_tmpfs(own: dict[str, str], name: str, flags: int) -> tmpfs_args:
    """Return what a tmpfs on name is to be like: a new one is as the directory below it."""
    if flags & MNT_UPDATE:
        args: tmpfs_args = getmountargs(name, tmpfs_args)
    else:
        st = stat(name)
        args = tmpfs_args(
            ta_root_uid=st.st_uid, ta_root_gid=st.st_gid, ta_root_mode=st.st_mode & 0o7777
        )
    if "s" in own:
        args = args._replace(ta_size_max=number("size", own["s"]))
    if "n" in own:
        args = args._replace(ta_nodes_max=number("number of nodes", own["n"]))
    if "u" in own:
        args = args._replace(ta_root_uid=an_id("user", own["u"]))
    if "g" in own:
        args = args._replace(ta_root_gid=an_id("group", own["g"]))
    if "m" in own:
        if not re.fullmatch("[0-7]+", own["m"]):
            errx(1, f"invalid mode `{own['m']}'")
        args = args._replace(ta_root_mode=strtol(own["m"], 8)[0])
    return args


OWN_FLAGS = {"tmpfs": "gmnsu"}
OWN_WORDS = {"procfs": {"linux"}}


def arguments(
    kind: str, spec: str, name: str, flags: int, own: dict[str, str], words: set[str]
) -> Any:
    """Return what mount(2) is given for a type."""
    for option in sorted(words - OWN_WORDS.get(kind, set())):
        errx(1, f"-o {option}: option not supported")
    for option in own:
        if option not in OWN_FLAGS.get(kind, ""):
            errx(1, f"unknown option -- {option}")
    if kind == "tmpfs":
        return a_tmpfs(own, name, flags)
    if kind == "procfs":
        return procfs_args(flags=PROCFSMNT_LINUXCOMPAT if "linux" in words else 0)
    if kind == "null":
        return realpath(spec)
    return spec if kind == "hostfs" else None


def mountfs(kind: str, spec: str, name: str, flags: int, options: str, verbose: bool) -> int:
    """Mount spec on name; return the exit status."""
    try:
        name = realpath(name)
    except OSError:
        warn(f"realpath {name}")
        return 1
    if name == "/":
        flags |= MNT_UPDATE
    flags, own, words = getmntopts(options, flags)
    if not kind:
        kind = text(statvfs(name).f_fstypename) if flags & MNT_UPDATE else "ffs"
    try:
        args = arguments(kind, spec, name, flags, own, words)
        mount_(kind, name, flags, args)
    except OSError:
        warn(f"{spec} on {name}")
        return 1
    if verbose:
        with Writer(1) as out:
            prmount(out, statvfs(name), verbose)
    return 0


def getmntpt(name: str) -> Statvfs | None:
    """Return what is mounted from name, or on it."""
    try:
        names = {realpath(name), name}
    except OSError:
        names = {name}
    for state in getvfsstat():
        if {text(state.f_mntfromname), text(state.f_mntonname)} & names:
            return state
    return None


def main(argv: list[str]) -> int:
    """Run mount(8)."""
    flags, options, kinds, verbose = 0, "rw", "", False
    found, args = getopt(argv, "fo:rt:uvw")
    for option, value in found:
        if option == "f":
            flags |= MNT_FORCE
        elif option == "o":
            options += f",{value}"
        elif option == "r":
            flags |= MNT_RDONLY
            options += ",ro"
        elif option == "t":
            if kinds:
                errx(1, "only one -t option may be specified.")
            kinds = value
        elif option == "u":
            flags |= MNT_UPDATE
        elif option == "v":
            verbose = True
        elif option == "w":
            flags &= ~MNT_RDONLY
        else:
            usage()
    if not args:
        wanted = kinds.removeprefix("no").split(",")
        with Writer(1) as out:
            for state in getvfsstat():
                chosen = text(state.f_fstypename) in wanted
                if not kinds or chosen != kinds.startswith("no"):
                    prmount(out, state, verbose)
        return 0
    if len(args) == 1:
        if kinds:
            usage()
        if not flags & MNT_UPDATE:
            warnx(f"{args[0]}: unknown special file or file system.")
            return 1
        old = getmntpt(args[0])
        if old is None:
            warnx(f"unknown special file or file system {args[0]}.")
            return 1
        origin, on = text(old.f_mntfromname), text(old.f_mntonname)
        return mountfs(text(old.f_fstypename), origin, on, flags, options, verbose)
    if len(args) == 2:
        return mountfs(kinds, args[0], args[1], flags, options, verbose)
    usage()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
