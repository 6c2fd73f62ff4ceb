// The thread that trains on pictures of digits, and says what the network thinks of one.
//
//   begin    {recipe, pictures: {pixels, labels, side} or null}   a model; null: on the data that are there → begun or problem
//   run      {running}             trains between the messages, with a report after each epoch and now and then → report
//   ask      {picture}             → answer {probabilities, best, saliency, responses}
//   weights  {}                    → weights {rows, columns, values}: of the first layer
//   mistakes {}                    → mistakes {predicted}: of the validation part

import {serve} from "./thread.js";

const SLICE = 12, REPORT = 200; // milliseconds

let playground = null, running = false, waiting = false, reported = 0;
const turn = new MessageChannel();

function report(last = null) {
    reported = performance.now();
    postMessage({type: "report", progress: playground.progress(), last, running});
}

function train() {
    const end = performance.now() + SLICE;
    while (running && performance.now() < end) {
        if (playground.steps(5) === 0 || playground.progress().over)
            running = false;
        const progress = playground.progress();
        if (progress.epochDone || !running)
            report(progress);
    }
    if (performance.now() - reported > REPORT)
        report();
}

turn.port1.onmessage = () => {
    waiting = false;
    try {
        train();
    } catch (error) {
        running = false;
        postMessage({type: "problem", message: error.message});
    }
    goOn();
};

function goOn() {
    if (running && !waiting) {
        waiting = true;
        turn.port2.postMessage(0);
    }
}

// The units of the first layer: W x + b, cut at 0.
function responses(picture, scale) {
    const [weights, bias] = playground.tensors();
    return Float32Array.from({length: weights.rows}, (_, unit) => {
        let sum = bias.values[unit];
        for (let j = 0; j < weights.columns; j++)
            sum += weights.values[unit * weights.columns + j] * picture[j] / scale;
        return Math.max(0, sum);
    });
}

const answers = {
    begin({recipe, pictures}) {
        running = false;
        for (const [key, value] of recipe)
            playground.set(key, value);
        if (pictures !== null)
            playground.loadPictures(pictures);
        playground.begin();
        const valid = playground.examples("valid");
        return {type: "begun", valid: {count: valid.count, width: valid.width, values: Uint8Array.from(valid.values)},
            trained: playground.exampleCount("train")};
    },
    run(request) {
        running = request.running;
        goOn();
        return null;
    },
    ask({picture, most}) {
        const probabilities = playground.predict(picture), best = probabilities.indexOf(Math.max(...probabilities));
        return {type: "answer", probabilities, best, saliency: playground.saliency(picture, best), responses: responses(picture, most === 255 ? 255 : 1)};
    },
    weights: () => ({type: "weights", ...playground.tensors()[0]}),
    mistakes: () => ({type: "mistakes", predicted: playground.predicted()}),
};

serve(answers, made => { playground = made; }, () => { running = false; });
