printf 'abc\n\nxyz 1\n' > f; rev f; rev < f; rev f f; printf 'no' | rev; echo; rev nofile 2>/dev/null; echo $?; cat f | rev | rev; rev /dev/null
