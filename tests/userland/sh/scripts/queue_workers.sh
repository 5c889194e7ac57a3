cd "${TMPDIR:-/tmp}"; mkdir qw.$$; cd qw.$$
mkfifo tasks
worker() {
	while read -r task arg; do
		case $task in
		square) echo "$arg squared is $((arg * arg))" >>out.$1;;
		stop) break;;
		esac
	done
}
exec 8<>tasks
for w in 1; do worker $w <&8 & done
i=1; while [ $i -le 12 ]; do echo "square $i" >&8; i=$((i + 1)); done
for w in 1; do echo stop >&8; done
wait; exec 8>&-
cat out.* | sort -k 4n -k 1n | sort -n
echo "total $(cat out.* | wc -l | tr -d ' ')"
cd ..; rm -r qw.$$
