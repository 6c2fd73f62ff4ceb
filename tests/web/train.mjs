// Trains in the browser's module as its arguments say, and compares the parameters with those of a model file:
//   node train.mjs percept.wasm core.js model.safetensors KEY=VALUE...
// Prints "N numbers, M differ, at most D" (D: |difference| / max(1, |number|)), and whether each tensor has another there.
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const [wasm, core, file, ...settings] = process.argv.slice(2);
const {loadModule, Playground} = await import(pathToFileURL(core));
const play = new Playground(await loadModule(readFileSync(wasm)));
for (const setting of settings)
    play.set(setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1));
play.load();
play.begin();
while (!play.progress().over)
    play.steps(1000);

const bytes = readFileSync(file);
const length = Number(bytes.readBigUInt64LE(0));
const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
let count = 0, different = 0, most = 0;
for (const tensor of play.tensors()) {
    const [begin] = header[tensor.name].data_offsets;
    tensor.values.forEach((value, i) => {
        const other = bytes.readFloatLE(8 + length + begin + 4 * i);
        count++;
        different += Object.is(value, other) ? 0 : 1;
        most = Math.max(most, Math.abs(value - other) / Math.max(1, Math.abs(other)));
    });
}
console.log(`${count} numbers, ${different} differ, at most ${most}`);
