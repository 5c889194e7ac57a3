sync; echo $?; sync; sync && echo sync; printf x > f; sync; cat f; sync; echo $?; sync < /dev/null; echo $?
