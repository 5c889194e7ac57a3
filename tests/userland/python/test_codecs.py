# SPDX-License-Identifier: BSD-2-Clause
"""Codecs and error handlers of a program's own."""

import codecs

import pytest


def test_a_codec_ends_with_its_program(run):
    """Its search function is asked for nobody else: it would be with variables that have gone."""
    source = (
        "import codecs\ntable = {'mine': codecs.lookup('utf-8')}\n"
        "def find(name): return table.get(name)\ncodecs.register(find)\n"
        "print('\\xe9'.encode('mine'))\n"
    )
    assert run(source).stdout == b"b'\\xc3\\xa9'\n"
    for name in ("mine", "mine too"):
        with pytest.raises(LookupError, match="unknown encoding: mine"):
            codecs.lookup(name)
        seen = run(f"try: 'x'.encode({name!r})\nexcept LookupError as exc: print(exc)\n").stdout
        assert seen == b"unknown encoding: %s\n" % name.encode()


def test_a_codec_is_taken_back(same):
    """codecs.unregister(), also of what was never there."""
    same(
        "import codecs\ndef find(name): return codecs.lookup('utf-8') if name == 'mine' else None\n"
        "codecs.unregister(find)\ncodecs.register(find)\nprint('a'.encode('mine'))\n"
        "codecs.unregister(find)\n"
        "try: 'a'.encode('mine')\nexcept LookupError as exc: print(exc)\n"
        "try: codecs.register(5)\nexcept TypeError as exc: print(exc)\n"
        "try: codecs.register_error('x', 5)\nexcept TypeError as exc: print(exc)\n"
        "try: codecs.register_error(5, find)\nexcept TypeError as exc: print(exc)\n"
    )


def test_an_error_handler_ends_with_its_program(run):
    """One of its own name is unknown to others; in place of another, that is there again."""
    for name, said in (("mine", "unknown error handler name 'mine'"), ("ignore", "b'' True")):
        handler = f"import codecs\ncodecs.register_error({name!r}, lambda exc: ('!', exc.end))\n"
        show = (
            f"import codecs\ntry: print('\\u1234'.encode('ascii', {name!r}),"
            f" codecs.lookup_error({name!r}) is codecs.lookup_error({name!r}))\n"
            "except LookupError as exc: print(exc)\n"
        )
        assert run(handler + show).stdout == (b"b'!' True\n" if name == "mine" else b"b'' True\n")
        assert run(show).stdout.decode() == f"{said}\n"
