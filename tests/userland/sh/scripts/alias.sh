alias hi='echo hello'
hi there
alias e='echo ' w='world'
e w
alias nested=hi
nested x
unalias hi
hi 2>/dev/null || echo gone
