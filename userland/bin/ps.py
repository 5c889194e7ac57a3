# SPDX-License-Identifier: BSD-2-Clause
"""ps: process status.  NetBSD bin/ps."""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final, NamedTuple, NoReturn

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.proc import (
    LSIDL,
    LSONPROC,
    LSRUN,
    LSSLEEP,
    LSSTOP,
    LSZOMB,
    LW_SINTR,
    P_PPWAIT,
    P_WEXIT,
    SZOMB,
)
from kernel.sys.sysctl import (
    CTL_HW,
    CTL_KERN,
    EPROC_CTTY,
    EPROC_SLEADER,
    HW_PHYSMEM64,
    KERN_LWP,
    KERN_PROC2,
    KERN_PROC_ALL,
    KERN_PROC_ARGS,
    KERN_PROC_ARGV,
    KERN_PROC_ENV,
    KI_NOTTY,
    KinfoLwp,
    KinfoProc2,
)
from kernel.sys.types import major, minor
from userland.libc import (
    S_ISCHR,
    Writer,
    errx,
    exit,
    getopt,
    getpid,
    gettimeofday,
    getuid,
    isatty,
    listdir,
    stat,
    strtol,
    tcgetwinsize,
    warnx,
    write,
)
from userland.libc.pwcache import NameCache
from userland.libc.pwd import getpwnam
from userland.libc.strftime import strftime
from userland.libc.sysctl import sysctl

NZERO: Final = 20
FSCALE: Final = 2048  # of p_pctcpu
MAXSLP: Final = 20  # seconds: who sleeps longer is idle
DEFAULT: Final = "pid tty state time command"
FORMATS: Final = {
    "j": "user pid ppid pgid sess jobc state tty time command",
    "l": "uid pid ppid cpu pri nice vsz rss wchan state tty time command",
    "u": "user pid %cpu %mem vsz rss tty state started time command",
    "s": "uid pid ppid cpu lid nlwp pri nice vsz rss wchan lstate tty ltime command",
    "v": "pid state time sl re pagein vsz rss lim tsiz %cpu %mem command",
}
ORDERS: Final = {"m": "-rss,pid", "r": "-%cpu,pid"}
SORTABLE: Final = {
    "%cpu": "p_pctcpu", "%mem": "p_vm_rssize", "comm": "p_comm", "cpu": "p_estcpu", "gid": "p_gid",
    "nice": "p_nice", "nlwp": "p_nlwps", "pgid": "p__pgid", "pid": "p_pid", "ppid": "p_ppid",
    "pri": "p_priority", "rss": "p_vm_rssize", "ruid": "p_ruid", "sess": "p_sid", "sid": "p_sid",
    "sl": "p_slptime", "started": "p_ustart_sec", "tdev": "p_tdev", "time": "p_rtime_sec",
    "tty": "p_tdev", "uid": "p_uid", "user": "p_uid", "vsz": "p_vm_vsize",
}  # fmt: skip
STATES: Final = {
    LSIDL: "I",
    LSRUN: "R",
    LSONPROC: "O",
    LSSLEEP: "S",
    LSSTOP: "T",
    LSZOMB: "Z",
    SZOMB: "Z",
}


def usage() -> NoReturn:
    write(
        2,
        b"usage: ps [-AaCcehjlmrSsTuvwx] [-k key] [-M core] [-N system] [-O fmt]\n"
        b"          [-o fmt] [-p pid] [-t tty] [-U user] [-W swap]\n"
        b"       ps -L\n",
    )
    exit(1)


class Reader:
    """Reads processes, and what their fields need besides."""

    def __init__(self) -> None:
        self.names = NameCache()
        self.now = gettimeofday().tv_sec
        self.terminals: dict[int, str] | None = None
        self.short = False  # -c
        self.environment = False  # -e
        self.current: KinfoLwp | None = None  # whose line is made, with -s
        self.pages = int.from_bytes(sysctl((CTL_HW, HW_PHYSMEM64), size=8), "little") >> 12

    def processes(self) -> list[KinfoProc2]:
        """Return all processes."""
        size = sizeof(KinfoProc2)
        data = sysctl((CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, size, 1 << 20))
        return [unpack_from(KinfoProc2, data, at) for at in range(0, len(data), size)]

    def lwps(self, p: KinfoProc2) -> list[KinfoLwp]:
        """Return the threads of a process."""
        size = sizeof(KinfoLwp)
        try:
            data = sysctl((CTL_KERN, KERN_LWP, p.p_pid, size, 1 << 16))
        except OSError:
            return []
        return [unpack_from(KinfoLwp, data, at) for at in range(0, len(data), size)]

    def lwp(self, p: KinfoProc2) -> KinfoLwp:
        """Return the thread that the line is about: without -s, the first of the process."""
        if self.current is not None:
            return self.current
        return next(iter(self.lwps(p)), KinfoLwp(l_stat=p.p_stat))

    def ltime(self, p: KinfoProc2) -> str:
        """Return what the thread has had of the CPU."""
        lwp = self.lwp(p)
        return clock(lwp.l_rtime_sec, lwp.l_rtime_usec)

    def groups(self, p: KinfoProc2, names: bool) -> str:
        """Return the supplementary groups of a process."""
        gids = p.p_groups[: p.p_ngroups]
        return ",".join(self.names.group_from_gid(gid) if names else str(gid) for gid in gids)

    def terminal(self, dev: int) -> str:
        """Return a terminal's name without /dev/ and tty; ?? for none."""
        if dev == KI_NOTTY:
            return "?"
        if self.terminals is None:
            self.terminals = {}
            slaves = [f"pts/{name}" for name in listdir("/dev/pts")]
            for name in (*listdir("/dev"), *slaves):
                status = stat(f"/dev/{name}")
                if S_ISCHR(status.st_mode):
                    self.terminals.setdefault(status.st_rdev, name)
        name = self.terminals.get(dev, f"{major(dev)},{minor(dev)}")
        return "co" if name == "console" else name.removeprefix("tty")

    def command(self, p: KinfoProc2) -> str:
        """Return the arguments, or the name in parentheses if there are none."""
        comm = p.p_comm.split(b"\0")[0].decode("utf-8", "surrogateescape")
        if self.short:
            return comm
        if p.p_stat in {LSZOMB, SZOMB}:
            return "<defunct>" if not comm else f"({comm})"
        try:
            data = sysctl((CTL_KERN, KERN_PROC_ARGS, p.p_pid, KERN_PROC_ARGV))
        except OSError:
            data = b""
        if self.environment:
            with suppress(OSError):  # another user's
                data += sysctl((CTL_KERN, KERN_PROC_ARGS, p.p_pid, KERN_PROC_ENV))
        args = data.rstrip(b"\0").replace(b"\0", b" ").decode("utf-8", "surrogateescape")
        return args or f"[{comm}]" if p.p_pid == 0 else args or f"({comm})"


def state(p: KinfoProc2) -> str:
    """Return the state as letters: S sleeping, R running, s session leader, + foreground ..."""
    text = STATES.get(p.p_stat, "?")
    if text == "S" and p.p_nlwps:
        if not p.p_flag & LW_SINTR:
            text = "D"
        elif p.p_slptime > MAXSLP:
            text = "I"
    if p.p_nice < NZERO:
        text += "<"
    elif p.p_nice > NZERO:
        text += "N"
    if p.p_flag & P_WEXIT and text[0] != "Z":
        text += "E"
    if p.p_flag & P_PPWAIT:
        text += "V"
    if p.p_eflag & EPROC_SLEADER:
        text += "s"
    if p.p_nlwps > 1:
        text += "l"
    if p.p_eflag & EPROC_CTTY and p.p__pgid == p.p_tpgid:
        text += "+"
    return text


def clock(seconds: int, microseconds: int) -> str:
    """Return a time of use: minutes, seconds, hundredths."""
    return f"{seconds // 60}:{seconds % 60:02d}.{microseconds // 10000:02d}"


def cputime(p: KinfoProc2) -> str:
    """Return the processor time used."""
    return clock(p.p_rtime_sec, p.p_rtime_usec)


def elapsed(p: KinfoProc2, now: int) -> str:
    """Return the time since the start: [days-][hours:]minutes:seconds."""
    seconds = max(now - p.p_ustart_sec, 0) if p.p_uvalid else 0
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    text = f"{minutes:02d}:{seconds:02d}"
    if days:
        return f"{days}-{hours:02d}:{text}"
    return f"{hours:02d}:{text}" if hours else text


def started(p: KinfoProc2, now: int) -> str:
    """Return when it started: the time if today, else the day, or the date."""
    if not p.p_uvalid:
        return "-"
    age = now - p.p_ustart_sec
    if age < 24 * 3600:
        return strftime("%l:%M%p", p.p_ustart_sec)
    return strftime("%a%I%p" if age < 7 * 86400 else "%e%b%y", p.p_ustart_sec)


class Column(NamedTuple):
    """A keyword: its header, whether it is flush left, and its value."""

    header: str
    left: bool
    value: Callable[[Reader, KinfoProc2], object]


def field(header: str, name: str) -> Column:
    """Return a column that shows a field as it is."""
    return Column(header, False, lambda reader, p: getattr(p, name))


COLUMNS: Final[dict[str, Column]] = {
    "%cpu": Column("%CPU", False, lambda r, p: f"{100 * p.p_pctcpu / FSCALE:.1f}"),
    "%mem": Column("%MEM", False, lambda r, p: f"{100 * p.p_vm_rssize / r.pages:.1f}"),
    "acflag": field("ACFLG", "p_acflag"),
    "args": Column("ARGS", True, lambda r, p: r.command(p)),
    "command": Column("COMMAND", True, lambda r, p: r.command(p)),
    "comm": Column("COMMAND", True, lambda r, p: p.p_comm.split(b"\0")[0].decode()),
    "cpu": field("CPU", "p_estcpu"),
    "etime": Column("ELAPSED", False, lambda r, p: elapsed(p, r.now)),
    "flags": Column("F", False, lambda r, p: f"{p.p_flag:x}"),
    "gid": field("GID", "p_gid"),
    "group": Column("GROUP", True, lambda r, p: r.names.group_from_gid(p.p_gid)),
    "inblk": field("INBLK", "p_uru_inblock"),
    "jobc": field("JOBC", "p_jobc"),
    "ktrace": Column("KTRACE", False, lambda r, p: f"{p.p_traceflag & 0xFFFFFFFF:x}"),
    "lim": Column("LIM", False, lambda r, p: "-"),
    "login": Column("LOGIN", True, lambda r, p: p.p_login.split(b"\0")[0].decode()),
    "lstart": Column("STARTED", True, lambda r, p: strftime("%c", p.p_ustart_sec)),
    "nice": Column("NI", False, lambda r, p: p.p_nice - NZERO),
    "nivcsw": field("NIVCSW", "p_uru_nivcsw"),
    "nlwp": field("NLWP", "p_nlwps"),
    "nsigs": field("NSIGS", "p_uru_nsignals"),
    "nvcsw": field("NVCSW", "p_uru_nvcsw"),
    "oublk": field("OUBLK", "p_uru_oublock"),
    "pagein": field("PAGEIN", "p_uru_majflt"),
    "pgid": field("PGID", "p__pgid"),
    "pid": field("PID", "p_pid"),
    "ppid": field("PPID", "p_ppid"),
    "pri": field("PRI", "p_priority"),
    "re": field("RE", "p_swtime"),
    "rgid": field("RGID", "p_rgid"),
    "rss": Column("RSS", False, lambda r, p: p.p_vm_rssize * 4),
    "ruid": field("RUID", "p_ruid"),
    "ruser": Column("RUSER", True, lambda r, p: r.names.user_from_uid(p.p_ruid)),
    "sess": field("SESS", "p_sid"),
    "sid": field("SID", "p_sid"),
    "sig": Column("PENDING", False, lambda r, p: f"{p.p_siglist[0]:x}"),
    "sigcatch": Column("CAUGHT", False, lambda r, p: f"{p.p_sigcatch[0]:x}"),
    "sigignore": Column("IGNORED", False, lambda r, p: f"{p.p_sigignore[0]:x}"),
    "sigmask": Column("BLOCKED", False, lambda r, p: f"{p.p_sigmask[0]:x}"),
    "sl": field("SL", "p_slptime"),
    "started": Column("STARTED", True, lambda r, p: started(p, r.now)),
    "state": Column("STAT", True, lambda r, p: state(p)),
    "svgid": field("SVGID", "p_svgid"),
    "svuid": field("SVUID", "p_svuid"),
    "tdev": Column("TDEV", False, lambda r, p: "??" if p.p_tdev == KI_NOTTY else p.p_tdev),
    "time": Column("TIME", False, lambda r, p: cputime(p)),
    "tpgid": field("TPGID", "p_tpgid"),
    "tsiz": field("TSIZ", "p_vm_tsize"),
    "tty": Column("TTY", True, lambda r, p: r.terminal(p.p_tdev)),
    "uid": field("UID", "p_uid"),
    "user": Column("USER", True, lambda r, p: r.names.user_from_uid(p.p_uid)),
    "vsz": Column("VSZ", False, lambda r, p: p.p_vm_vsize * 4),
    "wchan": Column("WCHAN", True, lambda r, p: p.p_wmesg.split(b"\0")[0].decode() or "-"),
    "xstat": field("XSTAT", "p_xstat"),
    "ctime": Column("CTIME", False, lambda r, p: clock(p.p_uctime_sec, p.p_uctime_usec)),
    "cutime": Column("CUTIME", False, lambda r, p: clock(p.p_uctime_sec, p.p_uctime_usec)),
    "egroup": Column("EGROUP", True, lambda r, p: r.names.group_from_gid(p.p_gid)),
    "emul": Column("EMUL", True, lambda r, p: p.p_ename.split(b"\0")[0].decode()),
    "groupnames": Column("GROUPNAMES", True, lambda r, p: r.groups(p, names=True)),
    "groups": Column("GROUPS", True, lambda r, p: r.groups(p, names=False)),
    "holdcnt": field("HOLDCNT", "p_holdcnt"),
    "lid": Column("LID", False, lambda r, p: r.lwp(p).l_lid),
    "lname": Column("LNAME", True, lambda r, p: r.lwp(p).l_name.split(b"\0")[0].decode() or "-"),
    "lstate": Column("STAT", True, lambda r, p: STATES.get(r.lwp(p).l_stat, "?")),
    "ltime": Column("LTIME", False, lambda r, p: r.ltime(p)),
    "minflt": field("MINFLT", "p_uru_minflt"),
    "msgrcv": field("MSGRCV", "p_uru_msgrcv"),
    "msgsnd": field("MSGSND", "p_uru_msgsnd"),
    "nswap": field("NSWAP", "p_uru_nswap"),
    "nwchan": Column("WCHAN", False, lambda r, p: f"{p.p_wchan:x}"),
    "rgroup": Column("RGROUP", True, lambda r, p: r.names.group_from_gid(p.p_rgid)),
    "rlwp": field("RLWP", "p_nrlwps"),
    "stime": Column("STIME", False, lambda r, p: clock(p.p_ustime_sec, p.p_ustime_usec)),
    "svgroup": Column("SVGROUP", True, lambda r, p: r.names.group_from_gid(p.p_svgid)),
    "svuser": Column("SVUSER", True, lambda r, p: r.names.user_from_uid(p.p_svuid)),
    "usrpri": field("UPR", "p_usrpri"),
    "utime": Column("UTIME", False, lambda r, p: clock(p.p_uutime_sec, p.p_uutime_usec)),
}
ALIASES: Final = {
    "acflg": "acflag", "blocked": "sigmask", "cputime": "time", "euid": "uid", "euser": "user",
    "inblock": "inblk", "logname": "login", "majflt": "pagein", "nsignals": "nsigs",
    "oublock": "oublk", "rssize": "rss", "rsz": "rss", "systime": "stime", "upr": "usrpri",
    "usertime": "utime", "egid": "gid", "caught": "sigcatch", "f": "flags", "ignored": "sigignore",
    "ni": "nice",
    "pcpu": "%cpu", "pending": "sig", "pmem": "%mem", "start": "started", "stat": "state",
    "traceflag": "ktrace", "tt": "tty", "ucomm": "comm", "vsize": "vsz",
}  # fmt: skip


def parse_format(text: str) -> list[tuple[str, Column]]:
    """Return the columns of -o: keywords, each perhaps with =header."""
    columns: list[tuple[str, Column]] = []
    while text := text.lstrip(" ,\t\n"):
        match = re.match(r"([^ ,\t\n=]+)(=.*)?", text, re.DOTALL)
        if match is None:
            break
        name = ALIASES.get(match[1], match[1])
        if name not in COLUMNS:
            warnx(f"{match[1]}: keyword not found")
            exit(1)
        column = COLUMNS[name]
        header = match[2][1:] if match[2] else column.header
        columns.append((header, column))
        text = text[match.end() :]
    return columns


class Selection:
    """Which processes are shown."""

    def __init__(self) -> None:
        self.all_users = self.without_tty = False
        self.pids: set[int] = set()
        self.terminals: set[str] = set()
        self.uids: set[int] = set()
        self.session = 0  # of ps itself, if it has no terminal

    def take(self, option: str, value: str) -> None:
        """Take one of the options A, a, x, p, t and U."""
        if option in "Aax":
            self.all_users = self.all_users or option in "Aa"
            self.without_tty = self.without_tty or option in "Ax"
            return
        words = re.split(r"[, ]+", value)
        if option == "p":
            self.pids |= {strtol(pid)[0] for pid in words if pid.isdecimal()}
        elif option == "t":
            self.terminals |= {
                "?" if name in {"-", "?"} else name.removeprefix("/dev/").removeprefix("tty")
                for name in words
            }
        else:
            self.uids |= {user_id(name) for name in words}
            self.without_tty = True

    def wants(self, reader: Reader, p: KinfoProc2) -> bool:
        """Tell whether p is to be shown."""
        if self.pids:
            return p.p_pid in self.pids
        if self.terminals:
            return reader.terminal(p.p_tdev) in self.terminals
        if self.uids:
            return p.p_uid in self.uids
        if not self.all_users and p.p_uid != getuid():
            return False
        if self.without_tty or p.p_eflag & EPROC_CTTY:
            return True
        return p.p_sid == self.session


def sort_keys(text: str) -> list[Callable[[KinfoProc2], Any]]:
    """Return the keys of -k: columns that can be compared, with a minus sign from high to low."""
    keys: list[Callable[[KinfoProc2], Any]] = []
    for word in re.split(r"[, ]+", text):
        name = word.lstrip("-+")
        name = ALIASES.get(name, name)
        if name not in SORTABLE:
            warnx(f"{name}: keyword not found")
            exit(1)
        keys.append(partial(sort_value, SORTABLE[name], -1 if word.startswith("-") else 1))
    return keys


def sort_value(name: str, sign: int, p: KinfoProc2) -> Any:
    """Return what p is sorted by."""
    value = getattr(p, name)
    if name == "p_rtime_sec":
        value = value * 1_000_000 + p.p_rtime_usec
    return value if isinstance(value, bytes) else sign * value


def user_id(text: str) -> int:
    entry = getpwnam(text)
    if entry is None and not text.isdecimal():
        errx(1, f"{text}: no such user")
    return entry.pw_uid if entry else strtol(text)[0]


def width(wide: int) -> int | None:
    """Return the width of lines, None for no limit."""
    if wide > 1 or not isatty(1):
        return None
    columns = tcgetwinsize(1)[1] or 80
    return max(columns, 132) if wide else columns


def render(
    rows: list[list[str]], columns: list[tuple[str, Column]], limit: int | None
) -> list[str]:
    """Return rows, headers first, as lines with aligned columns."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    lines = []
    for row in rows:
        cells = [
            text.ljust(size) if column.left else text.rjust(size)
            for text, size, (_, column) in zip(row, widths, columns, strict=True)
        ]
        lines.append(" ".join(cells).rstrip()[:limit])
    return lines


class Listing:
    """What is shown of processes, and in which order."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.form = DEFAULT
        self.columns: list[tuple[str, Column]] = []  # with their headers
        self.keys = "tdev,pid"
        self.wide = 0
        self.threads = False

    def take(self, option: str, value: str) -> None:
        """Take an option that is not about which processes are shown."""
        if option == "c":
            self.reader.short = True
        elif option == "e":
            self.reader.environment = True
        elif option in ORDERS:
            self.keys = ORDERS[option]
        elif option == "k":
            self.keys = value
        elif option in FORMATS:
            self.form = FORMATS[option]
            self.keys = "-%cpu,pid" if option in "uv" else self.keys
            self.threads = self.threads or option == "s"
        elif option == "o":
            self.columns += parse_format(value)
        elif option == "O":
            self.form = f"pid {value} tty state time command"
        elif option == "w":
            self.wide += 1

    def lines(self, processes: list[KinfoProc2]) -> list[str]:
        """Return the lines that show processes; that of headers is left out if all are empty."""
        for key in reversed(sort_keys(self.keys)):
            processes.sort(key=key)
        rows = [[header for header, _ in self.columns]]
        for p in processes:
            for lwp in self.reader.lwps(p) if self.threads else [None]:
                self.reader.current = lwp
                rows.append([str(column.value(self.reader, p)) for _, column in self.columns])
        lines = render(rows, self.columns, width(self.wide))
        return lines if any(rows[0]) else lines[1:]


def main(argv: list[str]) -> int:
    """Run ps(1); letters without a minus sign are options too."""
    if len(argv) > 1 and re.fullmatch(r"[A-Za-z]+", argv[1]):
        argv = [argv[0], f"-{argv[1]}", *argv[2:]]
    listing, selection = Listing(), Selection()
    options, args = getopt(argv, "AaCcehjk:LlM:mN:O:o:p:RrSsTt:U:uvW:wx")
    for option, value in options:
        if option == "?":
            usage()
        if option == "L":
            with Writer(1) as out:
                out.print(" ".join(sorted([*COLUMNS, *ALIASES])))
            return 0
        (selection if option in "AaxptU" else listing).take(option, value)
    if args and not selection.pids:
        selection.pids = {strtol(arg)[0] for arg in args if arg.isdecimal()}
        if not selection.pids:
            usage()
    listing.columns = listing.columns or parse_format(listing.form)
    reader = listing.reader
    processes = reader.processes()
    own = next(p for p in processes if p.p_pid == getpid())
    selection.session = 0 if own.p_eflag & EPROC_CTTY else own.p_sid
    shown = [p for p in processes if selection.wants(reader, p)]
    lines = listing.lines(shown)
    with Writer(1) as out:
        for line in lines:
            out.print(line)
    return 0 if shown else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
