// Data of one's own: a table that is opened, dropped, pasted, or made by clicks.

import {find, make, onDrop, say} from "./dom.js";

// Bytes of a table that is taken, and of one that is shown as text.
const MOST_BYTES = 30e6, MOST_SHOWN = 50000;
const HEADER = "x,y,class\n";

// Points to begin with: two groups, so that there is something to learn.
const BEGINNING = [[-0.6, -0.4], [-0.5, 0.3], [-0.8, 0.1], [-0.3, -0.2], [-0.7, 0.6], [-0.4, -0.7],
    [0.6, 0.4], [0.5, -0.3], [0.8, 0.1], [0.3, 0.2], [0.7, -0.6], [0.4, 0.7]];

const encode = text => new TextEncoder().encode(text);
const decode = bytes => new TextDecoder().decode(bytes);

// The table with one more point; without a table, the one to begin with.
export function addPoint(file, x, y, name) {
    if (file === null)
        return {name: "points.csv", bytes: encode(HEADER + BEGINNING.map(([a, b], i) => `${a},${b},${i < 6 ? "a" : "b"}\n`).join(""))};
    const text = decode(file.bytes);
    return {name: file.name, bytes: encode(`${text}${text.endsWith("\n") ? "" : "\n"}${x.toFixed(3)},${y.toFixed(3)},${name}\n`)};
}

// A click adds a point where the table is one of points.
const isPoints = file => file !== null && decode(file.bytes.subarray(0, HEADER.length)) === HEADER;

// A name that a recipe and a shell take without quotes.
const plainName = name => name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+/, "") || "table.csv";

async function take(file, change, tell) {
    if (file === undefined)
        return;
    if (file.size > MOST_BYTES) {
        tell(`${file.name} has ${(file.size / 1e6).toFixed(0)} MB; this page takes up to ${MOST_BYTES / 1e6}`);
        return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    change({data: "own", file: {name: plainName(file.name), bytes}, predict: "", kind: "classes", across: "0", up: "1"});
}

function tellProblem(message) {
    find("problem").hidden = false;
    say(find("problem"), message);
}

function connectClicks(page, change) {
    find("plane").addEventListener("click", event => {
        if (page.state.data !== "own" || !isPoints(page.state.file) || page.shape === null)
            return;
        const box = find("plane").getBoundingClientRect(), [left, right, bottom, top] = page.shape.range;
        const x = left + (right - left) * (event.clientX - box.left) / box.width;
        const y = top - (top - bottom) * (event.clientY - box.top) / box.height;
        change({file: addPoint(page.state.file, x, y, find("brush").value)});
    });
}

export function save(file) {
    const url = URL.createObjectURL(new Blob([file.bytes], {type: "text/csv"}));
    make("a", {href: url, download: file.name}).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function connectOwn(page, change) {
    find("file").addEventListener("change", () => take(find("file").files[0], change, tellProblem));
    find("table").addEventListener("change", () => change({file: {name: page.state.file.name, bytes: encode(find("table").value)}}));
    find("save-table").addEventListener("click", () => save(page.state.file));
    for (const name of ["predict", "kind", "across", "up"])
        find(name).addEventListener("change", () => change({[name]: find(name).value}));
    onDrop(files => take(files[0], change, tellProblem));
    connectClicks(page, change);
}

function fill(select, options, value) {
    const before = JSON.stringify(options);
    if (select.dataset.options !== before) {
        select.dataset.options = before;
        select.replaceChildren(...options.map(([key, word]) => make("option", {value: key}, word)));
    }
    select.value = value;
}

// The controls after the data were loaded: the columns are known then.
export function showOwn(page) {
    const {state, shape} = page, {features, answer, notes} = shape.columns;
    const own = state.data === "own";
    find("axes").hidden = !own || features.length < 3;
    if (!own)
        return;
    const names = [...features, answer].filter(name => name !== null);
    fill(find("predict"), [["", "as detected"], ...names.map(name => [name, name])], state.predict);
    find("kind").value = state.kind;
    const axes = features.map((name, j) => [String(j), name ?? `column ${j + 1}`]);
    fill(find("across"), axes, String(shape.axes[0]));
    fill(find("up"), axes, String(shape.axes[1]));
    const text = state.file.bytes.length <= MOST_SHOWN ? decode(state.file.bytes) : "";
    if (document.activeElement !== find("table"))
        find("table").value = text;
    find("table").disabled = text === "";
    find("brush").disabled = !isPoints(state.file);
    find("notes").replaceChildren(...notes.map(note => make("li", {}, note)));
}
