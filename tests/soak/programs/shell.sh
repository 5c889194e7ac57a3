# SPDX-License-Identifier: BSD-2-Clause
# What scripts do: pipelines, jobs in the background, here-documents, traps, temporary files.
d=/tmp/shell.$$; mkdir $d; cd $d
trap 'cd /; rm -rf $d' EXIT
i=0
while [ $i -lt 6 ]; do
	i=$((i + 1))
	(sleep 1.$i; echo $i >job.$i) &
	ls -l / | sort -r | head -n $i >list.$i
	cat >doc.$i <<-EOF
		$i $(wc -l <list.$i) $(expr $i \* 2 2>/dev/null)
	EOF
	cat list.* | cut -c 1-10 | sort | uniq -c >/dev/null
	sh -c 'kill -TERM $$' || :
	[ $((i % 3)) -eq 0 ] && wait
	sleep 0.$i
done
kill %1 2>/dev/null
wait
