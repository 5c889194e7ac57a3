# SPDX-License-Identifier: BSD-2-Clause
"""The syslog module of a program: syslog(3) with Python's defaults."""


def test_messages_arrive_as_they_were_asked_for(run):
    """Under the program's name or what openlog() was given; only what the mask lets through."""
    result = run(
        "import os, socket, syslog\n"
        "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\ns.bind('/var/run/log')\n"
        "def heard():\n    text = s.recv(1000).decode()\n    print(text[:4], text[20:])\n"
        "syslog.syslog('100 %s')\nheard()\n"
        "syslog.syslog(syslog.LOG_ERR, 'two')\nheard()\n"
        "syslog.openlog('me', facility=syslog.LOG_MAIL)\n"
        "print(syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_ERR)), syslog.setlogmask(0))\n"
        "syslog.syslog('not this')\n"
        "syslog.syslog(syslog.LOG_CRIT, 'three')\nheard()\n"
        "syslog.closelog()\nsyslog.syslog(syslog.LOG_ERR, 'four')\nheard()\n"
        "syslog.openlog(logoption=syslog.LOG_PERROR)\n"
        "syslog.syslog(syslog.LOG_DAEMON | syslog.LOG_ALERT, 'five')\nheard()\n"
    )
    assert result.stdout.decode().splitlines() == [
        "<14> prog.py: 100 %s",
        "<11> prog.py: two",
        "255 15",
        "<18> me: three",
        "<11> prog.py: four",
        "<25> prog.py: five",
    ], result.stderr
    assert result.stderr == b"prog.py: five\n"


def test_what_is_no_message_is_refused(run):
    """As C refuses it; hooks are told of what is done."""
    result = run(
        "import sys, syslog\n"
        "for arguments in ((), ('no number', 'text'), (1,), ('a\\0b',), ('\\ud800',)):\n"
        "    try:\n        print(syslog.syslog(*arguments))\n"
        "    except (TypeError, ValueError) as exc:\n        print(type(exc).__name__)\n"
        "sys.addaudithook(lambda event, told: event[:6] == 'syslog' and print(event, *told))\n"
        "syslog.syslog('message')\nsyslog.closelog()\nsyslog.closelog()\n"
    )
    assert result.stdout.decode().splitlines() == [
        "TypeError",
        "TypeError",
        "TypeError",
        "ValueError",
        "UnicodeEncodeError",
        "syslog.syslog 6 message",
        "syslog.openlog prog.py 0 8",
        "syslog.closelog",
    ], result.stderr
