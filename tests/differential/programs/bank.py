# SPDX-License-Identifier: BSD-2-Clause
"""Transfers between accounts by many threads, with a lock each: no money appears or goes."""

import random
import threading

accounts = [100] * 6
locks = [threading.Lock() for _ in accounts]


def clerk(seed):
    chance = random.Random(seed)
    for _ in range(200):
        one, two = chance.sample(range(len(accounts)), 2)
        amount = chance.randrange(20)
        with locks[min(one, two)], locks[max(one, two)]:
            if accounts[one] >= amount:
                accounts[one] -= amount
                accounts[two] += amount


threads = [threading.Thread(target=clerk, args=(n,)) for n in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(accounts), min(accounts) >= 0)
