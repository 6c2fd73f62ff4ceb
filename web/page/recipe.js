// What the page's controls say, as a recipe, as a link, and back.

import {isSurface, surface} from "./surfaces.js";

// A setting: its value at the start, how it reads in a link, and what it allows. Lists hold choices.
export const choices = {
    data: ["circles", "moons", "spirals", "blobs", "plane", "hills", "own"],
    activation: ["relu", "tanh", "sigmoid", "leaky-relu", "elu", "gelu", "silu", "softplus", "identity"],
    optimizer: ["sgd", "rmsprop", "adam", "adamw", "amsgrad", "muon"],
    normalize: ["none", "batch", "layer"],
    init: ["he", "glorot", "normal", "uniform", "zeros"],
    speed: ["1", "4", "20", "100", "0"],
};

const number = (value, low, high, whole = false) => ({value, low, high, whole});
const choice = value => ({value, choice: true});

const settings = {
    data: choice("circles"),
    examples: number(500, 10, 5000, true),
    noise: number(0.1, 0, 2),
    classes: number(2, 2, 8, true),
    dataSeed: number(0, 0, 1e9, true),
    seed: number(0, 0, 1e9, true),
    activation: choice("tanh"),
    optimizer: choice("adam"),
    rate: number(0.01, 1e-7, 1000),
    batch: number(10, 1, 5000, true),
    l1: number(0, 0, 10),
    l2: number(0, 0, 10),
    dropout: number(0, 0, 0.99),
    normalize: choice("none"),
    init: choice("glorot"),
    initScale: number(1, 1e-6, 1000),
    speed: choice("4"),
};

// Texts: the column to predict ("": as the core decides), whether it holds numbers, and the axes of the plane.
const texts = {predict: "", kind: "classes", across: "0", up: "1"};

export const MOST_LAYERS = 6, MOST_UNITS = 12;
const hiddenAtStart = [6, 4];

// Bytes of a table that a link holds; a larger one stays where it is.
export const MOST_IN_LINK = 4000;

// Epochs that nobody waits for: the page trains until it is stopped.
const ENDLESS = 1000000;

export function defaults() {
    const state = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.value]));
    return {...state, ...texts, hidden: [...hiddenAtStart], file: null};
}

// What a control or a link gives, if it is allowed; else null.
export function accept(name, text) {
    const setting = settings[name];
    if (setting.choice)
        return choices[name].includes(text) ? text : null;
    const value = Number(text);
    const right = text.trim() !== "" && Number.isFinite(value) && value >= setting.low && value <= setting.high &&
        (!setting.whole || Number.isInteger(value));
    return right ? value : null;
}

export function limits(name) { return settings[name]; }

export const severalClasses = state => state.data === "spirals" || state.data === "blobs";

// The table that the data are, {name, bytes}; null where the core draws them.
export function table(state) {
    return state.data === "own" ? state.file : isSurface(state.data) ? surface(state.data) : null;
}

// The keys of a table. Without a column to predict the core decides, for classes.
function tableData(state) {
    const [kind, predict] = isSurface(state.data) ? ["numbers", "z"] : [state.kind, state.predict];
    return [
        ["data.name", table(state).name],
        ...(predict !== "" ? [[kind === "numbers" ? "data.targets" : "data.label", predict]] : []),
    ];
}

function drawnData(state) {
    return [
        ["data.name", state.data],
        ["data.examples", state.examples],
        ["data.noise", state.noise],
        ...(severalClasses(state) ? [["data.class_count", state.classes]] : []),
        ["data.seed", state.dataSeed],
    ];
}

// The recipe as keys and values, in the order of the command line's help. `layers`: all sizes, or null where only the data know
// them; `epochs`: those to train.
export function recipe(state, layers = null, epochs = ENDLESS) {
    const scaled = state.init === "normal" || state.init === "uniform";
    return [
        ["seed", state.seed],
        ...(table(state) !== null ? tableData(state) : drawnData(state)),
        ["data.validation", 0.3],
        ["data.test", 0],
        ...(layers !== null ? [["model.layers", layers]] : []),
        ["model.activation", state.activation],
        ["model.init", state.init],
        ...(scaled ? [["model.init_scale", state.initScale]] : []),
        ...(state.l1 > 0 ? [["model.l1", state.l1]] : []),
        ...(state.l2 > 0 ? [["model.l2", state.l2]] : []),
        ...(state.dropout > 0 && state.hidden.length > 0 ? [["model.dropout", state.dropout]] : []),
        ...(state.normalize !== "none" && state.hidden.length > 0 ? [["model.normalize", state.normalize]] : []),
        ["train.optimizer", state.optimizer],
        ["train.learning_rate", state.rate],
        ["train.epochs", epochs],
        ["train.batch_size", state.batch],
        ["train.keep", "last"],
    ];
}

// A text is quoted where YAML might take it for something else.
function scalar(value) {
    return typeof value === "number" || /^[a-z][a-z0-9_./-]*$/i.test(value) || /^[0-9]+(-[0-9]+)+$/.test(value) ? value
        : JSON.stringify(value);
}

// The same as YAML, a section below its name.
export function yaml(state, layers, epochs) {
    const lines = ["# Made in the playground. To the bit:", "#   PERCEPT_ISA=plain percept train recipe.yaml"];
    if (table(state) !== null)
        lines.push(`# Save the table as ${table(state).name} beside this file.`);
    let section = "";
    for (const [key, value] of recipe(state, layers, epochs)) {
        const [first, rest] = key.split(".");
        if (rest !== undefined && first !== section)
            lines.push(`${first}:`);
        section = rest !== undefined ? first : "";
        lines.push(rest !== undefined ? `  ${rest}: ${scalar(value)}` : `${key}: ${scalar(value)}`);
    }
    return `${lines.join("\n")}\n`;
}

// The part of a link behind #: what differs from the start.
export function toLink(state) {
    const link = new URLSearchParams();
    for (const [name, setting] of Object.entries(settings))
        if (state[name] !== setting.value)
            link.set(name, state[name]);
    if (state.hidden.join() !== hiddenAtStart.join())
        link.set("hidden", state.hidden.join("-"));
    for (const name of Object.keys(texts))
        if (state[name] !== texts[name])
            link.set(name, state[name]);
    if (state.file !== null && state.file.bytes.length <= MOST_IN_LINK)
        link.set("table", new TextDecoder().decode(state.file.bytes));
    return link.toString();
}

// What is not allowed stays as at the start.
export function fromLink(text) {
    const state = defaults(), link = new URLSearchParams(text);
    for (const [name, value] of link) {
        if (name in settings)
            state[name] = accept(name, value) ?? state[name];
        if (name === "hidden") {
            const sizes = value === "" ? [] : value.split("-").map(Number);
            if (sizes.length <= MOST_LAYERS && sizes.every(n => Number.isInteger(n) && n >= 1 && n <= MOST_UNITS))
                state.hidden = sizes;
        }
    }
    for (const [name, value] of link)
        if (name in texts)
            state[name] = value;
    if (link.has("table") && link.get("table").length <= MOST_IN_LINK)
        state.file = {name: "points.csv", bytes: new TextEncoder().encode(link.get("table"))};
    if (state.data === "own" && state.file === null)
        state.data = defaults().data;
    return state;
}
