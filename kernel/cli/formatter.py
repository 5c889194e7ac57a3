# SPDX-License-Identifier: BSD-2-Clause
"""How the commands' options are shown."""

import argparse
import os


class Help(argparse.HelpFormatter):
    """argparse's, which would load shutil to measure the terminal even if no help is shown."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(1).columns
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, width=columns - 2)
