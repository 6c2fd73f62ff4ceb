#!/bin/bash
# The script that `percept completion bash` prints, loaded by bash, offers the program's words: commands, flags, choices,
# keys, datasets, files. All commands and flags of the help are in it, all keys in those of every shell. What zsh and fish
# offer is tested in test_completion_zsh.sh and test_completion_fish.sh.
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

# ---- Another shell ----
expect_status 2 "$PERCEPT" completion bahs
expect_contains err "did you mean bash"
expect_status 2 "$PERCEPT" completion tcsh
expect_contains err "bash, zsh, fish"
expect_status 2 "$PERCEPT" completion
expect_contains err "bash|zsh|fish is missing"
