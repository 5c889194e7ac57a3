mkdir -p a/b/c d; echo 1 > a/f; echo 2 > a/b/g; du a | cut -f2; du -a a | cut -f2 | sort; du -s a d | cut -f2; du -d 1 a | cut -f2

mkdir -p a/b; echo 1 > a/f; ln a/f a/b/g; du -a a | wc -l | tr -d ' '; du -c a | tail -n 1 | cut -f2; du nofile 2>/dev/null; echo $?

mkdir a; ln -s a l; du -L l | cut -f2; du -H l | cut -f2; du -P l | cut -f2; du -ks a | cut -f2; cd a; du | cut -f2; du -a -s . 2>/dev/null; [ $? != 0 ] && echo refused
