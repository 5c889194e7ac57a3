(set -e; false; echo no); echo $?
(set -e; false || true; echo yes); echo $?
(set -e; if false; then :; fi; echo yes); echo $?
(set -e; ! true; echo yes); echo $?
(set -e; f() { false; echo infunc; }; f; echo no); echo $?
(set -e; f() { false; echo infunc; }; f || echo tested); echo $?
(set -e; while false; do :; done; echo yes); echo $?
(set -e; (exit 4); echo no); echo $?
(set -e; false | true; echo yes); echo $?
(set -e; x=$(false); echo no); echo $?
(set -e; { false; echo no; }; echo no); echo $?
(set -e; true && false; echo yes); echo $?
(set -e; false && true; echo yes); echo $?
(set -u; echo $undefined; echo no) 2>/dev/null; echo $?
(set -u; echo ${undefined-ok}; set +u; echo "[$undefined]"); echo $?
(set -f; echo /*); (set -n; echo never); echo end
