# SPDX-License-Identifier: BSD-2-Clause
"""Tracebacks that are written to a descriptor, when asked for or as the program dies."""


def test_what_is_written_when(run):
    """At once, at a signal, after some time, at a fault."""
    result = run(
        "import faulthandler, os, signal, time\n"
        "def here():\n    faulthandler.dump_traceback(2, all_threads=False)\n"
        "here()\n"
        "faulthandler.register(signal.SIGUSR1, 2)\nos.kill(os.getpid(), signal.SIGUSR1)\n"
        "print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))\n"
        "faulthandler.dump_traceback_later(3600.5, file=2)\ntime.sleep(4000)\n"
        "faulthandler.dump_traceback_later(5, file=2)\nfaulthandler.cancel_dump_traceback_later()\n"
        "faulthandler.enable(2)\nprint(faulthandler.is_enabled(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    main = '0x00007f7ffffff000 (most recent call first):\n  File "/root/prog.py", line'
    assert result.stderr.decode() == (
        "Stack (most recent call first):\n"
        '  File "/root/prog.py", line 3 in here\n  File "/root/prog.py", line 4 in <module>\n'
        f"Current thread {main} 6 in <module>\n"
        f"Timeout (1:00:00.500000)!\nThread {main} 9 in <module>\n"
        f"Fatal Python error: Segmentation fault\n\nCurrent thread {main} 14 in <module>\n"
    )
    assert (result.status, result.stdout) == (139, b"True False\nTrue\n")


def test_interrupt_main_and_what_threads_raise(run):
    """It is the handler's turn, if there is one; what a thread raises goes to its stderr."""
    result = run(
        "import _thread, signal, sys, threading, io\n"
        "signal.signal(signal.SIGUSR1, lambda *_: print('handled'))\n"
        "_thread.interrupt_main(signal.SIGUSR1)\n_thread.interrupt_main(signal.SIGUSR2)\n"
        "try:\n    _thread.interrupt_main(99)\nexcept ValueError as exc:\n    print(exc)\n"
        "sys.stderr = io.StringIO()\n"
        "thread = threading.Thread(target=lambda: 1 / 0, name='T')\n"
        "thread.start()\nthread.join()\n"
        "print(sys.stderr.getvalue().splitlines()[0::99])\n"
    )
    assert result.stdout == b"handled\nsignal number out of range\n['Exception in thread T:']\n"
