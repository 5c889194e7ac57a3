# SPDX-License-Identifier: BSD-2-Clause
"""The C locale: what it says, and that there are few others."""

import locale

print(locale.setlocale(locale.LC_ALL, "C"), locale.setlocale(locale.LC_TIME))
print(sorted(locale.localeconv().items()))
for name in ("RADIXCHAR", "THOUSEP", "DAY_1", "ABDAY_7", "MON_12", "ABMON_5", "AM_STR", "T_FMT"):
    print(name, locale.nl_langinfo(getattr(locale, name)))
for given in ("nosuch_LOCALE", "xx"):
    try:
        locale.setlocale(locale.LC_ALL, given)
    except locale.Error as exc:
        print(type(exc).__name__, exc)
print(locale.setlocale(locale.LC_NUMERIC, "POSIX"), locale.strcoll("a", "b") < 0)
print(locale.strxfrm("abc"), locale.atof("1.5"), locale.format_string("%d", 1234567, grouping=True))
print(locale.getlocale(locale.LC_NUMERIC))
