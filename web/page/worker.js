// The thread that trains. It answers each request of the page with one message; between requests it trains on, where the page
// asks for full speed.
//
//   begin  {recipe: [[key, value], …]}   loads data, makes a model            → begun or problem
//   step   {steps} or {epochs}           trains so far, then a frame          → frame
//   frame  {run, steps, side, small}     what the page shows; steps: for each frame, 0: as many as time allows → frame
//   idle   {}                            stops training between frames

import {loadModule, Playground} from "./core.js";

// Milliseconds: a slice of training between two looks at the messages; the most that the steps of one frame may take.
const SLICE = 8, LONGEST = 60;

let playground = null, running = false, waiting = false, failed = null;
let fresh = []; // epochs that have ended since the last frame
let shape = null;
const turn = new MessageChannel();

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
        if (progress.epochDone)
            fresh.push(progress);
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

// The range of the plane: all examples, with a margin; of one scale where the axes are alike.
function findShape() {
    const train = playground.examples("train"), valid = playground.examples("valid");
    const width = train.width, stride = width + 1;
    const low = new Float64Array(stride).fill(Infinity), high = new Float64Array(stride).fill(-Infinity);
    const mean = new Float64Array(width);
    for (const part of [train, valid])
        part.values.forEach((value, i) => {
            low[i % stride] = Math.min(low[i % stride], value);
            high[i % stride] = Math.max(high[i % stride], value);
        });
    train.values.forEach((value, i) => { if (i % stride < width) mean[i % stride] += value / train.count; });
    const most = Math.max(...[0, 1].map(j => Math.max(Math.abs(low[j]), Math.abs(high[j])))) * 1.08;
    return {train, valid, width, mean, range: [-most, most, -most, most], target: [low[width], high[width]],
        classes: playground.classes(), units: playground.units()};
}

function begin(recipe) {
    const next = new Playground(playground.module);
    try {
        for (const [key, value] of recipe)
            next.set(key, value);
        next.load();
        next.begin();
    } catch (error) {
        next.free();
        return {type: "problem", message: error.message};
    }
    playground.free();
    playground = next;
    running = false;
    failed = null;
    fresh = [];
    shape = findShape();
    return {type: "begun", ...shape};
}

function frame({side, small}) {
    const last = shape.units.length - 1, hidden = shape.units.map((_, l) => l).slice(0, last);
    const [outputs] = playground.plane(side, shape.range, [0, 1], shape.mean, [last]);
    const units = playground.plane(small, shape.range, [0, 1], shape.mean, [...hidden, last]);
    const answer = {type: "frame", outputs, units, side, small, tensors: playground.tensors(), failed,
        gradients: playground.gradients(), progress: playground.progress(), epochs: fresh};
    fresh = [];
    return answer;
}

const answers = {
    begin: ({recipe}) => begin(recipe),
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
    idle() {
        running = false;
        return null;
    },
};

async function start() {
    const response = await fetch(new URL("percept.wasm", import.meta.url));
    if (!response.ok)
        throw new Error(`percept.wasm cannot be loaded (${response.status}); reload the page`);
    playground = new Playground(await loadModule(await response.arrayBuffer()));
    postMessage({type: "ready"});
}

self.onmessage = ({data}) => {
    const answer = answers[data.type](data);
    if (answer !== null)
        postMessage(answer);
};

start().catch(error => postMessage({type: "broken", message: error.message}));
