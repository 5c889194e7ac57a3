# SPDX-License-Identifier: BSD-2-Clause
"""A file of records that grows at its end: journal.py FILE add TEXT, journal.py FILE list.

A record is a head and the text. The head tells how many bytes the text has, and its checksum.
"""

import os
import struct
import sys
import zlib

HEAD = struct.Struct("<II")


def checksum(text):
    """Return the checksum of a record: never 0 for an empty one, so that zeroes are no record."""
    return zlib.crc32(text, len(text) + 1)


def whole_records(data):
    """Return the records at the beginning of data that are whole, and where they end."""
    records, at = [], 0
    while at + HEAD.size <= len(data):
        size, expected = HEAD.unpack_from(data, at)
        text = data[at + HEAD.size : at + HEAD.size + size]
        if len(text) < size or checksum(text) != expected:
            break
        records.append(text)
        at += HEAD.size + size
    return records, at


def read_all(fd):
    """Return what is in the file."""
    pieces = []
    while piece := os.read(fd, 65536):
        pieces.append(piece)
    return b"".join(pieces)


def add(path, text):
    """Put a record at the end, on the disk."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _, end = whole_records(read_all(fd))
        os.ftruncate(fd, end)  # what is behind it was never finished
        os.lseek(fd, end, os.SEEK_SET)
        record = HEAD.pack(len(text), checksum(text)) + text
        while record:
            record = record[os.write(fd, record) :]
        os.fsync(fd)
    finally:
        os.close(fd)
    # so has the file's name to be: whoever made it may have failed before this
    directory = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def records_of(path):
    """Return the records; none if there is no file."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return []
    records, _ = whole_records(read_all(fd))
    os.close(fd)
    return records


path, action, *texts = sys.argv[1:]
try:
    if action == "add":
        add(path, os.fsencode(texts[0]))
    else:
        for text in records_of(path):
            sys.stdout.buffer.write(text + b"\n")
except OSError as error:
    sys.exit(f"journal.py: {path}: {error.strerror}")
