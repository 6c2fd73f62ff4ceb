// The speed of the playground's module in V8, beside the program on one thread and beside the network code of TensorFlow
// Playground on its own shapes.
//
//   node bench/playground.mjs PROGRAM FOLDER [NN]
//
// PROGRAM is build/release/percept, FOLDER build/playground. NN is src/nn.ts of a checkout of tensorflow/playground, as a module
// of JavaScript (tsc --target es2020 --module es2020 nn.ts; mv nn.js nn.mjs). All train in turn, in ROUNDS=5 rounds of
// SECONDS=1; the table holds medians of thousands of examples a second. What trains here also shuffles, and measures training and
// validation set after each epoch; the other code only trains.
import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

const [program, folder, peerPath] = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? 5), seconds = Number(process.env.SECONDS ?? 1);
const {loadModule, Playground} = await import(pathToFileURL(resolve(folder, "core.js")));
const peer = peerPath === undefined ? null : await import(pathToFileURL(resolve(peerPath)));
const module = await WebAssembly.compile(readFileSync(join(folder, "percept.wasm")));
const work = mkdtempSync(join(tmpdir(), "percept-bench-"));

const always = ["train.epochs=1000000", "train.optimizer=sgd", "data.test=0"];
const works = [
    {name: "64-32-1, batch 10", layers: [64, 32, 1], examples: 990, batch: 10, isas: ["avx2", "plain"],
        settings: ["train.learning_rate=0.01", "data.validation=100"]},
    {name: "784-64-10, batch 32, L1 and L2", layers: [784, 64, 10], examples: 4000, batch: 32, isas: ["avx512", "avx2", "plain"],
        settings: ["train.learning_rate=0.01", "data.validation=400", "model.l1=0.0001", "model.l2=0.0001"]},
    ...[[2, 4, 2, 1], [2, 8, 8, 1], [7, 8, 8, 8, 8, 8, 8, 1]].map(layers => ({name: `${layers.join("-")}, batch 10`, layers,
        examples: 500, batch: 10, isas: [], peer: true,
        settings: ["train.learning_rate=0.03", "data.validation=250", "model.activation=tanh"]})),
];

// Numbers that are the same each time; those of wide tables are bytes, as pixels are.
function* draw() {
    for (let state = 1; ; state = state * 48271 % 2147483647)
        yield state / 2147483647;
}

function examplesOf({layers, examples}) {
    const numbers = draw(), classes = Math.max(2, layers[layers.length - 1]);
    const next = layers[0] > 10 ? () => Math.floor(256 * numbers.next().value) : () => 2 * numbers.next().value - 1;
    return Array.from({length: examples}, () => {
        const features = Array.from({length: layers[0]}, next);
        const score = features.reduce((sum, x, j) => sum + (j % 2 ? x : -x), 0);
        return {features, label: classes === 2 ? Number(score > 0) : Math.floor(classes * numbers.next().value)};
    });
}

function tableOf(task) {
    const header = [...Array.from({length: task.layers[0]}, (_, j) => `x${j + 1}`), "class"];
    return [header, ...examplesOf(task).map(({features, label}) => [...features, label])].map(row => row.join(",")).join("\n") + "\n";
}

const settingsOf = task => [...always, ...task.settings, `train.batch_size=${task.batch}`, `model.layers=${task.layers.join("-")}`];

async function browserSide(task, table) {
    const play = new Playground(await loadModule(module));
    play.put("table.csv", new TextEncoder().encode(table));
    for (const setting of ["data.name=table.csv", ...settingsOf(task)])
        play.set(setting.slice(0, setting.indexOf("=")), setting.slice(setting.indexOf("=") + 1));
    play.load();
    play.begin();
    return () => {
        const start = performance.now(), before = play.progress().examples;
        do
            play.steps(1000);
        while (performance.now() < start + 1000 * seconds);
        return (play.progress().examples - before) / (performance.now() - start);
    };
}

function programSide(task, path, isa) {
    const settings = [`data.name=${path}`, ...settingsOf(task)].flatMap(setting => ["--set", setting]);
    const flags = ["bench", "train", ...settings, "--threads", "1", "--rounds", "1", "--seconds", String(seconds), "--json"];
    return () => JSON.parse(execFileSync(program, flags, {env: {...process.env, PERCEPT_ISA: isa}})).examples_per_second / 1000;
}

function peerSide(task) {
    const {layers, batch} = task, points = examplesOf(task).slice(0, task.examples / 2);
    const ids = Array.from({length: layers[0]}, (_, j) => `x${j + 1}`);
    const network = peer.buildNetwork(layers, peer.Activations.TANH, peer.Activations.TANH, null, ids, false);
    return () => {
        const start = performance.now();
        let seen = 0;
        do
            points.forEach(({features, label}, i) => {
                peer.forwardProp(network, features);
                peer.backProp(network, 2 * label - 1, peer.Errors.SQUARE);
                if ((i + 1) % batch === 0)
                    peer.updateWeights(network, 0.03, 0);
                seen++;
            });
        while (performance.now() < start + 1000 * seconds);
        return seen / (performance.now() - start);
    };
}

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

for (const task of works) {
    const table = tableOf(task), path = join(work, "table.csv");
    writeFileSync(path, table);
    const sides = {module: await browserSide(task, table)};
    for (const isa of task.isas)
        sides[isa] = programSide(task, path, isa);
    if (task.peer && peer !== null)
        sides["TensorFlow Playground"] = peerSide(task);
    const speeds = Object.fromEntries(Object.keys(sides).map(name => [name, []]));
    for (let round = 0; round <= rounds; round++) // the first one compiles
        for (const [name, side] of Object.entries(sides)) {
            const speed = side();
            if (round > 0)
                speeds[name].push(speed);
        }
    const own = median(speeds.module);
    console.log(task.name);
    for (const [name, values] of Object.entries(speeds))
        console.log(`  ${name.padEnd(22)} ${median(values).toFixed(0).padStart(7)}` +
            (name === "module" ? "" : `   the module: ${(own / median(values)).toFixed(2)} times`));
}
rmSync(work, {recursive: true});
