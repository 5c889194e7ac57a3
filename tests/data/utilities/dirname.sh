dirname /a/b/c; dirname a; dirname a/; dirname /; dirname //; dirname /a; dirname a/b//; dirname a//b; dirname ''; dirname .; dirname ..; dirname a/b/; dirname 2>/dev/null; echo $?; dirname -- -x/y
