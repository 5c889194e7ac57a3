# SPDX-License-Identifier: BSD-2-Clause
"""stty: show or set the modes of a terminal.  NetBSD bin/stty."""

import sys
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from kernel.sys import termios as t
from kernel.sys.dataclasses import dataclass
from userland.libc import (
    INT_MAX,
    O_NONBLOCK,
    O_RDONLY,
    TIOCEXT,
    TIOCGETD,
    TIOCSETD,
    TIOCSTART,
    TIOCSTOP,
    TTYDISC,
    Termios,
    atoi,
    cfmakeraw,
    err,
    errx,
    exit,
    getopt,
    ioctl,
    open,
    strtoi,
    tcgetattr,
    tcgetwinsize,
    tcsetattr,
    tcsetwinsize,
    warn,
    warnx,
    write,
)

LINELENGTH: Final = 72

# Special characters in the order they are shown: index in c_cc and name.
CCHARS: Final = {
    name: (getattr(t, "V" + name.upper()))
    for name in (
        "discard dsusp eof eol eol2 erase intr kill lnext min quit reprint start status stop susp"
        " time werase"
    ).split()
}
ALIASES: Final = {
    "brk": "eol", "flush": "discard", "rprnt": "reprint", "xoff": "stop", "xon": "start",
}  # fmt: skip

# Flags in the order they are shown, and of those that are on in a terminal of old, which.
SHOWN: Final = {
    "c_lflag": (
        "icanon isig iexten echo echoe echok echoke echonl echoctl echoprt altwerase noflsh tostop"
        " flusho pendin nokerninfo extproc",
        {"icanon", "isig", "iexten", "echo"},
    ),
    "c_iflag": (
        "istrip icrnl inlcr igncr ixon ixoff ixany imaxbel ignbrk brkint inpck ignpar parmrk",
        {"icrnl", "ixon", "ixany", "imaxbel", "brkint"},
    ),
    "c_oflag": ("opost onlcr ocrnl oxtabs onocr onlret", {"opost", "onlcr", "oxtabs"}),
    "c_cflag": (
        "cread parenb parodd hupcl clocal cstopb crtscts mdmbuf cdtrcts",
        {"cread", "hupcl"},
    ),
}
SIZES: Final = {t.CS5: "cs5", t.CS6: "cs6", t.CS7: "cs7", t.CS8: "cs8"}

_CRT: Final = t.ECHOE | t.ECHOKE | t.ECHOCTL
_PARITY: Final = t.PARODD | t.PARENB | t.CSIZE
# Modes by other names, or of several flags: field, what is set, what is cleared.
MODES: Final[dict[str, tuple[str, int, int]]] = {
    **{name: ("c_cflag", size, t.CSIZE) for size, name in SIZES.items()},
    "parity": ("c_cflag", t.PARENB | t.CS7, t.PARODD | t.CSIZE),
    "-parity": ("c_cflag", t.CS8, _PARITY),
    "evenp": ("c_cflag", t.PARENB | t.CS7, t.PARODD | t.CSIZE),
    "-evenp": ("c_cflag", t.CS8, _PARITY),
    "oddp": ("c_cflag", t.PARENB | t.CS7 | t.PARODD, t.CSIZE),
    "-oddp": ("c_cflag", t.CS8, _PARITY),
    "pass8": ("c_cflag", t.CS8, _PARITY),
    "hup": ("c_cflag", t.HUPCL, 0),
    "flow": ("c_iflag", t.IXON, 0),
    "tandem": ("c_iflag", t.IXOFF, 0),
    "-decctlq": ("c_iflag", t.IXANY, 0),
    "crterase": ("c_lflag", t.ECHOE, 0),
    "crtbs": ("c_lflag", t.ECHOE, 0),
    "crtkill": ("c_lflag", t.ECHOKE, 0),
    "ctlecho": ("c_lflag", t.ECHOCTL, 0),
    "prterase": ("c_lflag", t.ECHOPRT, 0),
    "crt": ("c_lflag", _CRT, t.ECHOK | t.ECHOPRT),
    "-crt": ("c_lflag", t.ECHOK, _CRT),
    "newcrt": ("c_lflag", _CRT, t.ECHOK | t.ECHOPRT),
    "-newcrt": ("c_lflag", t.ECHOK, _CRT),
    "-kerninfo": ("c_lflag", t.NOKERNINFO, 0),
    "-litout": ("c_oflag", t.OPOST, 0),
    "-tabs": ("c_oflag", t.OXTABS, 0),
    "xtabs": ("c_oflag", t.OXTABS, 0),
}
_KEPT: Final = (
    t.ECHOKE | t.ECHOE | t.ECHOK | t.ECHOPRT | t.ECHOCTL | t.ALTWERASE | t.TOSTOP | t.NOFLSH
)


@dataclass(slots=True)
class Info:
    """The terminal, and what is to become of it (struct info)."""

    fd: int
    modes: Termios
    size: tuple[int, int]
    off: bool = False  # the argument had a minus
    arg: str = ""
    set: bool = False
    wset: bool = False

    def change(self, field: str, on: int, off: int = 0) -> None:
        """Set and clear flags."""
        self.put(**{field: getattr(self.modes, field) & ~off | on})

    def put(self, **fields: Any) -> None:
        """Replace parts of the modes."""
        self.modes = self.modes._replace(**fields)
        self.set = True

    def char(self, name: str, char: int) -> None:
        """Set a special character."""
        chars = bytearray(self.modes.c_cc)
        chars[CCHARS[name]] = char
        self.put(c_cc=bytes(chars))


def usage() -> NoReturn:
    write(2, b"usage: stty [-a|-e|-g] [-f file] [operand ...]\n")
    exit(1)


def out(text: str) -> None:
    write(1, text.encode("latin-1"))


def ccval(name: str, char: int) -> str:
    """Return how a special character is shown."""
    if name in ("min", "time"):
        return str(char)
    if char == t._POSIX_VDISABLE:
        return "<undef>"
    meta = "M-" if char & 0x80 else ""
    char &= 0x7F
    if char == 0x7F:
        return meta + "^?"
    return meta + (f"^{chr(char + 0x40)}" if char < 0x20 else chr(char))


def flags(field: str, value: int, everything: bool) -> Iterator[str]:
    """Yield the flags of a field: those that are not as usual, or all."""
    names, usual = SHOWN[field]
    for name in names.split():
        on = bool(value & getattr(t, name.upper()))
        if name == "parenb":
            yield SIZES[value & t.CSIZE]
        if everything or name == "parenb" or on != (name in usual):
            yield name if on else "-" + name


def wrapped(label: str, words: Iterator[str]) -> str:
    """Return words on lines, after label; nothing if there are none."""
    text, column = "", 0
    for word in words:
        if not column:
            text = f"{label}: {word}"
            column = len(text)
        elif column + len(word) > LINELENGTH:
            text += f"\n\t{word}"
            column = len(word) + 8
        else:
            text += f" {word}"
            column += len(word) + 1
    return text + "\n" if text else ""


def show(info: Info, how: str) -> None:
    """Print the modes: those that are not as usual, or with -a and -e all."""
    modes = info.modes
    if modes.c_ispeed != modes.c_ospeed:
        text = f"ispeed {modes.c_ispeed} baud; ospeed {modes.c_ospeed} baud;"
    else:
        text = f"speed {modes.c_ispeed} baud;"
    if how:
        text += f" {info.size[0]} rows; {info.size[1]} columns;"
    text += "\n"
    for field in SHOWN:
        text += wrapped(field[2:] + "s", flags(field, getattr(modes, field), bool(how)))
    if how == "a":
        chars = (f"{name} = {ccval(name, modes.c_cc[at])};" for name, at in CCHARS.items())
        text += wrapped("cchars", chars)
    else:
        text += table(modes, everything=bool(how))
    out(text)


def table(modes: Termios, *, everything: bool) -> str:
    """Return the special characters below their names."""
    chosen = [
        (name, ccval(name, modes.c_cc[at]))
        for name, at in CCHARS.items()
        if everything or modes.c_cc[at] != t.ttydefchars[at]
    ]
    text = ""
    width = LINELENGTH // 8
    for at in range(0, len(chosen), width):
        row = chosen[at : at + width]
        text += "".join(f"{name:8}" for name, _ in row) + "\n"
        text += "".join(f"{value:8}" for _, value in row) + "\n"
    return text


def gprint(modes: Termios) -> str:
    """Return the modes as gread takes them."""
    words = [f"{name}={getattr(modes, 'c_' + name):x}" for name in _GFLAGS]
    words += [f"{name}={modes.c_cc[at]:x}" for name, at in CCHARS.items()]
    return f"gfmt1:{':'.join(words)}:ispeed={modes.c_ispeed}:ospeed={modes.c_ospeed}\n"


_GFLAGS: Final = ("cflag", "iflag", "lflag", "oflag")


def gread(info: Info, text: str) -> None:
    """Set the modes that gprint has printed."""
    _, colon, rest = text.partition(":")
    if not colon:
        errx(1, "illegal gfmt1 option")
    for word in rest.split(":"):
        if not word:
            break
        name, equals, value = word.partition("=")
        try:
            if name in ("ispeed", "ospeed"):
                info.put(**{"c_" + name: strtoi(value, 0, INT_MAX)})
            elif name in _GFLAGS:
                info.put(**{"c_" + name: int(value, 16) & 0xFFFFFFFF})
            elif equals and name in CCHARS:
                info.char(name, int(value, 16) & 0xFF)
            else:
                raise ValueError(name)
        except ValueError:
            errx(1, f"illegal gfmt1 option -- {name}")


def cbreak(info: Info) -> None:
    if info.off:
        sane(info)
        return
    info.change("c_iflag", t.BRKINT | t.IXON | t.IMAXBEL)
    info.change("c_oflag", t.OPOST)
    info.change("c_lflag", t.ISIG | t.IEXTEN, t.ICANON)


def dec(info: Info) -> None:
    for name, char in (("erase", 0x7F), ("kill", 0x15), ("intr", 0x03)):
        info.char(name, char)
    info.change("c_lflag", _CRT, t.ECHOPRT)
    info.change("c_iflag", 0, t.IXANY)


def ek(info: Info) -> None:
    for name in ("erase", "kill"):
        info.char(name, t.ttydefchars[CCHARS[name]])


def extproc(info: Info) -> None:
    ioctl(info.fd, TIOCEXT, (not info.off).to_bytes(4, "little"))


def nl(info: Info) -> None:
    on = info.off
    info.change("c_iflag", t.ICRNL if on else 0, 0 if on else t.ICRNL)
    info.change("c_oflag", t.ONLCR if on else 0, 0 if on else t.ONLCR)


def raw(info: Info) -> None:
    if info.off:
        sane(info)
    else:
        info.put(**cfmakeraw(info.modes)._asdict())


def sane(info: Info) -> None:
    modes = info.modes
    info.put(
        c_cflag=t.TTYDEF_CFLAG | modes.c_cflag & t.CLOCAL,
        c_iflag=t.TTYDEF_IFLAG | t.ICRNL,
        c_lflag=t.TTYDEF_LFLAG | modes.c_lflag & _KEPT,
        c_oflag=t.TTYDEF_OFLAG,
    )


def rows(info: Info) -> None:
    info.size, info.wset = (atoi(info.arg) & 0xFFFF, info.size[1]), True


def columns(info: Info) -> None:
    info.size, info.wset = (info.size[0], atoi(info.arg) & 0xFFFF), True


def tty(info: Info) -> None:
    try:
        ioctl(0, TIOCSETD, TTYDISC.to_bytes(4, "little"))
    except OSError:
        err(1, "TIOCSETD")


# Operands that are no modes: what they do, whether an argument follows, whether with a minus too.
KEYS: Final[dict[str, tuple[Callable[[Info], object], bool, bool]]] = {
    "all": (lambda info: show(info, "e"), False, False),
    "cbreak": (cbreak, False, True),
    "cols": (columns, True, False),
    "columns": (columns, True, False),
    "cooked": (sane, False, False),
    "dec": (dec, False, False),
    "ek": (ek, False, False),
    "everything": (lambda info: show(info, "e"), False, False),
    "extproc": (extproc, False, True),
    "ispeed": (lambda info: info.put(c_ispeed=atoi(info.arg)), True, False),
    "new": (tty, False, False),
    "nl": (nl, False, True),
    "old": (tty, False, False),
    "ospeed": (lambda info: info.put(c_ospeed=atoi(info.arg)), True, False),
    "ostart": (lambda info: ioctl(info.fd, TIOCSTART), False, False),
    "ostop": (lambda info: ioctl(info.fd, TIOCSTOP), False, False),
    "raw": (raw, False, True),
    "rows": (rows, True, False),
    "sane": (sane, False, False),
    "size": (lambda info: out(f"{info.size[0]} {info.size[1]}\n"), False, False),
    "speed": (lambda info: out(f"{info.modes.c_ospeed}\n"), False, False),
    "tty": (tty, False, False),
}


def argument(name: str, args: list[str]) -> str:
    if not args:
        warnx(f"option requires an argument -- {name}")
        usage()
    return args.pop(0)


def ksearch(info: Info, word: str, args: list[str]) -> bool:
    """Do what a keyword says; return whether word is one."""
    info.off = word.startswith("-")
    name = word.removeprefix("-")
    if name not in KEYS:
        return False
    act, needs, offok = KEYS[name]
    if info.off and not offok:
        warnx(f"illegal option -- {name}")
        usage()
    if needs:
        info.arg = argument(name, args)
    act(info)
    return True


def csearch(info: Info, word: str, args: list[str]) -> bool:
    """Set a special character; return whether word is one."""
    name = ALIASES.get(word, word)
    if name not in CCHARS:
        return False
    arg = argument(word, args)
    if name in ("min", "time"):
        info.char(name, atoi(arg) & 0xFF)
    elif arg in ("undef", "<undef>", "^-"):
        info.char(name, t._POSIX_VDISABLE)
    elif arg.startswith("^") and len(arg) > 1:
        info.char(name, 0x7F if arg[1] == "?" else ord(arg[1]) & 0x1F)
    else:
        info.char(name, arg.encode("utf-8", "surrogateescape")[0] if arg else 0)
    return True


def msearch(info: Info, word: str) -> bool:
    """Set or clear a mode; return whether word is one."""
    if word in MODES:
        info.change(*MODES[word])
        return True
    name = word.removeprefix("-")
    opposite = name if word.startswith("-") else "-" + name
    if opposite in MODES and name not in ("cs5", "cs6", "cs7", "cs8", "pass8"):
        field, on, _ = MODES[opposite]
        info.change(field, 0, on)
        return True
    for field, (names, _) in SHOWN.items():
        if name in names.split() and name != "extproc":
            flag = getattr(t, name.upper())
            info.change(field, 0 if word.startswith("-") else flag, flag)
            return True
    return False


def operands(info: Info, args: list[str]) -> None:
    """Do what the operands say, but for setting the modes."""
    while args:
        word = args.pop(0)
        if ksearch(info, word, args) or csearch(info, word, args) or msearch(info, word):
            continue
        if word[:1].isdigit():
            info.put(c_ispeed=atoi(word), c_ospeed=atoi(word))
        elif word.startswith("gfmt1"):
            gread(info, word)
        else:
            warnx(f"illegal option -- {word}")
            usage()


def main(argv: list[str]) -> int:
    words = argv[1:]
    count = 0
    while count < len(words) and set(words[count]) <= set("-aefg"):
        count += 2 if words[count][-1:] == "f" else 1
    options, rest = getopt(["stty", *words[:count]], "aef:g")
    args = [*rest, *words[count:]]
    how, fd = "", 0
    for letter, value in options:
        if letter == "f":
            try:
                fd = open(value, O_RDONLY | O_NONBLOCK)
            except OSError:
                err(1, value)
        elif letter == "?":
            usage()
        else:
            how = letter
    info = look(fd)
    if how == "g":
        out(gprint(info.modes))
    elif how or not args:
        show(info, how)
    operands(info, args)
    try:
        if info.set:
            tcsetattr(fd, t.TCSANOW, info.modes)
    except OSError:
        err(1, "tcsetattr")
    try:
        if info.wset:
            tcsetwinsize(fd, info.size)
    except OSError:
        warn("TIOCSWINSZ")
    return 0


def look(fd: int) -> Info:
    """Return the terminal as it is."""
    try:
        ioctl(fd, TIOCGETD)
    except OSError:
        err(1, "TIOCGETD")
    try:
        modes = tcgetattr(fd)
    except OSError:
        err(1, "tcgetattr")
    try:
        size = tcgetwinsize(fd)
    except OSError:
        warn("TIOCGWINSZ")
        size = (0, 0)
    return Info(fd, modes, size)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
