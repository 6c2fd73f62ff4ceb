#!/bin/bash
# The script that `percept completion zsh` prints completes what is typed at a prompt: zsh runs in a terminal of its own.
. "$(dirname "$0")/lib.sh"
need_command zsh
need_terminal
mkdir folder && touch recipe.yaml folder/model.safetensors
expect_status 0 "$PERCEPT" completion zsh
cp out percept.zsh

mkdir -p zfunc && cp percept.zsh zfunc/_percept
cat >drive.zsh <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
answer() { # sets found to what comes between the marks, which the shell makes from two parts
    local all= chunk=
    until [[ $all == *"<<<"*">>>"* ]]; do
        zpty -r shell chunk || return 1
        all+=$chunk
    done
    found=${${all##*"<<<"}%%">>>"*}
}
zpty -w shell 'PS1= PS2=; fpath=($PWD/zfunc $fpath)'
zpty -w shell 'autoload -Uz compinit && compinit -D -u; zstyle ":completion:*" list-prompt ""; setopt no_beep'
zpty -w shell 'show() { zle expand-or-complete; print -r -- "<""<<$BUFFER>>"">"; BUFFER=; zle accept-line }'
zpty -w shell 'zle -N show; bindkey "^I" show; print -r -- "<""<<ready>>"">"'
answer
while IFS= read -r line; do
    zpty -w -n shell "$line"$'\t'
    answer
    print -r -- "$line|$found"
done
END
cat >lines <<'END'
percept tr|percept train 
percept data inf|percept data info 
percept data info fash|percept data info fashion-mnist 
percept train --optimizer s|percept train --optimizer sgd 
percept train --opt|percept train --optimizer=
percept train --set train.optimizer=s|percept train --set train.optimizer=sgd 
percept train --set train.opt|percept train --set train.optimizer=
percept train rec|percept train recipe.yaml 
percept train --out fol|percept train --out folder/
percept evaluate folder --part va|percept evaluate folder --part valid 
percept completion fi|percept completion fish 
percept help data inf|percept help data info 
END
cut -d'|' -f1 lines | timeout 120 zsh -f drive.zsh >out 2>err || fail "zsh"
expect_same out lines
