m() { case $1 in '') echo empty;; -*) echo option;; *[!0-9]*) echo word;; 0*) echo octal;; *) echo number;; esac; }
for a in '' -x 12 012 a1 '*' '-' 'a b'; do m "$a"; done
p='a*'; case abc in $p) echo unquoted;; esac; case abc in "$p") echo quoted;; *) echo literal;; esac
case 'a]b' in a[]]b) echo bracket;; esac; case x in [a-cx-z]) echo range;; esac; case '\' in '\') echo bs;; esac
case "$(echo sub)" in s?b) echo sub;; esac; case a/b in *) echo slash;; esac; case .x in *) echo dot;; esac
case x in a|b|x) echo alt;; esac; case abc in (a*) echo paren;; esac
case a in a) ;; esac; echo $?; case a in a) false;; esac; echo $?; case a in b) false;; esac; echo $?
