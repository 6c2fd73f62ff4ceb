#!/bin/bash
# The scripts that `percept completion` prints, loaded by the shells they are for, offer the program's words: commands,
# flags, choices, keys, datasets, files. All commands and flags of the help are in them.
. "$(dirname "$0")/lib.sh"
for shell in bash zsh fish; do
    expect_status 0 "$PERCEPT" completion $shell
    expect_lines err 0
    cp out percept.$shell
    expect_status 0 "$PERCEPT" completion $shell
    expect_same out percept.$shell
done
mkdir folder && touch recipe.yaml folder/model.safetensors

# ---- Bash: words cut as readline cuts them, at blanks and around '=' ----
. ./percept.bash
complete_line() { # complete_line LINE: sets COMPREPLY
    local line=$1 part
    COMP_WORDS=()
    for part in ${line%"${line##*[! ]}"}; do
        while [[ $part == *=* ]]; do
            [ -z "${part%%=*}" ] || COMP_WORDS+=("${part%%=*}")
            COMP_WORDS+=("=")
            part=${part#*=}
        done
        [ -z "$part" ] || COMP_WORDS+=("$part")
    done
    [[ $line != *" " ]] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=(none)
    _percept
}
offers() { # offers LINE WORD...: exactly these, in any order
    local line=$1
    shift
    complete_line "$line"
    printf '%s\n' "$@" | sort >wanted
    printf '%s\n' "${COMPREPLY[@]}" | sort >got
    cmp -s wanted got || fail "'$line' offers '${COMPREPLY[*]}', not '$*'"
}
commands() { # commands LEVEL: those that its help lists
    "$PERCEPT" help $1 | sed '1,/^Commands$/d' | grep -oE '^  [a-z]+'
}
offers "percept " $(commands "")
offers "percept tr" train
offers "percept --v" --version
offers "percept xyzzy" ""
offers "percept data " $(commands data)
[ "$(commands data | wc -l)" -ge 3 ] || fail "help lists no commands"
offers "percept data info fash" fashion-mnist
offers "percept data info rec" recipe.yaml
offers "percept data make " circles moons spirals blobs
offers "percept data get mn" mnist
offers "percept gradcheck --method f" forward
offers "percept train --data moo" moons
offers "percept help ev" evaluate
offers "percept help data in" info
offers "percept completion " bash zsh fish
offers "percept plot sal" saliency
offers "percept plot --part t" train test
offers "percept train --opt" --optimizer
offers "percept train --optimizer s" sgd
offers "percept train --optimizer=s" sgd
offers "percept train --epochs 3 --optimizer s" sgd
offers "percept train --quiet --forc" --force
offers "percept train --epochs " ""
offers "percept train --activation relu,tan" relu,tanh
offers "percept train --data mn" mnist
offers "percept train --data-dir f" folder
offers "percept train --out f" folder
offers "percept train rec" recipe.yaml
offers "percept train --set train.opt" train.optimizer=
offers "percept train --set train.optimizer=s" sgd
offers "percept train --set=train.optimizer=s" sgd
offers "percept train --set data.join=" true false
offers "percept train --set model.init=he,glo" he,glorot
offers "percept train --set data.directory=f" folder
offers "percept evaluate folder --part " train valid test
offers "percept evaluate fol" folder
offers "percept predict folder/" folder/model.safetensors
(
    COMP_WORDBREAKS=${COMP_WORDBREAKS//=/} # as some people set it: words keep their '='
    COMP_WORDS=(percept train --set train.optimizer=s) COMP_CWORD=3
    _percept
    [ "${COMPREPLY[*]}" = train.optimizer=sgd ] || fail "with uncut words: '${COMPREPLY[*]}'"
    COMP_WORDS=(percept train --set=model.init=he,glo) COMP_CWORD=2
    _percept
    [ "${COMPREPLY[*]}" = --set=model.init=he,glorot ] || fail "with uncut words: '${COMPREPLY[*]}'"
)

# ---- Nothing that help tells of is left out ----
expect_status 0 "$PERCEPT" help --list
cp out pages
while read -r _ path; do
    expect_status 0 "$PERCEPT" help $path
    for flag in $(grep -oE '^  --[a-z0-9-]+' out); do
        complete_line "percept $path $flag"
        [[ " ${COMPREPLY[*]} " == *" $flag "* ]] || fail "'percept $path' is not offered $flag"
    done
done < <(grep ' ' pages)
expect_status 0 "$PERCEPT" help train
for key in $(sed '1,/^Keys/d' out | grep -oE '^  [a-z0-9_.]+'); do
    [[ " $_percept_keys " == *" $key= "* ]] || fail "the key $key is not offered"
    expect_contains percept.zsh "'$key:"
    expect_contains percept.fish " $key="
done

# ---- Zsh, through a terminal of its own ----
if command -v zsh >/dev/null; then
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
else
    echo "zsh is not installed: its script was only printed"
fi

# ---- Fish ----
if command -v fish >/dev/null; then
    offers_fish() { # offers_fish LINE WORD...
        local line=$1
        shift
        printf '%s\n' "$@" | sort >wanted
        fish --no-config -c 'source percept.fish; complete -C $argv[1]' "$line" 2>err | cut -f1 | sort >got
        expect_lines err 0
        cmp -s wanted got || fail "in fish '$line' offers '$(tr '\n' ' ' <got)', not '$*'"
    }
    offers_fish "percept tr" train
    offers_fish "percept data " $(commands data)
    offers_fish "percept help data in" info
    offers_fish "percept data info fash" fashion-mnist
    offers_fish "percept train --opt" --optimizer
    offers_fish "percept train --optimizer s" sgd
    offers_fish "percept train --optimizer=s" --optimizer=sgd
    offers_fish "percept train --out f" folder/
    offers_fish "percept train --set train.optimizer=s" train.optimizer=sgd
    offers_fish "percept train rec" recipe.yaml
    offers_fish "percept evaluate folder --part v" valid
    offers_fish "percept completion " bash zsh fish
    offers_fish "percept --vers" --version
else
    echo "fish is not installed: its script was only printed"
fi

# ---- Another shell ----
expect_status 2 "$PERCEPT" completion bahs
expect_contains err "did you mean bash"
expect_status 2 "$PERCEPT" completion tcsh
expect_contains err "bash, zsh, fish"
expect_status 2 "$PERCEPT" completion
expect_contains err "bash|zsh|fish is missing"
