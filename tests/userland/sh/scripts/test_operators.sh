t() { if [ "$@" ]; then echo true; else echo false; fi; }
t a = a; t a = b; t 1 -eq 01; t -n ''; t -z ''; t ! -z ''; t a -a b; t '' -o b; t \( a = a \) -a \( b = b \); t -e /; t -d /etc; t -f /etc; t -r /; t = = =; t ! = !; t -n = -n; t 5 -gt -5; t ' 3 ' -eq 3 ; t "(" ; t "!" ; t a; t
