#!/bin/bash
# The script that `percept completion fish` prints offers fish the program's words.
. "$(dirname "$0")/lib.sh"
need_command fish
mkdir folder && touch recipe.yaml folder/model.safetensors
expect_status 0 "$PERCEPT" completion fish
cp out percept.fish
commands() { # commands LEVEL: those that its help lists
    "$PERCEPT" help $1 | sed '1,/^Commands$/d' | grep -oE '^  [a-z]+'
}

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
