# SPDX-License-Identifier: BSD-2-Clause
"""Write docs/pyfakefs.md: `python -m tests.sidebyside`."""

from pathlib import Path

from tests.sidebyside.table import rows, text

if __name__ == "__main__":
    lines = "\n".join(text(rows())) + "\n"
    (Path(__file__).parents[2] / "docs" / "pyfakefs.md").write_text(lines)
