n=60 i=2
while [ $i -le $n ]; do eval p$i=1; i=$((i + 1)); done
i=2
while [ $((i * i)) -le $n ]; do
	eval "is=\$p$i"
	if [ "$is" = 1 ]; then j=$((i * i)); while [ $j -le $n ]; do eval p$j=0; j=$((j + i)); done; fi
	i=$((i + 1))
done
i=2 col=0
while [ $i -le $n ]; do
	eval "is=\$p$i"
	if [ "$is" = 1 ]; then
		printf '%4d' $i; col=$((col + 1)); [ $((col % 5)) -eq 0 ] && echo
	fi
	i=$((i + 1))
done
echo; echo "$col primes"
