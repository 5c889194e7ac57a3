/* SPDX-License-Identifier: BSD-2-Clause */
/* Make argv[1] trivial system calls; print the nanoseconds that each took. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef AS_INIT
#include <sys/reboot.h>
#endif

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

int
main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 200000;
	double begin;
	long i;

	begin = now();
	for (i = 0; i < count; i++)
		syscall(SYS_getppid);
	printf("ns a call: %.1f\n", (now() - begin) / (double)count);
	fflush(stdout);
#ifdef AS_INIT
	reboot(RB_POWER_OFF);
#endif
	return 0;
}
