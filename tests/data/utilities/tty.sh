tty < /dev/null; echo $?; tty -s < /dev/null; echo $?; : > f; tty < f; echo $?; echo | tty; echo $?; tty -s < f; echo $?; tty -z < f 2>/dev/null; [ $? -gt 1 ]; echo $?
