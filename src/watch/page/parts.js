// What several views are built from.
import {attach, make, say, show} from "./dom.js";
import {stateSign, stateWords} from "./words.js";

export function stateBadge() {
    return make("span", {class: "state"}, make("span", {class: "sign", "aria-hidden": "true"}), make("span"));
}

export function showState(badge, row) {
    attach(badge, {class: `state ${row.state}`});
    say(badge.firstChild, stateSign(row.state));
    say(badge.lastChild, stateWords(row));
}

// A bar with "12 / 60" beside it.
export function progressBar() {
    return make("span", {class: "progress"}, make("progress", {value: 0, max: 1}), make("span", {class: "count"}));
}

export function showProgress(bar, done, all, words, name) {
    attach(bar.firstChild, {value: Math.min(done, all || done), max: all || Math.max(done, 1), "aria-label": name});
    say(bar.lastChild, words);
}

// Large numbers: tiles({accuracy: "best validation accuracy"}) and showTile(tiles.accuracy, "89.80 %", "epoch 12").
export function tiles(labels) {
    const element = make("ul", {class: "tiles"}), parts = {};
    for (const [key, label] of Object.entries(labels)) {
        parts[key] = make("li", {}, make("span", {class: "label"}, label), make("span", {class: "value"}),
                          make("span", {class: "note"}));
        element.append(parts[key]);
    }
    return {element, parts};
}

export function showTile(tile, value, note = "") {
    say(tile.children[1], value);
    say(tile.children[2], note);
}

export function notice(tone = "") { return make("p", {class: `notice ${tone}`, hidden: true}); }

export function showNotice(element, text) {
    say(element, text);
    show(element, text !== "");
}

// Names and values below each other.
export function facts(rows) {
    return make("dl", {class: "facts"},
                ...rows.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))));
}

export function code(text) { return make("code", {}, text); }
