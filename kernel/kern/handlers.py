# SPDX-License-Identifier: BSD-2-Clause
"""The handlers sys_NAME of each module.  Made by makesyscalls, a test keeps it so."""

from typing import Final

HANDLERS: Final = {
    "kernel.kern.kern_acct": """
        acct
    """,
    "kernel.kern.kern_exec": """
        execve
    """,
    "kernel.kern.kern_exit": """
        __wait450 exit wait6
    """,
    "kernel.kern.kern_fork": """
        __clone __vfork14 fork vfork
    """,
    "kernel.kern.kern_ktrace_vfs": """
        ktrace
    """,
    "kernel.kern.kern_ntptime": """
        __adjtime50
    """,
    "kernel.kern.kern_prot": """
        __getlogin __setlogin getegid geteuid getgid getgroups getpgid getpgrp getpid getppid
        getsid getuid issetugid setegid seteuid setgid setgroups setpgid setregid setreuid
        setsid setuid
    """,
    "kernel.kern.kern_reboot": """
        reboot
    """,
    "kernel.kern.kern_resource": """
        __getrusage50 getpriority getrlimit setpriority setrlimit
    """,
    "kernel.kern.kern_spawn": """
        posix_spawn
    """,
    "kernel.kern.kern_sysctl": """
        __sysctl
    """,
    "kernel.kern.kern_time": """
        __clock_getres50 __clock_gettime50 __clock_settime50 __getitimer50 __gettimeofday50
        __nanosleep50 __setitimer50 __settimeofday50 __timer_gettime50 __timer_settime50
        clock_getcpuclockid2 clock_nanosleep timer_create timer_delete timer_getoverrun
    """,
    "kernel.kern.kern_uuid": """
        uuidgen
    """,
    "kernel.kern.sys_descrip": """
        __fstat50 __posix_fadvise50 close dup dup2 dup3 fcntl flock fpathconf
    """,
    "kernel.kern.sys_event": """
        __kevent50 kqueue kqueue1
    """,
    "kernel.kern.sys_eventfd": """
        eventfd
    """,
    "kernel.kern.sys_futex": """
        __futex __futex_get_robust_list __futex_set_robust_list
    """,
    "kernel.kern.sys_generic": """
        ioctl pread preadv pwrite pwritev read readv write writev
    """,
    "kernel.kern.sys_getrandom": """
        getrandom
    """,
    "kernel.kern.sys_ktrace": """
        fktrace utrace
    """,
    "kernel.kern.sys_lwp": """
        ___lwp_park60 _lwp_continue _lwp_create _lwp_ctl _lwp_detach _lwp_exit _lwp_getname
        _lwp_getprivate _lwp_kill _lwp_self _lwp_setname _lwp_setprivate _lwp_suspend
        _lwp_unpark _lwp_unpark_all _lwp_wait _lwp_wakeup
    """,
    "kernel.kern.sys_mqueue": """
        __mq_timedreceive50 __mq_timedsend50 mq_close mq_getattr mq_notify mq_open mq_receive
        mq_send mq_setattr mq_unlink
    """,
    "kernel.kern.sys_pipe": """
        pipe pipe2
    """,
    "kernel.kern.sys_ptrace": """
        ptrace
    """,
    "kernel.kern.sys_sched": """
        _sched_getaffinity _sched_getparam _sched_setaffinity _sched_setparam sched_yield
    """,
    "kernel.kern.sys_select": """
        __pollts50 __pselect50 __select50 poll
    """,
    "kernel.kern.sys_sig": """
        ____sigtimedwait50 __sigaction_sigtramp __sigaltstack14 __sigpending14 __sigprocmask14
        __sigsuspend14 getcontext kill setcontext sigqueueinfo
    """,
    "kernel.kern.sys_timerfd": """
        timerfd_create timerfd_gettime timerfd_settime
    """,
    "kernel.kern.sysv_msg": """
        __msgctl50 msgget msgrcv msgsnd
    """,
    "kernel.kern.sysv_sem": """
        ____semctl50 semconfig semget semop
    """,
    "kernel.kern.sysv_shm": """
        __shmctl50 shmat shmdt shmget
    """,
    "kernel.kern.uipc_sem": """
        _ksem_close _ksem_destroy _ksem_getvalue _ksem_init _ksem_open _ksem_post
        _ksem_timedwait _ksem_trywait _ksem_unlink _ksem_wait
    """,
    "kernel.kern.uipc_syscalls": """
        __socket30 accept bind connect getpeername getsockname getsockopt listen paccept
        setsockopt shutdown socketpair
    """,
    "kernel.kern.uipc_syscalls_msg": """
        recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto
    """,
    "kernel.kern.vfs_getcwd": """
        __getcwd
    """,
    "kernel.kern.vfs_syscalls": """
        __getdents30 fdatasync fdiscard fsync fsync_range lseek open openat posix_fallocate
        umask
    """,
    "kernel.kern.vfs_syscalls_attr": """
        __futimes50 __lstat50 __lutimes50 __posix_chown __posix_fchown __posix_lchown __stat50
        __utimes50 access chflags chmod chown faccessat fchflags fchmod fchmodat fchown fchownat
        fstatat ftruncate futimens lchflags lchmod lchown lpathconf pathconf truncate utimensat
    """,
    "kernel.kern.vfs_syscalls_cwd": """
        chdir chroot fchdir fchroot
    """,
    "kernel.kern.vfs_syscalls_mount": """
        __fstatvfs190 __getvfsstat90 __mount50 __statvfs190 revoke sync unmount
    """,
    "kernel.kern.vfs_syscalls_names": """
        __mknod50 __posix_rename link linkat mkdir mkdirat mkfifo mkfifoat mknodat readlink
        readlinkat rename renameat rmdir symlink symlinkat undelete unlink unlinkat
    """,
    "kernel.uvm.uvm_mmap": """
        __msync13 madvise mincore minherit mlock mlockall mmap mprotect munlock munlockall
        munmap sbrk sstk
    """,
    "kernel.uvm.uvm_mremap": """
        mremap
    """,
    "kernel.uvm.uvm_unix": """
        obreak
    """,
}
