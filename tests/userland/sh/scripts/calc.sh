calc() { case $2 in +) echo $(($1+$3));; -) echo $(($1-$3));; x) echo $(($1*$3));; /) [ $3 -eq 0 ] && { echo "div by zero"; return 1; }; echo $(($1/$3));; esac; }
calc 3 + 4; calc 10 / 0; echo $?; calc 6 x 7; calc 9 / 2; echo $?
