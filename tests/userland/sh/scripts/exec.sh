(exec echo replaced; echo never); sh -c 'exec sh -c "exit 6"'; echo $?
(exec nonexistent) 2>/dev/null; echo $?; exec 6<<E
heredoc line
E
read l <&6; echo "$l"; exec 6<&-; (exec > /dev/null; echo hidden); echo shown
exec 7>&1 1>/dev/null; echo hidden2; exec 1>&7 7>&-; echo visible
