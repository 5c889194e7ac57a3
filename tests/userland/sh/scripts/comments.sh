# a comment
echo a # trailing
echo a#b '#c' "#d" \#e
echo x; # after semicolon
if true # in if
then # then
  echo y # body
fi # end
