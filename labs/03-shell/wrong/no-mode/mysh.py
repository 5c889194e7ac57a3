# SPDX-License-Identifier: BSD-2-Clause
"""A shell: mysh.py [-c LINE], else the lines of the standard input."""

import os
import shlex
import sys

MODES = {
    "<": (0, os.O_RDONLY),
    ">": (1, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ">>": (1, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
}


def complain(*words):
    os.write(2, f"mysh: {': '.join(words)}\n".encode())


def parse(line):
    """Return a pipeline: for each command its words, and its redirections as (operator, file)."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>")
    lexer.whitespace_split = True
    commands = [([], [])]
    tokens = iter(lexer)
    for token in tokens:
        if token == "|":
            commands.append(([], []))
        elif token in MODES:
            commands[-1][1].append((token, next(tokens)))
        else:
            commands[-1][0].append(token)
    return commands


def become(words, redirections, source, sink):
    """In a child: take the ends of the pipes, then the files, then become the command."""
    for fd, place in ((source, 0), (sink, 1)):
        if fd is not None:
            os.dup2(fd, place)
            os.close(fd)
    for operator, name in redirections:
        place, flags = MODES[operator]
        try:
            fd = os.open(name, flags)
        except OSError as exc:
            complain(name, exc.strerror)
            os._exit(1)
        os.dup2(fd, place)
        os.close(fd)
    try:
        os.execvp(words[0], words)
    except FileNotFoundError:
        complain(words[0], "not found")
    except OSError as exc:
        complain(words[0], exc.strerror)
        os._exit(126)
    os._exit(127)


def run(commands):
    """Start all commands of a pipeline, then wait for all; return the last one's status."""
    pids = []
    source = None
    for number, (words, redirections) in enumerate(commands):
        reader, sink = os.pipe() if number < len(commands) - 1 else (None, None)
        pid = os.fork()
        if pid == 0:
            if reader is not None:
                os.close(reader)
            become(words, redirections, source, sink)
        for fd in (source, sink):
            if fd is not None:
                os.close(fd)
        source = reader
        pids.append(pid)
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    code = os.waitstatus_to_exitcode(statuses[-1])
    return code if code >= 0 else 128 - code


def change_directory(words, _status):
    try:
        os.chdir(words[1] if len(words) > 1 else os.environ["HOME"])
    except OSError as exc:
        complain("cd", exc.filename, exc.strerror)
        return 1
    return 0


def leave(words, status):
    sys.exit(int(words[1]) if len(words) > 1 else status)


BUILTINS = {"cd": change_directory, "exit": leave}


def main(lines):
    status = 0
    for line in lines:
        commands = parse(line)
        words = commands[0][0]
        if len(commands) == 1 and not words:
            continue
        if len(commands) == 1 and words[0] in BUILTINS:
            status = BUILTINS[words[0]](words, status)
        else:
            status = run(commands)
    return status


sys.exit(main([sys.argv[2]] if sys.argv[1:2] == ["-c"] else sys.stdin.read().splitlines()))
