X=1 Y=2 sh -c 'echo $X$Y'; echo "[$X$Y]"; export Z=3; sh -c 'echo $Z; Z=4; echo $Z'; echo $Z
f() { echo "$V"; sh -c 'echo $V'; }; V=func f; echo "[$V]"
P=a; P=b : ; echo $P; W=1 true; echo "[$W]"; Q=x eval 'echo $Q'
env -i sh -c 'echo "[$Z]"'; export N; N=late; sh -c 'echo $N'; (unset Z; sh -c 'echo "[$Z]"')
