logname x 2>/dev/null; [ $? != 0 ]; echo $?; logname -z 2>/dev/null; [ $? != 0 ]; echo $?; logname a b 2>/dev/null; [ $? != 0 ]; echo $?; (logname; logname; logname) > /dev/null 2>&1; echo done
