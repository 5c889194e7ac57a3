# SPDX-License-Identifier: BSD-2-Clause
"""Which module has what programs include.  Made by makeinclude, a test keeps it so."""

from typing import Final

EXPORTS: Final = {
    "kernel.sys.event": """
        EVENT_PROCESS EVENT_REGISTER EVFILT_AIO EVFILT_EMPTY EVFILT_FS EVFILT_PROC EVFILT_READ
        EVFILT_SIGNAL EVFILT_SYSCOUNT EVFILT_TIMER EVFILT_USER EVFILT_VNODE EVFILT_WRITE EV_ADD
        EV_CLEAR EV_DELETE EV_DISABLE EV_DISPATCH EV_ENABLE EV_EOF EV_ERROR EV_FLAG1 EV_ONESHOT
        EV_RECEIPT EV_SYSFLAGS FilterOps KN_ACTIVE KN_DETACHED KN_DISABLED KN_QUEUED Kevent
        Klist Knote Kqueue NOTE_ABSTIME NOTE_ATTRIB NOTE_CHILD NOTE_CLOSE NOTE_CLOSE_WRITE
        NOTE_DELETE NOTE_EXEC NOTE_EXIT NOTE_EXTEND NOTE_FFAND NOTE_FFCOPY NOTE_FFCTRLMASK
        NOTE_FFLAGSMASK NOTE_FFNOP NOTE_FFOR NOTE_FORK NOTE_LINK NOTE_LOWAT NOTE_MSECONDS
        NOTE_NSECONDS NOTE_OPEN NOTE_PCTRLMASK NOTE_PDATAMASK NOTE_READ NOTE_RENAME NOTE_REVOKE
        NOTE_SECONDS NOTE_SIGNAL NOTE_SUBMIT NOTE_TIMER_UNITMASK NOTE_TRACK NOTE_TRACKERR
        NOTE_TRIGGER NOTE_USECONDS NOTE_WRITE SIZEOF_KEVENT Selinfo VQ_MOUNT VQ_UNMOUNT
        klist_insert klist_remove
    """,
    "kernel.sys.eventfd": """
        EFD_CLOEXEC EFD_NONBLOCK EFD_SEMAPHORE O_CLOEXEC O_NONBLOCK O_RDWR O_WRONLY TFD_CLOEXEC
        TFD_NONBLOCK TFD_TIMER_ABSTIME TFD_TIMER_CANCEL_ON_SET
    """,
    "kernel.sys.fcntl": """
        AT_EACCESS AT_FDCWD AT_REMOVEDIR AT_SYMLINK_FOLLOW AT_SYMLINK_NOFOLLOW FALTIO FAPPEND
        FASYNC FCNTLFLAGS FDIRECT FDSYNC FD_CLOEXEC FEXEC FFLAGS FFSYNC FHASLOCK FKIOCTL FMASK
        FNDELAY FNONBLOCK FNOSIGPIPE FREAD FRSYNC FWRITE F_CLOSEM F_DUPFD F_DUPFD_CLOEXEC
        F_FLOCK F_FSCTL F_GETFD F_GETFL F_GETLK F_GETNOSIGPIPE F_GETOWN F_GETPATH F_MAXFD
        F_PARAM_MASK F_PARAM_MAX F_POSIX F_RDLCK F_SETFD F_SETFL F_SETLK F_SETLKW F_SETNOSIGPIPE
        F_SETOWN F_UNLCK F_WAIT F_WRLCK Flock LOCK_EX LOCK_NB LOCK_SH LOCK_UN OFLAGS O_ACCMODE
        O_ALT_IO O_APPEND O_ASYNC O_CREAT O_DIRECT O_DIRECTORY O_DSYNC O_EXCL O_EXEC O_EXLOCK
        O_FSYNC O_MASK O_NDELAY O_NOCTTY O_NOFOLLOW O_NOSIGPIPE O_RDONLY O_REGULAR O_RSYNC
        O_SEARCH O_SHLOCK O_SYNC O_TRUNC POSIX_FADV_DONTNEED POSIX_FADV_NOREUSE
        POSIX_FADV_NORMAL POSIX_FADV_RANDOM POSIX_FADV_SEQUENTIAL POSIX_FADV_WILLNEED
        SIZEOF_FLOCK
    """,
    "kernel.sys.file": """
        POLLERR POLLHUP POLLIN POLLNVAL POLLOUT
    """,
    "kernel.sys.futex": """
        FUTEX_BITSET_MATCH_ANY FUTEX_CLOCK_REALTIME FUTEX_CMD_MASK FUTEX_CMP_REQUEUE FUTEX_FD
        FUTEX_OP FUTEX_OP_ADD FUTEX_OP_ANDN FUTEX_OP_CMP_EQ FUTEX_OP_CMP_GE FUTEX_OP_CMP_GT
        FUTEX_OP_CMP_LE FUTEX_OP_CMP_LT FUTEX_OP_CMP_NE FUTEX_OP_OPARG_SHIFT FUTEX_OP_OR
        FUTEX_OP_SET FUTEX_OP_XOR FUTEX_OWNER_DIED FUTEX_PRIVATE_FLAG FUTEX_REQUEUE
        FUTEX_ROBUST_ENTRY_PI FUTEX_ROBUST_HEAD_SIZE FUTEX_TID_MASK FUTEX_WAIT FUTEX_WAITERS
        FUTEX_WAIT_BITSET FUTEX_WAKE FUTEX_WAKE_BITSET FUTEX_WAKE_OP
    """,
    "kernel.sys.in_": """
        AF_INET AF_INET6 IN6ADDR_ANY IN6ADDR_LOOPBACK IN6_IS_ADDR_MULTICAST INADDR_ANY
        INADDR_BROADCAST INADDR_LOOPBACK IN_MULTICAST IPPORT_ANONMAX IPPORT_ANONMIN
        IPPORT_RESERVED IPPROTO_AH IPPROTO_DSTOPTS IPPROTO_EGP IPPROTO_EON IPPROTO_ESP
        IPPROTO_FRAGMENT IPPROTO_GGP IPPROTO_GRE IPPROTO_HOPOPTS IPPROTO_ICMP IPPROTO_ICMPV6
        IPPROTO_IDP IPPROTO_IGMP IPPROTO_IP IPPROTO_IPCOMP IPPROTO_IPV4 IPPROTO_IPV6 IPPROTO_MAX
        IPPROTO_NONE IPPROTO_PIM IPPROTO_PUP IPPROTO_RAW IPPROTO_ROUTING IPPROTO_RSVP
        IPPROTO_SCTP IPPROTO_TCP IPPROTO_TP IPPROTO_UDP IPPROTO_VRRP IPV6_CHECKSUM IPV6_DONTFRAG
        IPV6_DSTOPTS IPV6_HOPLIMIT IPV6_HOPOPTS IPV6_JOIN_GROUP IPV6_LEAVE_GROUP
        IPV6_MULTICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_LOOP IPV6_NEXTHOP IPV6_PATHMTU
        IPV6_PKTINFO IPV6_PORTRANGE IPV6_RECVDSTOPTS IPV6_RECVHOPLIMIT IPV6_RECVHOPOPTS
        IPV6_RECVPATHMTU IPV6_RECVPKTINFO IPV6_RECVRTHDR IPV6_RECVTCLASS IPV6_RTHDR
        IPV6_RTHDRDSTOPTS IPV6_RTHDR_TYPE_0 IPV6_TCLASS IPV6_UNICAST_HOPS IPV6_USE_MIN_MTU
        IPV6_V6ONLY IP_ADD_MEMBERSHIP IP_BINDANY IP_DEFAULT_MULTICAST_LOOP
        IP_DEFAULT_MULTICAST_TTL IP_DROP_MEMBERSHIP IP_HDRINCL IP_MAX_MEMBERSHIPS IP_MINTTL
        IP_MULTICAST_IF IP_MULTICAST_LOOP IP_MULTICAST_TTL IP_OPTIONS IP_PKTINFO IP_PORTALGO
        IP_PORTRANGE IP_RECVDSTADDR IP_RECVIF IP_RECVOPTS IP_RECVRETOPTS IP_RECVTTL IP_RETOPTS
        IP_TOS IP_TTL SIZEOF_SOCKADDR_IN SIZEOF_SOCKADDR_IN6 SockaddrIn SockaddrIn6 TCP_CONGCTL
        TCP_INFO TCP_KEEPCNT TCP_KEEPIDLE TCP_KEEPINIT TCP_KEEPINTVL TCP_MAXSEG TCP_MD5SIG
        TCP_NODELAY in6_mapped in6_unmapped sockaddr
    """,
    "kernel.sys.ioccom": """
        FIOASYNC FIOCLEX FIOGETOWN FIONBIO FIONCLEX FIONREAD FIONSPACE FIONWRITE FIOSETOWN
        IOCGROUP IOCPARM_LEN IOCPARM_MASK IOCPARM_MAX IOC_DIRMASK IOC_IN IOC_INOUT IOC_OUT
        IOC_VOID SIOCATMARK SIOCGPGRP SIOCSPGRP TIOCCONS TIOCDRAIN TIOCEXCL TIOCEXT TIOCFLUSH
        TIOCGETA TIOCGETD TIOCGLINED TIOCGPGRP TIOCGRANTPT TIOCGSID TIOCGWINSZ TIOCMBIC TIOCMBIS
        TIOCMGET TIOCMSET TIOCNOTTY TIOCNXCL TIOCOUTQ TIOCPKT TIOCPTMGET TIOCPTSNAME TIOCREMOTE
        TIOCSCTTY TIOCSETA TIOCSETAF TIOCSETAW TIOCSETD TIOCSIG TIOCSLINED TIOCSPGRP TIOCSTART
        TIOCSTAT TIOCSTI TIOCSTOP TIOCSWINSZ TIOCUCNTL
    """,
    "kernel.sys.ipc": """
        IPC_CREAT IPC_EXCL IPC_M IPC_NOWAIT IPC_PRIVATE IPC_R IPC_RMID IPC_SET IPC_STAT IPC_W
        Ipc IpcPerm IpcPermSysctl Long Short UInt UInt64 UShort
    """,
    "kernel.sys.ktrace": """
        CharArray Comm Int Int64 KTRFAC_ACTIVE KTRFAC_CSW KTRFAC_EMUL KTRFAC_EXEC_ARG
        KTRFAC_EXEC_ENV KTRFAC_EXEC_FD KTRFAC_GENIO KTRFAC_INHERIT KTRFAC_MASK KTRFAC_MIB
        KTRFAC_MMSG KTRFAC_MOOL KTRFAC_NAMEI KTRFAC_PERSISTENT KTRFAC_PSIG KTRFAC_ROOT
        KTRFAC_SAUPCALL KTRFAC_SYSCALL KTRFAC_SYSRET KTRFAC_TRC_EMUL KTRFAC_USER KTRFAC_VERSION
        KTRFAC_VER_MASK KTRFAC_VER_SHIFT KTRFACv0 KTRFACv1 KTRFACv2 KTRFLAG_DESCEND KTROP
        KTROP_CLEAR KTROP_CLEARFILE KTROP_MASK KTROP_SET KTRUSER_SYMLINK_TARGET KTR_CSW KTR_EMUL
        KTR_EXEC_ARG KTR_EXEC_ENV KTR_EXEC_FD KTR_GENIO KTR_MIB KTR_MMSG KTR_MOOL KTR_NAMEI
        KTR_PSIG KTR_SAUPCALL KTR_SYSCALL KTR_SYSRET KTR_USER KTR_USER_MAXIDLEN KTR_USER_MAXLEN
        KtrCsw KtrExecFd KtrGenio KtrHeaderV0 KtrHeaderV1 KtrHeaderV2 KtrMmsg KtrMool KtrPsig
        KtrSaupcall KtrSiginfo KtrSiginfoChild KtrSiginfoFault KtrSiginfoPoll KtrSiginfoRt
        KtrSyscall KtrSysret KtrSysretOld KtrTimespec KtrTimespec32 KtrTimeval KtrUser MAXCOMLEN
        Pointer Register SIGINFO_SIZE Sigset UIntArray ULong ktr_vertype
    """,
    "kernel.sys.mman": """
        MADV_DONTNEED MADV_FREE MADV_NORMAL MADV_RANDOM MADV_SEQUENTIAL MADV_SPACEAVAIL
        MADV_WILLNEED MAP_ALIGNED MAP_ALIGNMENT_16MB MAP_ALIGNMENT_4GB MAP_ALIGNMENT_64KB
        MAP_ALIGNMENT_MASK MAP_ALIGNMENT_SHIFT MAP_ANON MAP_ANONYMOUS MAP_FILE MAP_FIXED
        MAP_HASSEMAPHORE MAP_INHERIT MAP_INHERIT_COPY MAP_INHERIT_DONATE_COPY MAP_INHERIT_NONE
        MAP_INHERIT_SHARE MAP_INHERIT_ZERO MAP_NORESERVE MAP_PRIVATE MAP_REMAPDUP MAP_RENAME
        MAP_SHARED MAP_STACK MAP_TRYFIXED MAP_WIRED MCL_CURRENT MCL_FUTURE MS_ASYNC
        MS_INVALIDATE MS_SYNC PROT_EXEC PROT_MPROTECT PROT_MPROTECT_EXTRACT PROT_NONE PROT_READ
        PROT_WRITE
    """,
    "kernel.sys.mount": """
        IMNT_CAN_RWTORO IMNT_GONE IMNT_NCLOOKUP IMNT_WANTRDONLY IMNT_WANTRDWR MNT_ASYNC
        MNT_BASIC_FLAGS MNT_DISCARD MNT_EXPORTED MNT_EXTATTR MNT_FORCE MNT_GETARGS MNT_IGNORE
        MNT_LAZY MNT_LOCAL MNT_LOG MNT_NOATIME MNT_NOCOREDUMP MNT_NODEV MNT_NODEVMTIME
        MNT_NOEXEC MNT_NOSUID MNT_NOWAIT MNT_OP_FLAGS MNT_QUOTA MNT_RDONLY MNT_RELATIME
        MNT_RELOAD MNT_ROOTFS MNT_SYMPERM MNT_SYNCHRONOUS MNT_UNION MNT_UPDATE MNT_VISFLAGMASK
        MNT_WAIT MOUNT_NULL MOUNT_PROCFS MOUNT_PTYFS MOUNT_TMPFS Mount Statvfs
        VFS_MAX_MOUNT_DATA VfsOps makefstype
    """,
    "kernel.sys.msg": """
        MSGMAX MSGMNB MSGMNI MSGSEG MSGSSZ MSGTQL MSG_NOERROR Msg Msginfo MsqidDs MsqidDsSysctl
        Msqueue SIZEOF_MTYPE deque
    """,
    "kernel.sys.ptrace": """
        Ksiginfo PIOD_READ_AUXV PIOD_READ_D PIOD_READ_I PIOD_WRITE_D PIOD_WRITE_I PL_EVENT_NONE
        PL_EVENT_SIGNAL PTRACE_EVENTS PTRACE_FORK PTRACE_LWP_CREATE PTRACE_LWP_EXIT
        PTRACE_POSIX_SPAWN PTRACE_VFORK PTRACE_VFORK_DONE PT_ATTACH PT_CONTINUE PT_DETACH
        PT_DUMPCORE PT_GETREGS PT_GET_EVENT_MASK PT_GET_PROCESS_STATE PT_GET_SIGINFO PT_IO
        PT_KILL PT_LWPINFO PT_READ_D PT_READ_I PT_RESUME PT_SET_EVENT_MASK PT_SET_SIGINFO
        PT_STEP PT_STOP PT_SUSPEND PT_SYSCALL PT_SYSCALLEMU PT_TRACE_ME PT_WRITE_D PT_WRITE_I
        Ptrace PtraceIoDesc PtraceLwpinfo PtraceState REG REG_ARGS REG_CARRY REG_RAX REG_RFLAGS
        REG_RSP SIGINFO_REASON SIZEOF_PTRACE_EVENT SIZEOF_PTRACE_IO_DESC SIZEOF_PTRACE_LWPINFO
        SIZEOF_PTRACE_SIGINFO SIZEOF_PTRACE_STATE TracedCall
    """,
    "kernel.sys.random": """
        GRND_INSECURE GRND_NONBLOCK GRND_RANDOM
    """,
    "kernel.sys.reboot": """
        RB_ASKNAME RB_AUTOBOOT RB_DUMP RB_HALT RB_KDB RB_MINIROOT RB_NOSYNC RB_POWERDOWN
        RB_RDONLY RB_SINGLE RB_STRING RB_USERCONF
    """,
    "kernel.sys.resource": """
        LIMIT_NAMES PRIO_MAX PRIO_MIN PRIO_PGRP PRIO_PROCESS PRIO_USER RLIMIT_AS RLIMIT_CORE
        RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_MEMLOCK RLIMIT_NOFILE RLIMIT_NPROC
        RLIMIT_NTHR RLIMIT_RSS RLIMIT_SBSIZE RLIMIT_STACK RLIMIT_VMEM RLIM_INFINITY RLIM_NLIMITS
        RUSAGE_CHILDREN RUSAGE_SELF Rlimit RusageLayout SIZEOF_RLIMIT SIZEOF_RUSAGE Timeval
    """,
    "kernel.sys.sched": """
        CLONE_CSIGNAL CLONE_FILES CLONE_FS CLONE_SIGHAND CLONE_VFORK CLONE_VM PPQ PRI_COUNT
        PRI_KERNEL PRI_NONE PRI_USER PRI_USER_RT RUNQUE_NQS SCHED_FIFO SCHED_NONE SCHED_OTHER
        SCHED_PRI_MAX SCHED_PRI_MIN SCHED_RR SchedParam
    """,
    "kernel.sys.sem": """
        GETALL GETNCNT GETPID GETVAL GETZCNT SEMAEM SEMMNI SEMMNS SEMMNU SEMMSL SEMOPM SEMUME
        SEMVMX SEM_ALLOC SEM_UNDO SETALL SETVAL SIZEOF_SEMBUF SIZEOF_SEMUN Sem Sembuf SemidDs
        SemidDsSysctl Seminfo Semset unpack_sembufs
    """,
    "kernel.sys.shm": """
        PAGE_SIZE SHMLBA SHMMNI SHMSEG SHMSEG_ALLOCATED SHM_LOCK SHM_RDONLY SHM_RND SHM_UNLOCK
        ShmidDs ShmidDsSysctl Shminfo Shmseg UvmObject
    """,
    "kernel.sys.signal": """
        BUS_ADRALN BUS_ADRERR BUS_OBJERR CLD_CONTINUED CLD_DUMPED CLD_EXITED CLD_KILLED
        CLD_STOPPED CLD_TRAPPED FPE_FLTDIV FPE_FLTINV FPE_FLTOVF FPE_FLTRES FPE_FLTSUB
        FPE_FLTUND FPE_INTDIV FPE_INTOVF ILL_BADSTK ILL_COPROC ILL_ILLADR ILL_ILLOPC ILL_ILLOPN
        ILL_ILLTRP ILL_PRVOPC ILL_PRVREG Iterator MINSIGSTKSZ NSIG POLL_ERR POLL_HUP POLL_IN
        POLL_MSG POLL_OUT POLL_PRI SA_ALLBITS SA_CANTMASK SA_CONT SA_CORE SA_IGNORE SA_KILL
        SA_NOCLDSTOP SA_NOCLDWAIT SA_NODEFER SA_NOKERNINFO SA_NORESET SA_ONSTACK SA_RESETHAND
        SA_RESTART SA_SIGINFO SA_STOP SA_TOALL SA_TTYSTOP SEGV_ACCERR SEGV_MAPERR SIGABRT
        SIGALRM SIGBUS SIGCHLD SIGCONT SIGEMT SIGEV_NONE SIGEV_SIGNAL SIGEV_THREAD SIGFPE SIGHUP
        SIGILL SIGINFO SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPROF SIGPWR SIGQUIT SIGRTMAX
        SIGRTMIN SIGSEGV SIGSET_FULL SIGSTKSZ SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN
        SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIG_BLOCK SIG_DFL
        SIG_ERR SIG_HOLD SIG_IGN SIG_SETMASK SIG_UNBLOCK SIZEOF_SIGACTION SIZEOF_SIGSET
        SI_ASYNCIO SI_LWP SI_MESGQ SI_NOINFO SI_QUEUE SI_TIMER SI_USER SS_ALLBITS SS_DISABLE
        SS_ONSTACK TRAP_BRKPT TRAP_CHLD TRAP_DBREG TRAP_EXEC TRAP_LWP TRAP_SCE TRAP_SCX
        TRAP_TRACE contsigmask ignoresigmask pack_sigaction pack_sigset sigcantmask sigfirst
        sigismember sigmask sigmembers sigprop sigset stopsigmask sys_siglist sys_signame
        unpack_sigaction unpack_sigset vforksigmask
    """,
    "kernel.sys.socket": """
        AF_APPLETALK AF_BLUETOOTH AF_CAN AF_DECnet AF_IPX AF_LINK AF_LOCAL AF_MAX AF_ROUTE
        AF_SNA AF_UNIX AF_UNSPEC CMSG_ALIGN CMSG_LEN CMSG_SPACE Cmsghdr Linger MSG_BCAST
        MSG_CMSG_CLOEXEC MSG_CTRUNC MSG_DONTROUTE MSG_DONTWAIT MSG_EOR MSG_MCAST MSG_NBIO
        MSG_NOSIGNAL MSG_NOTIFICATION MSG_OOB MSG_PEEK MSG_TRUNC MSG_USERFLAGS MSG_WAITALL
        MSG_WAITFORONE Mmsghdr Msghdr PF_CAN PF_INET PF_INET6 PF_LOCAL PF_UNIX PF_UNSPEC
        SCM_CREDS SCM_RIGHTS SCM_TIMESTAMP SHUT_RD SHUT_RDWR SHUT_WR SIZEOF_CMSGHDR
        SIZEOF_LINGER SIZEOF_MMSGHDR SIZEOF_MSGHDR SOCK_CLOEXEC SOCK_DGRAM SOCK_FLAGS_MASK
        SOCK_NONBLOCK SOCK_NOSIGPIPE SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_STREAM SOL_SOCKET
        SOMAXCONN SO_ACCEPTCONN SO_ACCEPTFILTER SO_BROADCAST SO_DEBUG SO_DONTROUTE SO_ERROR
        SO_KEEPALIVE SO_LINGER SO_NOHEADER SO_NOSIGPIPE SO_OOBINLINE SO_OVERFLOWED SO_RCVBUF
        SO_RCVLOWAT SO_RCVTIMEO SO_RERROR SO_REUSEADDR SO_REUSEPORT SO_SNDBUF SO_SNDLOWAT
        SO_SNDTIMEO SO_TIMESTAMP SO_TYPE SO_USELOOPBACK Sockcred pack sa_family unpack_from
    """,
    "kernel.sys.spawn": """
        FAE_CHDIR FAE_CLOSE FAE_DUP2 FAE_FCHDIR FAE_OPEN FileActionsEntry POSIX_SPAWN_RESETIDS
        POSIX_SPAWN_RETURNERROR POSIX_SPAWN_SETPGROUP POSIX_SPAWN_SETSCHEDPARAM
        POSIX_SPAWN_SETSCHEDULER POSIX_SPAWN_SETSIGDEF POSIX_SPAWN_SETSIGMASK
        PosixSpawnFileActions PosixSpawnattr SIZEOF_FILE_ACTIONS_ENTRY SIZEOF_POSIX_SPAWNATTR
        SIZEOF_POSIX_SPAWN_FILE_ACTIONS
    """,
    "kernel.sys.stat": """
        ACCESSPERMS ALLPERMS DEFFILEMODE SF_APPEND SF_ARCHIVED SF_IMMUTABLE SF_LOG SF_SETTABLE
        SF_SNAPINVAL SF_SNAPSHOT SIZEOF_STAT S_BLKSIZE S_IFBLK S_IFCHR S_IFDIR S_IFIFO S_IFLNK
        S_IFMT S_IFREG S_IFSOCK S_IFWHT S_IRGRP S_IROTH S_IRUSR S_IRWXG S_IRWXO S_IRWXU S_ISBLK
        S_ISCHR S_ISDIR S_ISFIFO S_ISGID S_ISLNK S_ISREG S_ISSOCK S_ISTXT S_ISUID S_ISVTX
        S_ISWHT S_IWGRP S_IWOTH S_IWUSR S_IXGRP S_IXOTH S_IXUSR Stat UF_APPEND UF_IMMUTABLE
        UF_NODUMP UF_OPAQUE UF_SETTABLE UTIME_NOW UTIME_OMIT
    """,
    "kernel.sys.syslog": """
        LOG_ALERT LOG_AUTH LOG_AUTHPRIV LOG_CONS LOG_CRIT LOG_CRON LOG_DAEMON LOG_DEBUG
        LOG_EMERG LOG_ERR LOG_FACMASK LOG_FTP LOG_INFO LOG_KERN LOG_LOCAL0 LOG_LOCAL1 LOG_LOCAL2
        LOG_LOCAL3 LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7 LOG_LPR LOG_MAIL LOG_NDELAY
        LOG_NEWS LOG_NOTICE LOG_NOWAIT LOG_ODELAY LOG_PERROR LOG_PID LOG_PRIMASK LOG_SYSLOG
        LOG_USER LOG_UUCP LOG_WARNING
    """,
    "kernel.sys.termios": """
        ALTWERASE BRKINT CBRK CCEQ CDISCARD CDSUSP CDTRCTS CEOF CEOL CEOT CERASE CFLUSH CIGNORE
        CINTR CKILL CLNEXT CLOCAL CMIN CQUIT CREAD CREPRINT CRPRNT CRTSCTS CS5 CS6 CS7 CS8 CSIZE
        CSTART CSTATUS CSTOP CSTOPB CSUSP CTIME CWERASE ECHO ECHOCTL ECHOE ECHOK ECHOKE ECHONL
        ECHOPRT EXTA EXTB EXTPROC FLUSHO HUPCL ICANON ICRNL IEXTEN IGNBRK IGNCR IGNPAR IMAXBEL
        INLCR INPCK ISIG ISTRIP IXANY IXOFF IXON MDMBUF NCCS NOFLSH NOKERNINFO OCRNL ONLCR
        ONLRET ONOCR ONOEOT OPOST OXTABS PARENB PARMRK PARODD PENDIN TCIFLUSH TCIOFF TCIOFLUSH
        TCION TCOFLUSH TCOOFF TCOON TCSADRAIN TCSAFLUSH TCSANOW TCSASOFT TOSTOP TTYDEF_CFLAG
        TTYDEF_IFLAG TTYDEF_LFLAG TTYDEF_OFLAG TTYDEF_SPEED Termios VDISCARD VDSUSP VEOF VEOL
        VEOL2 VERASE VINTR VKILL VLNEXT VMIN VQUIT VREPRINT VSTART VSTATUS VSTOP VSUSP VTIME
        VWERASE Winsize ttydefchars
    """,
    "kernel.sys.time": """
        CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_PROF CLOCK_REALTIME
        CLOCK_THREAD_CPUTIME_ID CLOCK_VIRTUAL CPUCLOCK_ID_MASK ITIMER_MONOTONIC ITIMER_PROF
        ITIMER_REAL ITIMER_VIRTUAL Itimerspec Itimerval NEVER SIZEOF_ITIMERSPEC SIZEOF_ITIMERVAL
        SIZEOF_TIMESPEC SIZEOF_TIMEVAL TIMER_ABSTIME TIMER_RELTIME TIME_MAX Timespec
    """,
    "kernel.sys.ttycom": """
        Ptmget TIOCM_CAR TIOCM_CD TIOCM_CTS TIOCM_DSR TIOCM_DTR TIOCM_LE TIOCM_RI TIOCM_RNG
        TIOCM_RTS TIOCM_SR TIOCM_ST TIOCPKT_DATA TIOCPKT_DOSTOP TIOCPKT_FLUSHREAD
        TIOCPKT_FLUSHWRITE TIOCPKT_IOCTL TIOCPKT_NOSTOP TIOCPKT_START TIOCPKT_STOP
        TTLINEDNAMELEN TTYDISC
    """,
    "kernel.sys.un": """
        LOCAL_CONNWAIT LOCAL_CREDS LOCAL_OCREDS LOCAL_PEEREID SOL_LOCAL SUN_NONAME SUN_PATH
        SockaddrUn Unpcbid sun_path
    """,
    "kernel.sys.unistd": """
        FDATASYNC FDISKSYNC FFILESYNC F_LOCK F_OK F_TEST F_TLOCK F_ULOCK R_OK SEEK_CUR SEEK_END
        SEEK_SET STDERR_FILENO STDIN_FILENO STDOUT_FILENO W_OK X_OK
    """,
    "kernel.sys.wait": """
        P_ALL P_GID P_LWPID P_PGID P_PID P_SID P_UID WAIT_ANY WAIT_MYPGRP WALLOPTS WALLSIG
        WALTSIG WCONTINUED WCOREDUMP WCOREFLAG WEXITED WEXITSTATUS WIFCONTINUED WIFEXITED
        WIFSIGNALED WIFSTOPPED WNOHANG WNOWAIT WNOZOMBIE WOPTSCHECKED WSELECTOPTS WSTOPPED
        WSTOPSIG WTERMSIG WTRAPPED WUNTRACED W_CONTCODE W_EXITCODE W_STOPCODE
    """,
    "userland.libc.chflagsat": """
        chflagsat
    """,
    "userland.libc.dirent": """
        fdopendir listdir readdir scandir
    """,
    "userland.libc.err": """
        err errx getprogname perror strerror warn warnx
    """,
    "userland.libc.errno": """
        E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EAUTH EBADF EBADMSG
        EBADRPC EBUSY ECANCELED ECHILD ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDESTADDRREQ
        EDOM EDQUOT EDUPFD EEXIST EFAULT EFBIG EFTYPE EHOSTDOWN EHOSTUNREACH EIDRM EILSEQ
        EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR EJUSTRETURN ELOOP EMFILE EMLINK EMOVEFD
        EMSGSIZE EMULTIHOP ENAMETOOLONG ENEEDAUTH ENETDOWN ENETRESET ENETUNREACH ENFILE ENOATTR
        ENOBUFS ENODATA ENODEV ENOENT ENOEXEC ENOLCK ENOLINK ENOMEM ENOMSG ENOPROTOOPT ENOSPC
        ENOSR ENOSTR ENOSYS ENOTBLK ENOTCONN ENOTDIR ENOTEMPTY ENOTSOCK ENOTSUP ENOTTY ENXIO
        EOPNOTSUPP EOVERFLOW EPASSTHROUGH EPERM EPFNOSUPPORT EPIPE EPROCLIM EPROCUNAVAIL
        EPROGMISMATCH EPROGUNAVAIL EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE EREMOTE ERESTART
        EROFS ERPCMISMATCH ESHUTDOWN ESOCKTNOSUPPORT ESPIPE ESRCH ESTALE ETIME ETIMEDOUT
        ETOOMANYREFS ETXTBSY EUSERS EWOULDBLOCK EXDEV
    """,
    "userland.libc.event": """
        kevent
    """,
    "userland.libc.eventfd": """
        eventfd_read eventfd_write
    """,
    "userland.libc.fgetln": """
        blocks fgetln
    """,
    "userland.libc.futex": """
        futex futex_get_robust_list futex_set_robust_list
    """,
    "userland.libc.fvwrite": """
        BUFSIZ Writer writeall
    """,
    "userland.libc.getopt": """
        getopt
    """,
    "userland.libc.inet": """
        htonl htons if_indextoname if_nameindex if_nametoindex inet_aton inet_ntoa inet_ntop
        inet_pton ntohl ntohs
    """,
    "userland.libc.lockf": """
        lockf
    """,
    "userland.libc.lwp": """
        LWP_DETACHED LWP_SUSPENDED _lwp_create _lwp_getname _lwp_makecontext _lwp_park
        _lwp_unpark_all _lwp_wait
    """,
    "userland.libc.machine": """
        load store
    """,
    "userland.libc.mman": """
        atomic_add_32 atomic_add_32_nv atomic_add_64 atomic_add_64_nv atomic_cas_32
        atomic_cas_64 atomic_swap_32 atomic_swap_64 brk madvise mapped mincore minherit mlock
        mmap mprotect mremap msync munlock munmap sbrk shm_open shm_unlink
    """,
    "userland.libc.mount": """
        PROCFSMNT_LINUXCOMPAT getmountargs hostfs_args mount null_args procfs_args tmpfs_args
    """,
    "userland.libc.mqueue": """
        MqAttr mq_getattr mq_notify mq_open mq_receive mq_send mq_setattr mq_timedreceive
        mq_timedsend
    """,
    "userland.libc.netdb": """
        AI_ADDRCONFIG AI_CANONNAME AI_MASK AI_NUMERICHOST AI_NUMERICSERV AI_PASSIVE Addrinfo
        EAI_ADDRFAMILY EAI_AGAIN EAI_BADFLAGS EAI_BADHINTS EAI_FAIL EAI_FAMILY EAI_MAX
        EAI_MEMORY EAI_NODATA EAI_NONAME EAI_OVERFLOW EAI_PROTOCOL EAI_SERVICE EAI_SOCKTYPE
        EAI_SYSTEM Hostent NI_DGRAM NI_MAXHOST NI_MAXSERV NI_NAMEREQD NI_NOFQDN NI_NUMERICHOST
        NI_NUMERICSERV Protoent Servent gai_strerror gaierror getaddrinfo gethostbyaddr
        gethostbyname getnameinfo getprotobyname getprotobynumber getservbyname getservbyport
    """,
    "userland.libc.poll": """
        INFTIM poll pollts ppoll
    """,
    "userland.libc.popen": """
        pclose popen system
    """,
    "userland.libc.pthread": """
        PTHREAD_CREATE_DETACHED PTHREAD_CREATE_JOINABLE PTHREAD_CREATE_SUSPENDED
        PTHREAD_KEYS_MAX Pthread pthread_create pthread_detach pthread_equal pthread_exit
        pthread_getname_np pthread_getspecific pthread_join pthread_key_create
        pthread_key_delete pthread_kill pthread_resume_np pthread_self pthread_setname_np
        pthread_setspecific pthread_sigmask pthread_suspend_np
    """,
    "userland.libc.pthread_barrier": """
        PTHREAD_BARRIER_SERIAL_THREAD PthreadBarrier pthread_barrier_destroy
        pthread_barrier_init pthread_barrier_wait
    """,
    "userland.libc.pthread_cond": """
        PthreadCond pthread_cond_broadcast pthread_cond_destroy pthread_cond_init
        pthread_cond_signal pthread_cond_timedwait pthread_cond_wait
    """,
    "userland.libc.pthread_mutex": """
        PTHREAD_MUTEX_ERRORCHECK PTHREAD_MUTEX_NORMAL PTHREAD_MUTEX_RECURSIVE PthreadMutex
        PthreadOnce pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock
        pthread_mutex_timedlock pthread_mutex_trylock pthread_mutex_unlock pthread_once
    """,
    "userland.libc.pthread_rwlock": """
        PthreadRwlock pthread_rwlock_destroy pthread_rwlock_init pthread_rwlock_rdlock
        pthread_rwlock_timedrdlock pthread_rwlock_timedwrlock pthread_rwlock_tryrdlock
        pthread_rwlock_trywrlock pthread_rwlock_unlock pthread_rwlock_wrlock
    """,
    "userland.libc.ptrace": """
        PtraceSiginfo ptrace_getregs ptrace_lwps ptrace_peek ptrace_poke ptrace_set_events
        ptrace_siginfo ptrace_state
    """,
    "userland.libc.pty": """
        ctermid forkpty grantpt login_tty openpty posix_openpt ptsname ttyname unlockpt
    """,
    "userland.libc.pwd": """
        Group Passwd getgrall getgrgid getgrnam getgrouplist getpwall getpwnam getpwuid
    """,
    "userland.libc.reboot": """
        clock_getcpuclockid clock_getcpuclockid2 reboot
    """,
    "userland.libc.sched": """
        _sched_getaffinity _sched_getparam _sched_setaffinity _sched_setparam
        sched_get_priority_max sched_get_priority_min sched_getparam sched_getscheduler
        sched_rr_get_interval sched_setparam sched_setscheduler
    """,
    "userland.libc.select": """
        FD_SETSIZE pselect select
    """,
    "userland.libc.semaphore": """
        SEM_VALUE_MAX sem_close sem_destroy sem_getvalue sem_init sem_open sem_post
        sem_timedwait sem_trywait sem_unlink sem_wait
    """,
    "userland.libc.setmode": """
        Bitcmd getmode setmode
    """,
    "userland.libc.signal": """
        Handler Sigaction Siginfo Sigstk abort alarm killpg pause psignal raise_ setitimer
        sigaction sigaddset sigaltstack sigdelset sigemptyset sigfillset siginterrupt signal
        signalname signalnumber sigpending sigprocmask sigqueue sigqueueinfo sigset_of
        sigsuspend sigtimedwait sigwait sigwaitinfo strsignal
    """,
    "userland.libc.socket": """
        Message Sockaddr accept accept4 bind cmsg_pack cmsg_unpack connect getpeereid
        getpeername getsockname getsockopt paccept recv recvfrom recvmmsg recvmsg send sendmmsg
        sendmsg sendto setsockopt sockaddr_unpack socketpair
    """,
    "userland.libc.spawn": """
        FileActions Spawnattr posix_spawn posix_spawnp
    """,
    "userland.libc.statvfs": """
        ST_NOWAIT ST_WAIT fstatvfs getvfsstat statvfs
    """,
    "userland.libc.stdlib": """
        EXIT_FAILURE EXIT_SUCCESS _exit atexit environ exit getenv malloc putenv setenv unsetenv
    """,
    "userland.libc.strto": """
        INT_MAX LONG_MAX LONG_MIN UINT_MAX ULONG_MAX atoi strtoi strtol strtoul
    """,
    "userland.libc.sys": """
        __acl_delete_fd __acl_delete_file __acl_delete_link __posix_chown __posix_fchown
        __posix_lchown __posix_rename _ksem_close _ksem_destroy _ksem_post _ksem_timedwait
        _ksem_trywait _ksem_unlink _ksem_wait _lwp_continue _lwp_detach _lwp_exit
        _lwp_getprivate _lwp_kill _lwp_self _lwp_setname _lwp_setprivate _lwp_suspend
        _lwp_unpark _lwp_wakeup access acct adjtime chdir chflags chmod chown chroot
        clock_getres clock_gettime clock_settime close dup dup2 dup3 eventfd extattr_delete_fd
        extattr_delete_file extattr_delete_link extattr_get_fd extattr_get_file extattr_get_link
        extattr_list_fd extattr_list_file extattr_list_link extattr_set_fd extattr_set_file
        extattr_set_link extattrctl faccessat fchdir fchflags fchmod fchmodat fchown fchownat
        fchroot fdatasync fdiscard fgetxattr fhopen fhstat fhstatvfs1 fktrace flistxattr flock
        fpathconf fremovexattr fsetxattr fstat fstatat fstatvfs1 fsync fsync_range ftruncate
        getdents getegid geteuid getitimer getpgid getpgrp getppid getpriority getrandom
        getrlimit getrusage getsid getxattr issetugid kill kqueue kqueue1 ktrace lchflags lchmod
        lchown lgetxattr link linkat listen listxattr llistxattr lpathconf lremovexattr lseek
        lsetxattr lstat mkdir mkdirat mkfifo mkfifoat mknod mknodat mlockall modctl mq_close
        mq_unlink msgget munlockall nfssvc open openat pathconf pmc_control pmc_get_info
        posix_fadvise posix_fallocate pread profil pset_destroy ptrace pwrite rasctl read
        readlink readlinkat removexattr rename renameat revoke rmdir sched_yield semconfig
        semget setegid seteuid setgid setpgid setpriority setregid setreuid setrlimit setsid
        setuid setxattr shmdt shmget shutdown socket stat statvfs1 swapctl symlink symlinkat
        sync sysarch timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create
        timerfd_gettime timerfd_settime truncate umask undelete unlink unlinkat unmount vadvise
        write
    """,
    "userland.libc.syscall": """
        getgid getpid getuid pipe syscall
    """,
    "userland.libc.sysconf": """
        confstr sysconf
    """,
    "userland.libc.sysctl": """
        sysctl sysctlbyname sysctldescribe sysctlnametomib sysctlnodes
    """,
    "userland.libc.syslog": """
        closelog openlog setlogmask syslog
    """,
    "userland.libc.sysvipc": """
        ftok msgctl msgrcv msgsnd semctl semop shmat shmctl
    """,
    "userland.libc.termios": """
        cfgetispeed cfgetospeed cfmakeraw cfsetispeed cfsetospeed cfsetspeed isatty tcdrain
        tcflow tcflush tcgetattr tcgetpgrp tcgetsid tcgetwinsize tcsendbreak tcsetattr tcsetpgrp
        tcsetwinsize
    """,
    "userland.libc.time": """
        Interrupted Sigevent clock_sleep futimens futimes gettimeofday lutimens lutimes
        nanosleep settimeofday sleep timer_create usleep utimens utimensat utimes
    """,
    "userland.libc.uio": """
        preadv pwritev readv utrace writev
    """,
    "userland.libc.uname": """
        Utsname getdomainname gethostname getloadavg setdomainname sethostname uname
    """,
    "userland.libc.unistd": """
        clone execl execlp execv execve execvp fcntl fexecve fork getcwd getgroups getlogin
        ioctl pipe2 setgroups setlogin vfork
    """,
    "userland.libc.wait": """
        wait wait4 wait6 waitid waitpid
    """,
}
