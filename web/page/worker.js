// The thread that trains. It answers each request of the page with one message; between requests it trains on, where the page
// asks for full speed.
//
//   module {module} or {problem}         the compiled module; without it every answer is "broken"
//   begin  {recipe: [[key, value], …], hidden, file, axes}   loads data, makes a model → begun or refused
//   step   {steps} or {epochs}           trains so far, then a frame          → frame
//   frame  {run, steps, side, small}     what the page shows; steps: for each frame, 0: as many as time allows → frame
//   idle   {}                            stops training between frames
//   landscape {}                         the loss around the parameters         → landscape
//   check  {}                            the check of gradients                 → check

import {Playground} from "./core.js";
import {serve} from "./thread.js";

// Milliseconds: a slice of training between two looks at the messages; the most that the steps of one frame may take.
const SLICE = 8, LONGEST = 60;

// The path of training: at most so many points of so many numbers.
const PATH_POINTS = 200, PATH_NUMBERS = 5000;
// What can be drawn: columns, classes, points of a part of the examples, and epochs that end between two frames.
const MOST_INPUTS = 1000, MOST_CLASSES = 100, MOST_EXAMPLES = 2000, MOST_FRESH = 1000;
const LANDSCAPE_SIDE = 41, LANDSCAPE_SEED = 1, LEAST_SPAN = 0.5, MOST_SPAN = 3;

let playground = null, running = false, waiting = false, failed = null;
let fresh = []; // epochs that have ended since the last frame
let shape = null;
let path = {points: [], every: 1, seen: 0};
const turn = new MessageChannel();

function parameters() {
    const tensors = playground.tensors(), all = new Float64Array(tensors.reduce((sum, {values}) => sum + values.length, 0));
    let at = 0;
    for (const {values} of tensors) {
        all.set(values, at);
        at += values.length;
    }
    return all;
}

// Every point at first; of a long training every second one of those is left out, again and again.
function rememberPath() {
    if (path.seen++ % path.every !== 0)
        return;
    const now = parameters();
    if (now.length > PATH_NUMBERS)
        return;
    path.points.push(now);
    if (path.points.length > PATH_POINTS) {
        path.points = path.points.filter((_, i) => i % 2 === 0);
        path.every *= 2;
    }
}

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

// Where the points of the path lie along two directions, as seen from `now`: the nearest points of their plane.
function project([first, second], now) {
    const aa = dot(first, first), ab = dot(first, second), bb = dot(second, second), area = aa * bb - ab * ab;
    return area > 0 ? path.points.map(point => {
        const away = point.map((x, i) => x - now[i]), a = dot(first, away), b = dot(second, away);
        return [(bb * a - ab * b) / area, (aa * b - ab * a) / area];
    }) : [];
}

function landscape() {
    const {directions} = playground.landscape(2, 1, LANDSCAPE_SEED);
    const way = [...project(directions, parameters()), [0, 0]];
    const far = Math.max(...way.flat().map(Math.abs)) * 1.15;
    const span = Math.min(MOST_SPAN, Math.max(LEAST_SPAN, far));
    const {losses} = playground.landscape(LANDSCAPE_SIDE, span, LANDSCAPE_SEED);
    return {type: "landscape", losses, side: LANDSCAPE_SIDE, span, path: way};
}

// Trains at most `steps` steps, for at most `time` milliseconds.
function train(steps, time) {
    const end = performance.now() + time;
    let left = steps;
    while (left > 0) {
        const done = playground.steps(Math.min(left, 20));
        if (done === 0) {
            running = false;
            return;
        }
        left -= done;
        const progress = playground.progress();
        if (progress.epochDone) {
            fresh.push(progress);
            if (fresh.length > MOST_FRESH) // the page is hidden, and asks for no frames
                fresh = fresh.filter((_, i) => i % 2 === 0);
            rememberPath();
        }
        if (performance.now() >= end)
            return;
    }
}

function guarded(work) {
    try {
        work();
    } catch (error) {
        running = false;
        failed = error.message;
    }
}

turn.port1.onmessage = () => {
    waiting = false;
    if (!running || failed !== null)
        return;
    guarded(() => train(Infinity, SLICE));
    goOn();
};

function goOn() {
    if (!waiting && running) {
        waiting = true;
        turn.port2.postMessage(0);
    }
}

// The range of a feature, with a margin.
function spread(low, high) {
    const margin = high > low ? 0.08 * (high - low) : 1;
    return [low - margin, high + margin];
}

// At most MOST_EXAMPLES of them, evenly spaced.
function some({width, count, values}) {
    const every = Math.max(1, Math.ceil(count / MOST_EXAMPLES)), kept = Math.ceil(count / every), stride = width + 1;
    const few = new Float64Array(kept * stride);
    for (let i = 0; i < kept; i++)
        few.set(values.subarray(i * every * stride, (i * every + 1) * stride), i * stride);
    return {width, count: kept, values: few};
}

// Examples, and the plane over two features: of one scale for points that are drawn, each of its own for a table.
function findShape(file, axes) {
    const train = playground.examples("train"), valid = playground.examples("valid"), columns = playground.columns();
    const width = train.width, stride = width + 1;
    const low = new Float64Array(stride).fill(Infinity), high = new Float64Array(stride).fill(-Infinity);
    const middle = new Float64Array(width);
    for (const part of [train, valid])
        part.values.forEach((value, i) => {
            low[i % stride] = Math.min(low[i % stride], value);
            high[i % stride] = Math.max(high[i % stride], value);
        });
    train.values.forEach((value, i) => { if (i % stride < width) middle[i % stride] += value / train.count; });
    columns.categories.forEach((category, j) => { if (category) middle[j] = train.values[j]; });
    const across = Math.min(axes[0], width - 1), up = Math.min(axes[1], width - 1);
    const most = Math.max(...[0, 1].map(j => Math.max(Math.abs(low[j]), Math.abs(high[j])))) * 1.08;
    const range = file === null ? [-most, most, -most, most]
        : [...spread(low[across], high[across]), ...spread(low[up], high[up])];
    return {train: some(train), valid: some(valid), width, middle, axes: [across, up], range, target: [low[width], high[width]], columns,
        classes: playground.classes(), units: playground.units(), layers: playground.get("model.layers")};
}

// Loads the data, which decide how many inputs and outputs there are, and makes the model.
function prepare(next, {recipe, hidden, file}) {
    for (const [key, value] of recipe)
        next.set(key, value);
    if (file !== null)
        next.put(file.name, file.bytes);
    next.load();
    const classes = next.classes().length, inputs = next.examples("train").width;
    if (inputs > MOST_INPUTS)
        throw new Error(`the table has ${inputs} columns, and this page draws up to ${MOST_INPUTS}; leave some out, or use percept train`);
    if (classes > MOST_CLASSES)
        throw new Error(`the column to predict holds ${classes} classes, and this page draws up to ${MOST_CLASSES}; ` +
            "choose numbers, or another column");
    next.set("model.layers", [inputs, ...hidden, classes || 1].join("-"));
    next.begin();
}

function begin(request) {
    const next = new Playground(playground.module);
    try {
        prepare(next, request);
    } catch (error) {
        next.free();
        return {type: "refused", message: error.message};
    }
    playground.free();
    playground = next;
    running = false;
    failed = null;
    fresh = [];
    path = {points: [], every: 1, seen: 0};
    rememberPath();
    shape = findShape(request.file, request.axes);
    return {type: "begun", ...shape};
}

function frame({side, small}) {
    const last = shape.units.length - 1, hidden = shape.units.map((_, l) => l).slice(0, last);
    const [outputs] = playground.plane(side, shape.range, shape.axes, shape.middle, [last]);
    const units = playground.plane(small, shape.range, shape.axes, shape.middle, [...hidden, last]);
    const answer = {type: "frame", outputs, units, side, small, tensors: playground.tensors(), failed,
        gradients: playground.gradients(), progress: playground.progress(), epochs: fresh};
    fresh = [];
    return answer;
}

const answers = {
    begin,
    step(request) {
        running = false;
        guarded(() => {
            const until = playground.progress().epoch + (request.epochs ?? 0);
            if (request.steps)
                train(request.steps, Infinity);
            while (playground.progress().epoch < until && !playground.progress().over)
                train(Infinity, 0);
        });
        return frame(request);
    },
    frame(request) {
        running = request.run && request.steps === 0 && failed === null;
        if (request.run && request.steps > 0 && failed === null)
            guarded(() => train(request.steps, LONGEST));
        goOn();
        return frame(request);
    },
    landscape,
    check: () => ({type: "check", numbers: playground.checkGradient()}),
    idle() {
        running = false;
        return null;
    },
};

serve(answers, made => { playground = made; });
