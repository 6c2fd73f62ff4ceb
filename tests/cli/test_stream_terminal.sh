#!/bin/bash
# At a terminal each row is answered while the next one is still to be typed.
. "$(dirname "$0")/lib.sh"
need_terminal
expect_status 0 "$PERCEPT" train --data moons --layers 2-4-2 --epochs 1 --no-plot --quiet --out run

mkfifo typed && touch answers
timeout 60 script -qec "'$PERCEPT' predict run" /dev/null <typed >>answers 2>&1 &
exec 7>typed
echo 0.5,0.25 >&7
until grep -q '^[01],0\.' answers; do
    kill -0 $! 2>/dev/null || fail "no answer to the first row: $(cat answers)" # after the minute that it was given
done
exec 7>&-
wait || true
