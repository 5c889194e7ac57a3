# SPDX-License-Identifier: BSD-2-Clause
"""_locale: the locales C and C.UTF-8.  CPython Modules/_localemodule.c; NetBSD setlocale(3).

Numbers are of NetBSD's locale.h and langinfo.h.  A category is the process's own; what
differs between the two locales is the codeset alone, and that is UTF-8 in both for
Python, which does not believe the C locale.
"""

from types import ModuleType
from typing import Any, Final

from userland.libc.data import curdata

LC_ALL, LC_COLLATE, LC_CTYPE, LC_MONETARY, LC_NUMERIC, LC_TIME, LC_MESSAGES = range(7)
CHAR_MAX: Final = 127

_DAYS: Final = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
# nl_item 0 to 56.
_ITEMS: Final = (
    "%a %b %e %H:%M:%S %Y", "%m/%d/%y", "%H:%M:%S", "%I:%M:%S %p", "AM", "PM",
    *_DAYS, *(day[:3] for day in _DAYS), *_MONTHS, *(month[:3] for month in _MONTHS),
    ".", "", "yes", "^[Yy]", "no", "^[Nn]", "", "UTF-8", "", "", "", "", "",
)  # fmt: skip
D_T_FMT, D_FMT, T_FMT, T_FMT_AMPM, AM_STR, PM_STR = range(6)
DAY_1, DAY_2, DAY_3, DAY_4, DAY_5, DAY_6, DAY_7 = range(6, 13)
ABDAY_1, ABDAY_2, ABDAY_3, ABDAY_4, ABDAY_5, ABDAY_6, ABDAY_7 = range(13, 20)
MON_1, MON_2, MON_3, MON_4, MON_5, MON_6 = range(20, 26)
MON_7, MON_8, MON_9, MON_10, MON_11, MON_12 = range(26, 32)
ABMON_1, ABMON_2, ABMON_3, ABMON_4, ABMON_5, ABMON_6 = range(32, 38)
ABMON_7, ABMON_8, ABMON_9, ABMON_10, ABMON_11, ABMON_12 = range(38, 44)
RADIXCHAR, THOUSEP, _YESSTR, YESEXPR, _NOSTR, NOEXPR, CRNCYSTR = range(44, 51)
CODESET, ERA, ERA_D_FMT, ERA_D_T_FMT, ERA_T_FMT, ALT_DIGITS = range(51, 57)

_VARIABLES: Final = {
    LC_COLLATE: b"LC_COLLATE", LC_CTYPE: b"LC_CTYPE", LC_MONETARY: b"LC_MONETARY",
    LC_NUMERIC: b"LC_NUMERIC", LC_TIME: b"LC_TIME", LC_MESSAGES: b"LC_MESSAGES",
}  # fmt: skip
_KNOWN: Final = {"C": "C", "POSIX": "C", "C.UTF-8": "C.UTF-8"}


class Error(Exception):
    """locale.Error."""


def setlocale(category: int, locale: str | None = None, /) -> str:
    """Activates/queries locale processing."""
    current = _current()
    if category != LC_ALL and category not in _VARIABLES:
        raise Error("invalid locale category" if locale is not None else "locale query failed")
    wanted = _VARIABLES if category == LC_ALL else (category,)
    if locale is not None:
        current.update(_chosen(tuple(wanted), locale))
    names = [current[one] for one in wanted]
    return names[0] if len(set(names)) == 1 else "/".join(names)


def _current() -> dict[int, str]:
    """Return the process's locale by category: at first LC_CTYPE alone is the environment's."""
    runtime = curdata().runtime
    if runtime.locale is None:
        runtime.locale = dict.fromkeys(_VARIABLES, "C")
        runtime.locale[LC_CTYPE] = _KNOWN.get(_of_environment(LC_CTYPE), "C")
    current: dict[int, str] = runtime.locale
    return current


def _of_environment(category: int) -> str:
    environ = curdata().environ
    for name in (b"LC_ALL", _VARIABLES[category], b"LANG"):
        if environ.get(name):
            return environ[name].decode("utf-8", "surrogateescape")
    return "C"


def _chosen(wanted: tuple[int, ...], locale: str) -> dict[int, str]:
    """Return the locale of each category, which may be named one by one.

    Raises:
        Error: there is no such locale.
    """
    names = locale.split("/")
    if len(names) == 1:
        names *= len(wanted)
    chosen = {}
    for one, name in zip(wanted, names, strict=False):
        known = _KNOWN.get(name or _of_environment(one))
        if known is None:
            raise Error("unsupported locale setting")
        chosen[one] = known
    if len(chosen) != len(wanted):
        raise Error("unsupported locale setting")
    return chosen


def localeconv() -> dict[str, Any]:
    """Returns numeric and monetary locale-specific parameters."""
    texts = (
        "thousands_sep", "int_curr_symbol", "currency_symbol", "mon_decimal_point",
        "mon_thousands_sep", "positive_sign", "negative_sign",
    )  # fmt: skip
    numbers = (
        "int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space", "n_cs_precedes",
        "n_sep_by_space", "p_sign_posn", "n_sign_posn",
    )  # fmt: skip
    return {
        "decimal_point": ".",
        "grouping": [],
        "mon_grouping": [],
        **dict.fromkeys(texts, ""),
        **dict.fromkeys(numbers, CHAR_MAX),
    }


def nl_langinfo(key: int, /) -> str:
    """Return the value for the locale information associated with key."""
    if not 0 <= key < len(_ITEMS):
        raise ValueError("unsupported langinfo constant")
    return _ITEMS[key]


def getencoding() -> str:
    """Get the current locale encoding."""
    return _ITEMS[CODESET]


def strcoll(os1: str, os2: str, /) -> int:
    """Compares two strings according to the locale."""
    left, right = strxfrm(os1), strxfrm(os2)
    return (left > right) - (left < right)


def strxfrm(string: str, /) -> str:
    """Return a string that can be used as a key for locale-aware comparisons."""
    if "\0" in string:
        raise ValueError("embedded null character")
    return string


Error.__module__ = "locale"
_FUNCTIONS: Final = (getencoding, localeconv, nl_langinfo, setlocale, strcoll, strxfrm)


def make_locale() -> ModuleType:
    """Return a process's _locale."""
    module = ModuleType("_locale", "Support for POSIX locales.")
    numbers = {name: value for name, value in globals().items() if name.isupper()}
    members = {name: value for name, value in numbers.items() if not name.startswith("_")}
    for function in _FUNCTIONS:
        function.__module__ = "_locale"
        members[function.__name__] = staticmethod(function)
    vars(module).update(members, Error=Error)
    return module
