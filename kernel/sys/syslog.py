# SPDX-License-Identifier: BSD-2-Clause
"""Priorities and facilities of messages.  NetBSD sys/sys/syslog.h."""

from typing import Final

LOG_EMERG: Final = 0
LOG_ALERT: Final = 1
LOG_CRIT: Final = 2
LOG_ERR: Final = 3
LOG_WARNING: Final = 4
LOG_NOTICE: Final = 5
LOG_INFO: Final = 6
LOG_DEBUG: Final = 7
LOG_PRIMASK: Final = 0x07

LOG_KERN: Final = 0 << 3
LOG_USER: Final = 1 << 3
LOG_MAIL: Final = 2 << 3
LOG_DAEMON: Final = 3 << 3
LOG_AUTH: Final = 4 << 3
LOG_SYSLOG: Final = 5 << 3
LOG_LPR: Final = 6 << 3
LOG_NEWS: Final = 7 << 3
LOG_UUCP: Final = 8 << 3
LOG_CRON: Final = 9 << 3
LOG_AUTHPRIV: Final = 10 << 3
LOG_FTP: Final = 11 << 3
LOG_LOCAL0: Final = 16 << 3
LOG_LOCAL1: Final = 17 << 3
LOG_LOCAL2: Final = 18 << 3
LOG_LOCAL3: Final = 19 << 3
LOG_LOCAL4: Final = 20 << 3
LOG_LOCAL5: Final = 21 << 3
LOG_LOCAL6: Final = 22 << 3
LOG_LOCAL7: Final = 23 << 3
LOG_FACMASK: Final = 0x03F8

# openlog(3)
LOG_PID: Final = 0x01
LOG_CONS: Final = 0x02
LOG_ODELAY: Final = 0x04
LOG_NDELAY: Final = 0x08
LOG_NOWAIT: Final = 0x10
LOG_PERROR: Final = 0x20
