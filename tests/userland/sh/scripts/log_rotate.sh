cd "${TMPDIR:-/tmp}"; mkdir lr.$$; cd lr.$$
log=app.log keep=3
rotate() {
	local i=$keep
	rm -f "$log.$i"
	while [ $i -gt 1 ]; do
		[ -f "$log.$((i - 1))" ] && mv "$log.$((i - 1))" "$log.$i"
		i=$((i - 1))
	done
	[ -f "$log" ] && mv "$log" "$log.1"
	: >"$log"
}
write() { echo "$1" >>"$log"; set -- $(wc -c <"$log"); [ "$1" -ge 40 ] && rotate; return 0; }
i=0
while [ $i -lt 30 ]; do write "message number $i"; i=$((i + 1)); done
for f in $log*; do echo "$f: $(wc -l <$f | tr -d ' ') lines, first: $(head -n 1 $f)"; done
cat $log.3 $log.2 $log.1 $log | tail -n 4
cd ..; rm -r lr.$$
