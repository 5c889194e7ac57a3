# SPDX-License-Identifier: BSD-2-Clause
"""Accounts that threads move money between."""

from contextlib import ExitStack
from threading import Lock


class Account:
    """A balance, and the lock that who looks at it or changes it must hold."""

    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = Lock()


def locked(accounts):
    """Hold the locks of accounts, each once, always taken in the order of their numbers."""
    stack = ExitStack()
    for _, account in sorted({account.number: account for account in accounts}.items()):
        stack.enter_context(account.lock)
    return stack


def transfer(source, target, amount):
    """Move amount, if there is so much in source; return whether there was."""
    with locked([source, target]):
        if source.balance < amount:
            return False
        source.balance -= amount
        target.balance += amount
        return True


def total(accounts):
    """Return how much there is in accounts together."""
    with ExitStack() as stack:
        for account in accounts:
            stack.enter_context(account.lock)
        return sum(account.balance for account in accounts)
