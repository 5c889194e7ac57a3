# SPDX-License-Identifier: BSD-2-Clause
"""What a script does that works with small files: the same on the host, inside and under a fake."""

import os
import pathlib
import shutil

FILES = 200


def work(directory):
    """Make, write, read, copy and remove small files in directory, which is made, too."""
    os.makedirs(directory)
    for number in range(FILES):
        with open(f"{directory}/{number}", "w") as file:
            file.write("text")
        with open(f"{directory}/{number}") as file:
            assert file.read() == "text"
    shutil.copytree(directory, f"{directory}.copy")
    names = sorted(path.name for path in pathlib.Path(f"{directory}.copy").iterdir())
    assert len(names) == len(os.listdir(directory)) == FILES
    shutil.rmtree(directory)
    shutil.rmtree(f"{directory}.copy")
