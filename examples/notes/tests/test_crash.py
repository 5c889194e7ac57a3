# SPDX-License-Identifier: BSD-2-Clause
"""What is left of the notes when the power fails."""

from itertools import count
from pathlib import Path

from notes import save

import kernel as sysent

NOTE = Path("/home/user/note")


def test_a_crash_at_any_call(kernel):
    """Wherever the machine stops, the next boot finds the old text or the new one."""
    with kernel.patch():
        save(NOTE, "old")
    before = kernel.files()
    for number in count(1):
        with sysent.boot(files=before) as k:
            k.crash_at("all", number)
            try:
                k.call(save, NOTE, "new")
            except sysent.Reboot:
                assert k.files()[str(NOTE)].text in ("old", "new")
            else:
                assert k.files()[str(NOTE)].text == "new"
                break
    assert number > 10
