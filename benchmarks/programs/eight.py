# SPDX-License-Identifier: BSD-2-Clause
"""A script as people have them: eight modules of the standard library, and a few small files."""

import glob
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading

directory = pathlib.Path(tempfile.mkdtemp())
for number in range(20):
    (directory / f"{number}.json").write_text(json.dumps({"number": number}))
thread = threading.Thread(target=shutil.copytree, args=(directory, f"{directory}.copy"))
thread.start()
thread.join()
found = [json.loads(pathlib.Path(name).read_text()) for name in glob.glob(f"{directory}.copy/*")]
assert sum(each["number"] for each in found) == 190
assert len(os.listdir(directory)) == 20
assert subprocess.DEVNULL < 0
shutil.rmtree(directory)
shutil.rmtree(f"{directory}.copy")
