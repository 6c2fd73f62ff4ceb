// The page: its state, its controls, and the worker that trains.

import {readColors, css} from "./colors.js";
import {Series, drawCurves, rows} from "./curves.js";
import {find, legend, make, say} from "./dom.js";
import {drawLandscape, tellCheck} from "./inside.js";
import {NetworkView} from "./network.js";
import {addPoint, connectOwn, save, showOwn} from "./own.js";
import {PlaneView, drawExamples, sharpen} from "./plane.js";
import {accept, choices, fromLink, MOST_LAYERS, recipe, severalClasses, table, toLink, yaml} from "./recipe.js";
import {surface} from "./surfaces.js";
import {percent, short, whole} from "./words.js";

// Points across the plane, and across the box of a unit.
const SIDE = 100, SMALL = 36;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const FRAME_TIME = 15; // milliseconds, a little less than a picture of most screens
const CALM_PAUSE = 700; // milliseconds between two pictures where less motion is wanted

const page = {
    state: fromLink(location.hash.slice(1)),
    running: false,
    asked: false, // the worker owes an answer
    askedAt: 0,   // … since then
    drawing: false, // at the next picture of the screen
    refused: null, // why the core does not take the state: the network is an earlier one
    stale: false, // the state has changed since the network was made
    shape: null,
    frame: null,
    landscape: null,
    questions: [], // to be asked when the worker is free
    loss: new Series(),
    gradient: new Series(),
    colors: readColors(),
};

// ---- The worker -----------------------------------------------------------------------------------------------------

const worker = globalThis.trainer; // start.js

function ask(message) {
    page.asked = true;
    page.askedAt = performance.now();
    worker.postMessage({side: SIDE, small: SMALL, ...message});
}

function begin() {
    page.stale = true;
    if (!page.asked)
        askToBegin();
}

function askToBegin() {
    page.stale = false;
    const {state} = page;
    ask({type: "begin", recipe: recipe(state), hidden: state.hidden, file: table(state),
        axes: state.data === "own" ? [Number(state.across), Number(state.up)] : [0, 1]});
}

const askForFrame = () => ask({type: "frame", run: page.running, steps: Number(page.state.speed)});

const receive = {
    begun(shape) {
        page.shape = shape;
        page.frame = null;
        page.refused = null;
        page.loss.clear();
        page.gradient.clear();
        forgetInside();
        network.build(shape.units, page.state.hidden, shape.classes, inputNames(shape), shape.axes);
        showOwn(page);
        tellProblem(null);
        askForFrame();
    },
    frame(frame) {
        page.frame = frame;
        if (frame.failed !== null || frame.progress.over)
            setRunning(false);
        tellProblem(frame.failed);
        remember(frame);
        drawSoon();
        if (page.running)
            goOnInTime();
    },
    refused({message}) {
        page.refused = message;
        page.questions = [];
        receive.problem({message});
    },
    problem({message}) {
        setRunning(false);
        tellProblem(message);
    },
    landscape(landscape) {
        page.landscape = landscape;
        find("landscape").hidden = false;
        drawLandscape(landscape, page.colors);
        goOn();
    },
    check({numbers}) {
        tellCheck(numbers);
        goOn();
    },
    broken({message}) { tellProblem(message); },
};

const inputNames = shape => shape.columns.features.map((name, j) => name ?? ["x", "y"][j] ?? `x${j + 1}`);

// The next frame is made while this one is drawn; there are not more frames than the screen shows.
function goOnInTime() {
    if (calm.matches)
        setTimeout(goOn, CALM_PAUSE);
    else if (performance.now() - page.askedAt > FRAME_TIME)
        goOn();
    else
        requestAnimationFrame(goOn);
}

function goOn() {
    if (!page.asked && page.running)
        askForFrame();
}

worker.onmessage = ({data}) => {
    page.asked = false;
    if (page.stale && data.type !== "broken")
        askToBegin();
    else
        receive[data.type](data);
    if (!page.asked && page.questions.length > 0)
        ask(page.questions.shift());
};

function question(message) {
    if (page.refused !== null)
        return;
    if (page.asked)
        page.questions.push(message);
    else
        ask(message);
}

function forgetInside() {
    page.landscape = null;
    page.questions = [];
    find("landscape").hidden = true;
    say(find("landscape-text"), "");
    say(find("check-text"), "");
}

function tellProblem(message) {
    find("problem").hidden = message === null;
    say(find("problem"), message ?? "");
}

// ---- Pictures --------------------------------------------------------------------------------------------------------

function remember(frame) {
    const {progress, gradients} = frame;
    for (const epoch of frame.epochs)
        page.loss.add(epoch.epoch, [epoch.trainLoss, epoch.validLoss]);
    page.gradient.add(progress.epoch + progress.step / progress.steps, gradients.map(layer => layer.gradient));
}

function shownUnit() {
    const pointed = network.pointed;
    if (pointed === null || pointed.layer < 0 || page.frame.units[pointed.layer] === undefined)
        return null;
    return {answers: page.frame.units[pointed.layer], index: pointed.unit};
}

function drawSoon() {
    if (!page.drawing)
        requestAnimationFrame(() => {
            page.drawing = false;
            if (page.frame !== null)
                draw();
        });
    page.drawing = true;
}

function draw() {
    const {frame, shape, colors} = page;
    network.update(frame, colors);
    plane.draw(shape, frame, shownUnit(), colors);
    drawCharts();
    const {progress} = frame;
    say(find("count-epoch"), whole(progress.epoch));
    say(find("count-train"), short(progress.trainLoss));
    const last = frame.epochs[frame.epochs.length - 1];
    if (last !== undefined || progress.examples === 0) {
        say(find("count-valid"), short(last?.validLoss ?? NaN));
        const isClasses = shape.classes.length > 0;
        say(find("word-score"), isClasses ? "Accuracy" : "R²");
        say(find("count-score"), isClasses ? percent(last?.validAccuracy ?? NaN) : short(last?.validR2 ?? NaN));
    }
    say(find("yaml"), yaml(page.state, shape.layers, Math.max(1, progress.epoch)));
}

function drawCharts() {
    const {frame, colors} = page;
    const lossLines = [css(colors.classes[0]), css(colors.classes[1])];
    drawCurves(find("loss"), page.loss, lossLines, colors, false);
    const last = page.loss.points[page.loss.points.length - 1] ?? [0, NaN, NaN];
    legend(find("loss-legend"), rows(["training", "validation"], last.slice(1), lossLines));
    const lines = frame.gradients.map((_, l) => css(colors.classes[l % colors.classes.length]));
    drawCurves(find("gradient"), page.gradient, lines, colors, true);
    const names = frame.gradients.map((_, l) => l + 1 === frame.gradients.length ? "output" : `layer ${l + 1}`);
    legend(find("gradient-legend"), rows(names, frame.gradients.map(layer => layer.gradient), lines));
    const {classes, target} = page.shape;
    legend(find("legend"), classes.length > 0 ? classes.map((name, k) => [css(colors.classes[k % colors.classes.length]), `class ${name}`])
        : [[css(colors.low), short(target[0])], [css(colors.high), short(target[1])]]);
}

const network = new NetworkView(find("network"), find("lines"), find("unit-text"),
    hidden => change({hidden}), () => {
        if (page.frame !== null)
            plane.draw(page.shape, page.frame, shownUnit(), page.colors);
    });
const plane = new PlaneView(find("plane"));

// ---- Controls --------------------------------------------------------------------------------------------------------

function setRunning(running) {
    page.running = running;
    find("run").setAttribute("aria-pressed", running);
    find("run").firstElementChild.textContent = running ? "❚❚" : "▶";
    say(find("run-word"), running ? "Pause" : "Run");
}

// The state changes: so do the link and, unless only the picture is concerned, the network.
function change(values) {
    const again = Object.keys(values).some(name => name !== "speed");
    Object.assign(page.state, values);
    history.replaceState(null, "", `#${toLink(page.state)}`);
    showState();
    if (again)
        begin();
}

function showState() {
    const {state} = page;
    for (const name of ["noise", "classes", "examples", "dataSeed", "activation", "init", "initScale", "normalize", "optimizer",
        "rate", "batch", "l1", "l2", "dropout", "seed", "speed"]) {
        const control = find(name);
        if (control !== document.activeElement || control.type !== "text")
            control.value = state[name];
    }
    say(find("noise-value"), state.noise.toFixed(2));
    say(find("classes-value"), String(state.classes));
    find("classes-field").hidden = !severalClasses(state);
    find("initScale-field").hidden = state.init !== "normal" && state.init !== "uniform";
    find("own-field").hidden = state.data !== "own";
    for (const field of document.querySelectorAll(".drawn"))
        field.hidden = table(state) !== null;
    find("save-surface").hidden = table(state) === null || state.data === "own";
    find("plane").classList.toggle("draws", state.data === "own");
    for (const radio of document.querySelectorAll("#datasets input"))
        radio.checked = radio.value === state.data;
    say(find("layer-word"), `${state.hidden.length} hidden ${state.hidden.length === 1 ? "layer" : "layers"}`);
    find("layer-less").disabled = state.hidden.length === 0;
    find("layer-more").disabled = state.hidden.length >= MOST_LAYERS;
}

function connectField(name) {
    const control = find(name);
    const take = () => {
        const value = accept(name, control.value);
        control.setAttribute("aria-invalid", value === null);
        if (value !== null && value !== page.state[name])
            change({[name]: value});
    };
    control.addEventListener(control.type === "range" ? "input" : "change", take);
}

function connectChoice(name) {
    const control = find(name);
    if (control.options.length === 0)
        control.append(...choices[name].map(word => make("option", {value: word}, word)));
    control.addEventListener("change", () => change({[name]: control.value}));
}

// One's own data begin with a few points, which clicks add to.
function chooseData(name) {
    change({data: name, ...(name === "own" && page.state.file === null ? {file: addPoint(null, 0, 0, "a", page.state)} : {})});
}

function connectDatasets() {
    find("datasets").append(...choices.data.map(name => make("label", {},
        make("input", {type: "radio", name: "data", value: name, onchange: () => chooseData(name)}),
        make("canvas", {id: `picture-${name}`, width: 72, height: 72, "aria-hidden": "true"}), make("span", {}, name))));
}

// Small pictures of the datasets, from their formulas; the real points are the core's.
const pictures = {
    circles: (u, k) => [(k ? 0.5 : 1) * Math.cos(2 * Math.PI * u), (k ? 0.5 : 1) * Math.sin(2 * Math.PI * u)],
    moons: (u, k) => k ? [0.5 - Math.cos(Math.PI * u), 0.25 - Math.sin(Math.PI * u)]
        : [Math.cos(Math.PI * u) - 0.5, Math.sin(Math.PI * u) - 0.25],
    spirals: (u, k) => [Math.sqrt(u) * Math.cos(2 * Math.PI * (Math.sqrt(u) + k / 2)),
        Math.sqrt(u) * Math.sin(2 * Math.PI * (Math.sqrt(u) + k / 2))],
    blobs: (u, k) => [(k ? -0.65 : 0.65) + 0.35 * Math.sqrt(u) * Math.cos(40 * u), 0.35 * Math.sqrt(u) * Math.sin(40 * u)],
    own: (u, k) => [(k ? 1 : -1) * (0.7 + 0.4 * Math.sin(40 * u)), 1.1 * Math.sin(23 * u + k)],
};

function drawDatasets() {
    const range = [-1.6, 1.6, -1.6, 1.6], axes = [0, 1];
    for (const name of choices.data) {
        const {context, width} = sharpen(find(`picture-${name}`));
        context.clearRect(0, 0, width, width);
        if (name in pictures) {
            const count = name === "own" ? 14 : 60;
            const values = Array.from({length: count}, (_, i) => [...pictures[name](Math.floor(i / 2) * 2 / count, i % 2), i % 2]).flat();
            drawExamples(context, width, {width: 2, count, values}, {range, axes, target: null}, page.colors,
                {hollow: false, radius: 2.2});
        } else {
            const values = new TextDecoder().decode(surface(name).bytes).trim().split("\n").slice(1, 151).join().split(",").map(Number);
            drawExamples(context, width, {width: 2, count: 150, values}, {range: [-1.1, 1.1, -1.1, 1.1], axes, target: [-1, 1]},
                page.colors, {hollow: false, radius: 2.4});
        }
    }
}

async function copy(text, word) {
    try {
        await navigator.clipboard.writeText(text);
        say(find("copied"), `${word} copied`);
    } catch {
        say(find("copied"), "The browser does not allow copying; select the text below");
    }
}

function step(amount) {
    setRunning(false);
    question({type: "step", ...amount});
}

function toggle() {
    if (page.refused !== null)
        return;
    setRunning(!page.running);
    if (page.running)
        goOn();
    else if (!page.asked)
        worker.postMessage({type: "idle"});
}

const actions = {
    run: toggle,
    step: () => step({steps: 1}),
    epoch: () => step({epochs: 1}),
    restart: () => { setRunning(false); begin(); },
    "layer-less": () => change({hidden: page.state.hidden.slice(0, -1)}),
    "layer-more": () => change({hidden: [...page.state.hidden, page.state.hidden[page.state.hidden.length - 1] ?? 4]}),
    "copy-recipe": () => copy(find("yaml").textContent, "Recipe"),
    "landscape-measure": () => question({type: "landscape"}),
    "gradient-check": () => question({type: "check"}),
    "save-surface": () => save(table(page.state)),
    "copy-link": () => copy(location.href, "Link"),
};

function connectKeys() {
    document.addEventListener("keydown", event => {
        const name = {r: "run", s: "step", e: "epoch", x: "restart"}[event.key];
        if (name !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches("input, select, textarea"))
            actions[name]();
    });
}

function repaint() {
    page.colors = readColors();
    drawDatasets();
    if (page.frame !== null)
        draw();
    if (page.landscape !== null)
        drawLandscape(page.landscape, page.colors);
}

connectDatasets();
["noise", "classes", "examples", "dataSeed", "initScale", "rate", "batch", "l1", "l2", "dropout", "seed"].forEach(connectField);
["activation", "init", "normalize", "optimizer", "speed"].forEach(connectChoice);
for (const [name, action] of Object.entries(actions))
    find(name).addEventListener("click", action);
connectKeys();
connectOwn(page, change);
showState();
drawDatasets();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
addEventListener("resize", () => { if (page.frame !== null) draw(); });
addEventListener("hashchange", () => { page.state = fromLink(location.hash.slice(1)); showState(); begin(); });
begin();
