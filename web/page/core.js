// The C core as a WebAssembly module, and a playground in it (web/core/play.h).

const parts = {train: 0, valid: 1, test: 2};

const progressNames = ["epoch", "step", "steps", "examples", "epochDone", "over", "trainLoss", "trainAccuracy",
    "validLoss", "validAccuracy", "validRmse", "validR2", "rate"];

const ENOENT = 44, EBADF = 8, REGULAR_FILE = 0o100444;

// The one file that the module can open: the table that the page gives it.
export class Disk {
    constructor() {
        this.name = null;
        this.bytes = new Uint8Array(0);
    }

    put(name, bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    has(name) { return this.name !== null && name.replace(/^\.\//, "") === this.name; }
}

// What the module asks of its surroundings: a clock, an empty environment, and that file.
function surroundings(memory, disk) {
    let seen = null;
    const view = () => {
        if (seen === null || seen.buffer !== memory().buffer) // it has grown
            seen = new DataView(memory().buffer);
        return seen;
    };
    const text = address => {
        const bytes = new Uint8Array(memory().buffer, address);
        return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
    };
    // struct stat of emscripten's libc: the mode, and the size.
    const describe = (found, out) => {
        if (!found)
            return -ENOENT;
        new Uint8Array(memory().buffer, out, 88).fill(0);
        view().setUint32(out + 12, REGULAR_FILE, true);
        view().setBigInt64(out + 40, BigInt(disk.bytes.length), true);
        return 0;
    };
    const describePath = (path, out) => describe(disk.has(text(path)), out);
    return {
        wasi_snapshot_preview1: {
            clock_time_get(clock, precision, out) {
                const nanoseconds = Math.round(performance.now() * 1e6), numbers = view();
                numbers.setUint32(out, nanoseconds % 2 ** 32, true);
                numbers.setUint32(out + 4, nanoseconds / 2 ** 32, true);
                return 0;
            },
            environ_sizes_get(count, size) {
                view().setUint32(count, 0, true);
                view().setUint32(size, 0, true);
                return 0;
            },
            environ_get: () => 0,
            fd_read: () => EBADF,
            fd_close: () => EBADF,
        },
        env: {
            emscripten_notify_memory_growth() {},
            disk_size: path => disk.has(text(path)) ? disk.bytes.length : -1,
            disk_read(at, out, size) {
                new Uint8Array(memory().buffer, out, size).set(disk.bytes.subarray(at, at + size));
            },
            __syscall_fstat64: () => -EBADF,
            __syscall_stat64: describePath,
            __syscall_lstat64: describePath,
            __syscall_fstatat64: (folder, path, out) => describePath(path, out),
            __call_sighandler() {},
        },
    };
}

// `source`: a compiled module, or its bytes.
export async function loadModule(source) {
    let exports = null;
    const disk = new Disk(), imports = surroundings(() => exports.memory, disk);
    const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
    exports = (await WebAssembly.instantiate(module, imports)).exports;
    exports._initialize();
    return {...exports, disk};
}

// A playground. Methods throw an Error with the core"s message where it refuses something.
export class Playground {
    constructor(module) {
        this.module = module;
        this.address = module.play_create();
        if (this.address === 0)
            throw new Error("not enough memory");
    }

    // Calls with texts, which are released when it returns.
    withTexts(texts, call) {
        const addresses = texts.map(text => {
            const bytes = new TextEncoder().encode(text + "\0");
            const address = this.module.play_allocate(bytes.length);
            new Uint8Array(this.module.memory.buffer, address, bytes.length).set(bytes);
            return address;
        });
        const result = call(...addresses);
        for (const address of addresses)
            this.module.play_release(address);
        return result;
    }

    text(address) {
        const bytes = new Uint8Array(this.module.memory.buffer, address);
        return address === 0 ? null : new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
    }

    // A copy: the module"s memory may move when it grows.
    numbers(address, count, type = Float64Array) {
        return address === 0 ? null : new type(this.module.memory.buffer, address, count).slice();
    }

    check(status) {
        if (status < 0)
            throw new Error(this.text(this.module.play_problem(this.address)));
        return status;
    }

    set(key, value) {
        this.check(this.withTexts([key, String(value)], (k, v) => this.module.play_set(this.address, k, v)));
    }

    get(key) {
        return this.withTexts([key], k => this.text(this.module.play_get(this.address, k)));
    }

    // The table that a recipe may name in data.name.
    put(name, bytes) {
        this.module.disk.put(name, bytes);
    }

    load() {
        this.check(this.module.play_load(this.address));
    }

    begin() {
        this.check(this.module.play_begin(this.address));
    }

    steps(most) {
        return this.check(this.module.play_steps(this.address, most));
    }

    progress() {
        const numbers = this.numbers(this.module.play_progress(this.address), progressNames.length);
        return Object.fromEntries(progressNames.map((name, i) => [name, numbers[i]]));
    }

    // {width, count, values}: of each example its features and its label or target.
    examples(part) {
        const count = this.module.play_example_count(this.address, parts[part]);
        const width = this.module.play_example_width(this.address);
        const address = count > 0 ? this.module.play_examples(this.address, parts[part]) : 0;
        return {width, count, values: this.numbers(address, count * (width + 1)) ?? new Float64Array(0)};
    }

    classes() {
        const count = this.module.play_class_count(this.address);
        return Array.from({length: count}, (_, k) => this.text(this.module.play_class_name(this.address, k)));
    }

    // Names of the features and of what is predicted, null where there are none; and how a file was understood.
    columns() {
        const {module, address} = this, notes = [];
        const features = Array.from({length: module.play_example_width(address)},
            (_, j) => this.text(module.play_feature_name(address, j)));
        for (let note = this.text(module.play_note(address, 0)); note !== null; note = this.text(module.play_note(address, notes.length)))
            notes.push(note);
        const categories = features.map((_, j) => module.play_feature_is_category(address, j) !== 0);
        return {features, categories, answer: this.text(module.play_answer_name(address)), notes};
    }

    tensors() {
        const {module, address} = this;
        return Array.from({length: module.play_tensor_count(address)}, (_, i) => {
            const rows = module.play_tensor_rows(address, i), columns = module.play_tensor_columns(address, i);
            const values = this.numbers(module.play_tensor(address, i), rows * columns);
            return {name: this.text(module.play_tensor_name(address, i)), rows, columns, values};
        });
    }

    // Units of each layer; the last one has the outputs.
    units() {
        const depth = this.module.look_depth(this.address);
        return Array.from({length: depth}, (_, l) => this.module.look_units(this.address, l));
    }

    // The answers of the units of some layers over the plane, side × side for each unit; range: left, right, bottom, top.
    plane(side, range, axes, features, layers) {
        const bytes = features.length * 8, room = this.module.play_allocate(bytes);
        new Float64Array(this.module.memory.buffer, room, features.length).set(features);
        const status = this.module.look_plane(this.address, side, ...range, ...axes, room);
        this.module.play_release(room);
        if (status < 0)
            return null;
        const units = this.units();
        return layers.map(l => this.numbers(this.module.look_answers(this.address, l), units[l] * side * side,
            Float32Array));
    }

    // For each layer {gradient, weight} (norms) and whether each unit is dead.
    gradients() {
        const units = this.units(), total = units.reduce((sum, count) => sum + count + 2, 0);
        const numbers = this.numbers(this.module.look_gradients(this.address), total);
        let at = 0;
        return units.map(count => {
            const layer = {gradient: numbers[at], weight: numbers[at + 1],
                dead: Array.from(numbers.subarray(at + 2, at + 2 + count), Boolean)};
            at += count + 2;
            return layer;
        });
    }

    // The loss at side × side points along two random directions, and these, in the order of all tensors.
    landscape(side, span, seed) {
        const {module, address} = this;
        const losses = this.numbers(module.landscape_measure(address, side, span, seed), side * side);
        if (losses === null)
            throw new Error("not enough memory for the landscape");
        const size = module.landscape_size(address), both = this.numbers(module.landscape_directions(address), 2 * size);
        return {losses, directions: [both.subarray(0, size), both.subarray(size)]};
    }

    // How many derivatives were checked, equal, beside a kink, too small, wrong; the largest error.
    checkGradient() {
        const numbers = this.numbers(this.module.play_gradcheck(this.address), 6);
        if (numbers === null)
            throw new Error(this.text(this.module.play_problem(this.address)));
        return numbers;
    }

    exampleCount(part) { return this.module.play_example_count(this.address, parts[part]); }

    // Pictures with labels 0 … 9 (web/core/pictures.h).
    loadPictures({pixels, labels, side}) {
        const {module} = this, room = module.play_allocate(pixels.length), names = module.play_allocate(labels.length);
        if (room === 0 || names === 0)
            throw new Error("not enough memory for these pictures");
        new Uint8Array(module.memory.buffer, room, pixels.length).set(pixels);
        new Uint8Array(module.memory.buffer, names, labels.length).set(labels);
        const status = module.pictures_load(this.address, room, names, labels.length, side);
        module.play_release(room);
        module.play_release(names);
        this.check(status);
    }

    // Calls with a picture, which is released when it returns.
    withPicture(picture, call) {
        const room = this.module.play_allocate(8 * picture.length);
        new Float64Array(this.module.memory.buffer, room, picture.length).set(picture);
        const address = call(room);
        this.module.play_release(room);
        return address === 0 ? this.check(-1) : address;
    }

    // The probability of each class.
    predict(picture) {
        return this.numbers(this.withPicture(picture, room => this.module.pictures_predict(this.address, room)), this.classes().length);
    }

    // The derivative of the logit of class k by each pixel.
    saliency(picture, k) {
        return this.numbers(this.withPicture(picture, room => this.module.pictures_saliency(this.address, room, k)), picture.length);
    }

    // The class that each validation example is taken for.
    predicted() {
        const count = this.exampleCount("valid"), address = count > 0 ? this.module.pictures_predicted(this.address) : 0;
        return this.numbers(address, count, Int32Array) ?? new Int32Array(0);
    }

    free() {
        this.module.play_free(this.address);
        this.address = 0;
    }
}
