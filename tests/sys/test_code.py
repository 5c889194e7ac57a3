# SPDX-License-Identifier: BSD-2-Clause
"""Compiled code is made once, and each that names another source is another."""

import marshal

import pytest

from kernel.sys.code import unmarshal

DATA = marshal.dumps(compile("def f(): return 1", "source.py", "exec"))


def test_equal_data_is_one_code_object() -> None:
    """Whoever has read it, and from where."""
    assert unmarshal(DATA) is unmarshal(bytes(bytearray(DATA)))
    names: dict[str, object] = {}
    exec(unmarshal(DATA), names)
    assert callable(names["f"])


def test_a_file_of_another_name_has_code_of_its_own() -> None:
    """The name of the source is in the code: what one is told changes no other."""
    here, there = unmarshal(DATA, "here.py"), unmarshal(DATA, "there.py")
    found = [code.co_filename for code in (here, there, unmarshal(DATA))]
    assert found == ["here.py", "there.py", "source.py"]


@pytest.mark.parametrize(
    ("data", "error"),
    [(marshal.dumps(3), TypeError), (DATA[:-1], EOFError), (b"?", ValueError), (b"", EOFError)],
)
def test_what_is_no_code(data: bytes, error: type[Exception]) -> None:
    """It is an error each time."""
    for _ in range(2):
        with pytest.raises(error):
            unmarshal(data)
