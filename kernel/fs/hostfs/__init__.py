# SPDX-License-Identifier: BSD-2-Clause
"""Directories and files of the host in the guest's file tree.

NetBSD has no such file system; its nearest kin are sys/fs/puffs and the
hypervisors' shared folders.
"""
