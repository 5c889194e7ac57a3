#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Count the login shells of /etc/passwd: a shell script of the emulated system.
#
#     python -m kernel run --ktrace ktrace.out examples/script.sh
#
# In its trace, in this order:
#
#     NAMI  "/root/script.sh"            what was to be run ...
#     NAMI  "/bin/sh"                    ... and the interpreter that its first line names
#     RET   execve JUSTRETURN
#     CALL  pipe                         for each | of the pipeline
#     NAMI  "/usr/bin/sort"              the shell looks along PATH
#     GIO   fd 1 wrote
#     NAMI  "/tmp/report"                a redirection is an open in the child
#     CALL  exit(3)                      and the script's status is the shell's

report=/tmp/report
total=0

while IFS=: read -r user _ uid _ _ home shell; do
	total=$((total + 1))
	echo "$shell"
done < /etc/passwd | sort | uniq -c > "$report"

cat "$report"

for file in /etc/passwd /etc/group /etc/shadow; do
	if [ -r "$file" ]; then
		echo "$file: $(wc -l < "$file") lines"
	else
		echo "$file: not there" >&2
	fi
done

count() {
	case $# in
	0) echo none ;;
	1) echo one ;;
	*) echo "$# of them" ;;
	esac
}
count /bin/s*

cat <<END
The loop ran in a child of the shell, so total is still $total.
END
exit 3
