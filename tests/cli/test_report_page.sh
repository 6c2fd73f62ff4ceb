#!/bin/bash
# A report in a browser without a network: it asks for nothing, complains of nothing, draws every picture, fits a phone and
# a desk, light and dark, and hides nothing on paper.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/browser.sh"
need_command gnuplot
browser_start

for run in a b; do
    expect_status 0 "$PERCEPT" train --quiet --data circles --layers 2-16-2 --epochs 30 --seed $((16#$run)) --out "<$run> & co"
done
expect_status 0 "$PERCEPT" report "<a> & co"
expect_status 0 "$PERCEPT" report "<a> & co" "<b> & co" --out compared.html

# Pictures on the page that are not drawn: no size, or less than three colours on a canvas.
undrawn='(async () => {
    let bad = [];
    for (const img of document.images) {
        await img.decode().catch(() => 0);
        const canvas = Object.assign(document.createElement("canvas"), {width: 300, height: 200});
        const context = canvas.getContext("2d");
        if (img.naturalWidth > 0)
            context.drawImage(img, 0, 0, 300, 200);
        const colours = new Set(new Uint32Array(context.getImageData(0, 0, 300, 200).data.buffer));
        if (!(img.naturalWidth > 0) || colours.size < 3)
            bad.push(img.alt);
    }
    return bad;
})()'
# The least contrast of text with what it lies on (WCAG 2.2: the colours as light, (L + 0.05) / (l + 0.05)).
contrast='(() => {
    const light = ([r, g, b]) => [[r, .2126], [g, .7152], [b, .0722]].reduce((sum, [c, w]) =>
        sum + w * (c / 255 <= .04045 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4), 0);
    const numbers = text => text.match(/[\d.]+/g).map(Number);
    const ground = node => {
        for (; node; node = node.parentElement) {
            const colour = numbers(getComputedStyle(node).backgroundColor);
            if (colour.length === 3)
                return colour;
        }
    };
    let least = 21;
    for (const node of document.querySelectorAll("h1,h2,p,a,dt,dd,td.plain,td.good,th,figcaption,summary,.label,.value,.note")) {
        const [one, other] = [light(numbers(getComputedStyle(node).color)), light(ground(node))];
        least = Math.min(least, (Math.max(one, other) + .05) / (Math.min(one, other) + .05));
    }
    return least;
})()'

for page in "<a> & co/report.html" compared.html; do
    for view in "390 844 light" "390 844 dark" "1280 900 light" "1280 900 dark"; do
        read -r width height scheme <<<"$view"
        browser_view $width $height $scheme
        browser_open "$page"
        [ -z "$(browser_complaints)" ] || fail "$page, $view: $(browser_complaints)"
        count=$(browser_value 'document.images.length')
        [ "$count" -ge 4 ] || fail "$page has $count pictures"
        [ "$(browser_value "$undrawn")" = '[]' ] || fail "$page, $view: not drawn: $(browser_value "$undrawn")"
        wide=$(browser_value 'document.documentElement.scrollWidth')
        [ "$wide" -le $width ] || fail "$page is $wide pixels wide in a window of $width"
        [ "$(browser_value "$contrast >= 4.5")" = true ] || fail "$page, $view: contrast $(browser_value "$contrast")"
        browser_shot shot.png
        [ "$(od -An -tu1 -j 18 -N 2 shot.png | awk '{ print 256 * $1 + $2 }')" -gt $((width - 20)) ] || fail "no screenshot"
        if [ -n "${PERCEPT_BUILD:-}" ]; then # for a person to look at
            mkdir -p "$PERCEPT_BUILD/screenshots"
            cp shot.png "$PERCEPT_BUILD/screenshots/report-$([ "$page" = compared.html ] && echo several- || true)$width-$scheme.png"
        fi
    done
done

# Light and dark are not the same.
ground='getComputedStyle(document.body).backgroundColor'
browser_view 1280 900 light
light=$(browser_value "$ground")
browser_view 1280 900 dark
[ "$(browser_value "$ground")" != "$light" ] || fail "the page is as light in the dark"

# On a phone a picture is as large as its words need: it scrolls in its box, the page stays as wide as it was, and a touch
# shows the whole picture.
browser_view 390 844 light
browser_open "<a> & co/report.html"
[ "$(browser_value 'document.images[0].clientWidth > 600')" = true ] || fail "the words of a picture are too small for a phone"
[ "$(browser_value 'document.documentElement.scrollWidth')" -le 390 ] || fail "a large picture widens the page"
browser_value 'document.images[0].click()' >ignored
[ "$(browser_value 'document.images[0].clientWidth < 390')" = true ] || fail "a touch does not show the whole picture"

# A picture is dark where the page is, and keeps its hues.
browser_view 1280 900 dark
[ "$(browser_value 'getComputedStyle(document.images[0]).filter')" = '"invert(0.88) hue-rotate(180deg)"' ] || fail "pictures are light in the dark"
browser_view 390 844 light

# What is folded can be opened, and is printed in any case.
folded='[...document.querySelectorAll("details pre")].every(code => code.checkVisibility({contentVisibilityAuto: true}))'
[ "$(browser_value "$folded")" = false ] || fail "the recipe is not folded"
browser_tell Emulation.setEmulatedMedia '{"media": "print"}'
[ "$(browser_value "$folded")" = true ] || fail "the recipe is not printed"
browser_print report.pdf
[ "$(head -c 5 report.pdf)" = %PDF- ] || fail "the page does not print"
[ -z "$(browser_complaints)" ] || fail "$(browser_complaints)"
browser_stop
