parse() { section=; while IFS= read -r line; do case $line in '#'*|'') ;; '['*']') section=${line#?}; section=${section%?};; *=*) k=${line%%=*} v=${line#*=}; echo "$section.${k%% *}=${v# }";; *) echo "bad: $line";; esac; done; }
parse <<'E'
# comment
[main]
name = value with spaces
path=/usr/bin:/bin

[other]
x=1=2
junk
E
