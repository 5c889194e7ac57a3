# SPDX-License-Identifier: BSD-2-Clause
"""Two tellers move money to and fro: python -m kernel run --preempt --seed 1 mylab6/tellers.py."""

import threading

from bank import Account, total, transfer

ours, theirs = Account(1, 100), Account(2, 100)


def teller(source, target):
    """Move a little, a few times."""
    for _ in range(20):
        transfer(source, target, 10)


tellers = [
    threading.Thread(target=teller, args=(ours, theirs)),
    threading.Thread(target=teller, args=(theirs, ours)),
]
for one in tellers:
    one.start()
for one in tellers:
    one.join()
print("together there is", total([ours, theirs]))
