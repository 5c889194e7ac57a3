# SPDX-License-Identifier: BSD-2-Clause
"""id: user and group ids.  NetBSD usr.bin/id/id.c."""

import sys
from typing import NoReturn

from userland.libc import (
    Writer,
    errx,
    exit,
    getegid,
    geteuid,
    getgid,
    getgrgid,
    getgrouplist,
    getgroups,
    getopt,
    getpwnam,
    getpwuid,
    getuid,
    strtol,
    write,
)


def usage() -> NoReturn:
    write(
        2,
        b"usage: id [user]\n       id -G [-n] [user]\n       id -g [-nr] [user]\n"
        b"       id -p [user]\n       id -u [-nr] [user]\n",
    )
    exit(1)


def user_name(uid: int) -> str | None:
    entry = getpwuid(uid)
    return None if entry is None else entry.pw_name


def group_name(gid: int) -> str | None:
    entry = getgrgid(gid)
    return None if entry is None else entry.gr_name


def named(number: int, name: str | None) -> str:
    return f"{number}({name})" if name else str(number)


def unique(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


class Who:
    """The ids to show: the process's, or those a user logs in with."""

    def __init__(self, user: str | None) -> None:
        if user is None:
            self.uid, self.euid = getuid(), geteuid()
            self.gid, self.egid = getgid(), getegid()
            self.groups = unique([self.gid, self.egid, *getgroups()])
            return
        entry = getpwnam(user) or (getpwuid(strtol(user)[0]) if user.isdecimal() else None)
        if entry is None:
            errx(1, f"{user}: No such user")
        self.uid = self.euid = entry.pw_uid
        self.gid = self.egid = entry.pw_gid
        self.groups = unique([entry.pw_gid, *getgrouplist(entry.pw_name, entry.pw_gid)])


def everything(who: Who) -> str:
    """Return the line of id without options."""
    text = f"uid={named(who.uid, user_name(who.uid))} gid={named(who.gid, group_name(who.gid))}"
    if who.euid != who.uid:
        text += f" euid={named(who.euid, user_name(who.euid))}"
    if who.egid != who.gid:
        text += f" egid={named(who.egid, group_name(who.egid))}"
    if who.groups:
        text += " groups=" + ",".join(named(gid, group_name(gid)) for gid in who.groups)
    return text


def pretty(who: Who) -> str:
    """Return the lines of id -p."""
    lines = [f"uid\t{user_name(who.uid) or who.uid}"]
    if who.euid != who.uid:
        lines.append(f"euid\t{user_name(who.euid) or who.euid}")
    if who.egid != who.gid:
        lines.append(f"rgid\t{group_name(who.gid) or who.gid}")
    groups = " ".join(str(group_name(gid) or gid) for gid in who.groups)
    return "\n".join([*lines, f"groups\t{groups}"])


def main(argv: list[str]) -> int:
    """Run id(1); as groups(1) and whoami(1), id -Gn and id -un."""
    program = argv[0].rpartition("/")[2]
    flags = {"groups": {"G", "n"}, "whoami": {"u", "n"}}.get(program, set())
    options, args = getopt(argv, "Ggnpru")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if len(args) > 1 or len(flags & {"G", "g", "p", "u"}) > 1:
        usage()
    who = Who(args[0] if args else None)
    uid = who.uid if "r" in flags else who.euid
    gid = who.gid if "r" in flags else who.egid
    names = "n" in flags
    with Writer(1) as out:
        if "u" in flags:
            out.print(str((names and user_name(uid)) or uid))
        elif "g" in flags:
            out.print(str((names and group_name(gid)) or gid))
        elif "G" in flags:
            out.print(" ".join(str((names and group_name(g)) or g) for g in who.groups))
        elif "p" in flags:
            out.print(pretty(who))
        elif flags:
            usage()
        else:
            out.print(everything(who))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
