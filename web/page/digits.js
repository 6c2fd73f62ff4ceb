// The page on which one draws a digit.

import {css, paintSigned, readColors} from "./colors.js";
import {find, make, onDrop, say} from "./dom.js";
import {Paper, pictureOf} from "./drawing.js";
import {fromFiles, fromLetters} from "./pictures.js";
import {percent, short, whole} from "./words.js";

const MOST_UNITS = 64, MOST_SHOWN = 60, DIGITS = 10;

const page = {
    colors: readColors(),
    pictures: null, // {name, side, most, pixels, labels}
    fresh: true,    // the worker does not have them yet
    valid: null,    // {count, width, values}: pixels and label of each example
    running: false,
    picture: null,  // as the network gets it
    asked: false, again: false, // an answer is owed; the picture has changed since
    weights: null,
    answer: null,
    predicted: null,
    cell: null,
};

// ---- Small pictures --------------------------------------------------------------------------------------------------

// Draws side × side values in -1 … 1 (signed) or 0 … 1 (ink on paper).
function paintPicture(canvas, values, side, signed, underlay = null) {
    canvas.width = canvas.height = side;
    const image = new ImageData(side, side), {paper, ink} = page.colors;
    for (let i = 0; i < side * side; i++) {
        if (signed)
            paintSigned(image.data, 4 * i, page.colors, values[i]);
        const amount = signed ? (underlay === null ? 0 : 0.35 * underlay[i]) : values[i];
        for (let c = 0; c < 3; c++) {
            const from = signed ? image.data[4 * i + c] : paper[c];
            image.data[4 * i + c] = from + (ink[c] - from) * amount;
        }
        image.data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
}

const strongest = values => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);

// ---- The worker ------------------------------------------------------------------------------------------------------

const worker = globalThis.trainer; // start.js

function recipe() {
    const {side, most} = page.pictures, value = id => find(id).value;
    const layers = [side * side, ...value("hidden").split("-").filter(text => text !== ""), DIGITS];
    return Object.entries({
        "model.layers": layers.join(","), "model.dropout": value("dropout"), "data.divisor": most, "data.split": "0.9,0.1,0",
        "train.optimizer": "adam", "train.learning_rate": value("rate"), "train.schedule": "cosine", "train.batch_size": value("batch"),
        "train.epochs": value("epochs"), "train.keep": "last", seed: value("seed"),
    });
}

function begin() {
    if (page.pictures === null)
        return;
    setRunning(false);
    worker.postMessage({type: "begin", recipe: recipe(), pictures: page.fresh ? page.pictures : null});
    page.fresh = false;
}

const receive = {
    begun({valid, trained}) {
        page.valid = valid;
        page.predicted = page.answer = null;
        page.asked = false;
        tellProblem(null);
        say(find("source"), `${page.pictures.name}: ${whole(trained)} to learn from, ${whole(valid.count)} for validation.`);
        showCounts({epoch: 0, trainLoss: NaN}, {validLoss: NaN, validAccuracy: NaN});
        forgetMistakes();
        if (page.picture?.length !== valid.width)
            takeDrawing();
        refresh();
    },
    report({progress, last, running}) {
        showCounts(progress, last);
        if (!running)
            setRunning(false);
        refresh();
    },
    answer(answer) {
        page.asked = false;
        page.answer = answer;
        showAnswer();
        if (page.again)
            ask();
    },
    weights(weights) {
        page.weights = weights;
        showUnits();
    },
    mistakes({predicted}) {
        page.predicted = predicted;
        showConfusion();
    },
    problem({message}) {
        page.asked = false;
        setRunning(false);
        tellProblem(message);
    },
    broken({message}) { tellProblem(message); },
};
worker.onmessage = ({data}) => receive[data.type](data);

// What the network says of the drawing now, and its first layer.
function refresh() {
    worker.postMessage({type: "weights"});
    ask();
}

function ask() {
    page.again = page.asked;
    if (page.asked || page.picture === null || page.valid === null)
        return;
    page.asked = true;
    worker.postMessage({type: "ask", picture: page.picture, most: page.pictures.most});
}

function tellProblem(message) {
    find("problem").hidden = message === null;
    say(find("problem"), message ?? "");
}

// ---- Data ------------------------------------------------------------------------------------------------------------

function take(pictures) {
    page.pictures = pictures;
    page.fresh = true;
    const large = pictures.side > 8;
    find("hidden").value = large ? "128-64" : "64";
    find("rate").value = large ? "0.001" : "0.002";
    find("batch").value = large ? "128" : "32";
    find("epochs").value = large ? "10" : "40";
    begin();
}

async function loadDigits() {
    try {
        const response = await fetch(new URL("digits.txt", import.meta.url));
        if (!response.ok)
            throw new Error("no pictures come along with this page; choose the files of MNIST below, or drop them here");
        take(fromLetters(await response.text()));
    } catch (error) {
        tellProblem(error.message);
    }
}

async function takeFiles(files) {
    try {
        take(await fromFiles([...files]));
    } catch (error) {
        tellProblem(error.message);
    }
}

// ---- Drawing and answer ----------------------------------------------------------------------------------------------

const paper = new Paper(find("paper"), () => {
    paper.paint(page.colors);
    takeDrawing();
});

function takeDrawing() {
    page.picture = page.pictures === null ? null : pictureOf(paper, page.pictures.side);
    if (page.picture === null)
        forgetAnswer();
    else
        ask();
    showSeen();
}

function showSeen() {
    const side = page.pictures?.side ?? 28, scale = page.pictures?.most ?? 1;
    paintPicture(find("seen"), page.picture === null ? new Float64Array(side * side) : page.picture.map(x => x / scale), side, false);
    say(find("seen-text"), `as the network gets it: ${side} × ${side}`);
}

function forgetAnswer() {
    page.answer = null;
    find("answer-text").replaceChildren("–");
    for (const row of find("bars").children) {
        row.classList.remove("best");
        row.children[1].style.transform = "scaleX(0)";
        say(row.children[2], "");
    }
    const side = page.pictures?.side ?? 28;
    paintPicture(find("saliency"), new Float64Array(side * side), side, false);
    say(find("saliency-text"), "what raises and lowers the answer");
    markUnits(null);
}

function showAnswer() {
    if (page.picture === null || page.answer === null)
        return;
    const {probabilities, best, saliency, responses} = page.answer, side = page.pictures.side;
    find("answer-text").replaceChildren(String(best), make("small", {}, ` ${percent(probabilities[best])}`));
    [...find("bars").children].forEach((row, k) => {
        row.classList.toggle("best", k === best);
        row.children[1].style.transform = `scaleX(${probabilities[k]})`;
        say(row.children[2], percent(probabilities[k]));
    });
    const most = strongest(saliency), scale = page.pictures.most;
    paintPicture(find("saliency"), saliency.map(x => x / most), side, true, page.picture.map(x => x / scale));
    say(find("saliency-text"), `ink here raises (orange) or lowers (blue) the answer ${best}`);
    markUnits(responses);
}

function showUnits() {
    const {rows, columns, values} = page.weights, shown = Math.min(rows, MOST_UNITS), box = find("units");
    while (box.children.length > shown)
        box.lastChild.remove();
    while (box.children.length < shown)
        box.append(make("canvas", {role: "img"}));
    for (let unit = 0; unit < shown; unit++) {
        const weights = values.subarray(unit * columns, (unit + 1) * columns), most = strongest(weights);
        paintPicture(box.children[unit], weights.map(w => w / most), page.pictures.side, true);
    }
    say(find("first-text"), `Each box shows the weights of a unit${rows > shown ? ` (the first ${shown} of ${rows})` : ""}; its frame, how strongly it answers to your picture.`);
    markUnits(page.answer?.responses ?? null);
}

function markUnits(responses) {
    const most = responses === null ? 1 : strongest(responses);
    [...find("units").children].forEach((canvas, unit) => {
        const share = responses === null ? 0 : responses[unit] / most;
        canvas.style.outlineColor = css(page.colors.high, share);
        canvas.setAttribute("aria-label", `Unit ${unit + 1}${responses === null ? "" : `: ${short(responses[unit])}`}`);
    });
}

// ---- Mistakes --------------------------------------------------------------------------------------------------------

const labelOf = i => page.valid.values[i * (page.valid.width + 1) + page.valid.width];

function forgetMistakes() {
    page.cell = null;
    find("confusion").hidden = true;
    find("confusion").replaceChildren();
    find("shown").replaceChildren();
    say(find("mistakes-text"), "Which validation pictures it takes for which digit. Choose a cell to see them.");
}

function showConfusion() {
    const counts = Array.from({length: DIGITS}, () => new Uint32Array(DIGITS));
    page.predicted.forEach((k, i) => { if (k >= 0) counts[labelOf(i)][k]++; });
    const wrong = counts.flatMap((row, label) => [...row].filter((_, k) => k !== label)), most = Math.max(1, ...wrong);
    const total = wrong.reduce((sum, n) => sum + n, 0);
    const digits = [...Array(DIGITS).keys()];
    find("confusion").hidden = false;
    find("confusion").replaceChildren(
        make("thead", {}, make("tr", {}, make("th"), ...digits.map(k => make("th", {scope: "col"}, String(k))))),
        make("tbody", {}, ...digits.map(label => make("tr", {}, make("th", {scope: "row"}, String(label)), ...digits.map(k => {
            const count = counts[label][k];
            const button = make("button", {"aria-pressed": "false", "aria-label": `${label} taken for ${k}: ${count}`, disabled: count === 0,
                class: k === label ? "right" : count > 0 ? "wrong" : "", onclick: event => choose(event.currentTarget, label, k)}, count > 0 ? String(count) : "·");
            button.style.setProperty("--share", k === label ? 0 : count / most);
            return make("td", {}, button);
        })))));
    say(find("mistakes-text"), `${whole(total)} of ${whole(page.valid.count)} validation pictures are wrong. Rows: what they show; columns: what they are taken for. Choose a cell to see them.`);
}

function choose(button, label, k) {
    for (const other of find("confusion").querySelectorAll("[aria-pressed=true]"))
        other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    const which = [...page.predicted.keys()].filter(i => labelOf(i) === label && page.predicted[i] === k).slice(0, MOST_SHOWN);
    find("shown").replaceChildren(...which.map(i => {
        const canvas = make("canvas", {"aria-hidden": "true"});
        paintPicture(canvas, valuesOf(i), page.pictures.side, false);
        return make("button", {title: "Put it on the paper", "aria-label": `Validation picture ${i + 1}, ${label} taken for ${k}: put it on the paper`,
            onclick: () => putOnPaper(i)}, canvas);
    }));
}

function valuesOf(i) {
    const {width, values} = page.valid, first = i * (width + 1);
    return Float64Array.from(values.subarray(first, first + width), x => x / page.pictures.most);
}

// The example itself, not what would be made of it if it were drawn.
function putOnPaper(i) {
    paper.show(valuesOf(i), page.pictures.side);
    page.picture = valuesOf(i).map(x => x * page.pictures.most);
    showSeen();
    ask();
}

// ---- Controls --------------------------------------------------------------------------------------------------------

function showCounts(progress, last) {
    say(find("count-epoch"), whole(progress.epoch));
    say(find("count-train"), short(progress.trainLoss));
    if (last !== null) {
        say(find("count-valid"), short(last.validLoss));
        say(find("count-score"), percent(last.validAccuracy));
    }
}

function setRunning(running) {
    page.running = running;
    find("run").setAttribute("aria-pressed", running);
    find("run").firstElementChild.textContent = running ? "❚❚" : "▶";
    say(find("run-word"), running ? "Pause" : "Train");
}

function toggle() {
    if (page.valid === null)
        return;
    setRunning(!page.running);
    worker.postMessage({type: "run", running: page.running});
}

find("bars").append(...Array.from({length: DIGITS}, (_, k) => make("li", {}, make("b", {}, String(k)), make("i"), make("span"))));
find("run").addEventListener("click", toggle);
find("restart").addEventListener("click", begin);
find("clear").addEventListener("click", () => paper.clear());
find("example").addEventListener("click", () => { if (page.valid !== null) putOnPaper(Math.floor(Math.random() * page.valid.count)); });
find("look").addEventListener("click", () => { if (page.valid !== null) worker.postMessage({type: "mistakes"}); });
find("files").addEventListener("change", event => takeFiles(event.target.files));
for (const id of ["hidden", "rate", "batch", "dropout", "epochs", "seed"])
    find(id).addEventListener("change", begin);
onDrop(takeFiles);
paper.paint(page.colors);
showSeen();
forgetAnswer();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    page.colors = readColors();
    paper.paint(page.colors);
    showSeen();
    if (page.weights !== null)
        showUnits();
    showAnswer();
    find("confusion").querySelector("[aria-pressed=true]")?.click();
});
loadDigits();
