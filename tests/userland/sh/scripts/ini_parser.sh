# Sections, comments, quoted values, continuation.
parse() {
	section=global n=0
	while IFS= read -r line || [ -n "$line" ]; do
		n=$((n + 1))
		line=${line%%#*}
		while case $line in " "*|"	"*) :;; *) false;; esac; do line=${line#?}; done
		while case $line in *" "|*"	") :;; *) false;; esac; do line=${line%?}; done
		case $line in
		"") continue ;;
		\[*\]) section=${line#?}; section=${section%?} ;;
		*=*) key=${line%%=*} value=${line#*=}
			key=${key% } value=${value# }
			case $value in \"*\") value=${value#?}; value=${value%?};; esac
			eval "ini_${section}_${key}=\$value"
			echo "$n [$section] $key=<$value>" ;;
		*) echo "line $n: cannot parse: $line" >&2; bad=$((bad + 1)) ;;
		esac
	done
}
bad=0
parse <<'EOF'
# global ones
name = demo
  path=/usr/bin:/bin   
[server]
host = "a b  c"
port=80 # default
junk line
[client]
empty=
last=yes
EOF
echo "$ini_global_name|$ini_server_host|$ini_server_port|${ini_client_empty-unset}|${ini_client_none-unset}|$bad"
