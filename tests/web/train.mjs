// Trains in the browser's module as its arguments say, and compares the parameters with those of a model file:
//   node train.mjs percept.wasm core.js model.safetensors KEY=VALUE...
// Prints "N numbers, M differ, at most D" (D: |difference| / max(1, |number|)); or, with status 1, the core's message. TABLE names a
// file that data.name may name.
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [wasm, core, file, ...settings] = process.argv.slice(2);
const {loadModule, Playground} = await import(pathToFileURL(core));
const play = new Playground(await loadModule(readFileSync(wasm)));

function train() {
    for (const setting of settings)
        play.set(setting.slice(0, setting.indexOf("=")), setting.slice(setting.indexOf("=") + 1));
    if (process.env.TABLE !== undefined)
        play.put(process.env.TABLE, new Uint8Array(readFileSync(process.env.TABLE)));
    play.load();
    play.begin();
    while (!play.progress().over)
        play.steps(1000);
}

// The float32 numbers of a tensor in a safetensors file.
function readModel(path) {
    const bytes = readFileSync(path), length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    return (name, i) => bytes.readFloatLE(8 + length + header[name].data_offsets[0] + 4 * i);
}

try {
    train();
} catch (error) {
    console.log(error.message);
    process.exit(1);
}
const read = readModel(file);
let count = 0, different = 0, most = 0;
for (const {name, values} of play.tensors())
    values.forEach((value, i) => {
        const other = read(name, i);
        count++;
        different += Object.is(value, other) ? 0 : 1;
        most = Math.max(most, Math.abs(value - other) / Math.max(1, Math.abs(other)));
    });
console.log(`${count} numbers, ${different} differ, at most ${most}`);
