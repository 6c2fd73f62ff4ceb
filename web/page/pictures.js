// Pictures of digits: those that come along, and files of MNIST.

// Those that come along (scripts/playground): a line for each picture, with 64 letters from A (0) to Q (16), and the digit.
export function fromLetters(text) {
    const lines = text.trim().split("\n"), pixels = new Uint8Array(lines.length * 64), labels = new Uint8Array(lines.length);
    lines.forEach((line, i) => {
        for (let j = 0; j < 64; j++)
            pixels[64 * i + j] = line.charCodeAt(j) - 65;
        labels[i] = Number(line[64]);
    });
    return {name: "optical digits of E. Alpaydin and C. Kaynak (1998, CC BY 4.0)", side: 8, most: 16, pixels, labels};
}

async function bytesOf(file) {
    const packed = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
    const stream = isGzip ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

const number = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

// The header of IDX: two zeros, 8 for bytes, the number of dimensions, and each of these.
function readIdx(name, bytes) {
    const dimensions = bytes.length > 8 && number(bytes, 0) >> 8 === 8 ? bytes[3] : 0, start = 4 + 4 * dimensions;
    const sizes = Array.from({length: dimensions}, (_, d) => bytes.length >= start ? number(bytes, 4 + 4 * d) : 0);
    const count = sizes.reduce((product, size) => product * size, 1);
    if ((dimensions !== 1 && dimensions !== 3) || bytes.length !== start + count)
        throw new Error(`${name} is no IDX file of pictures or labels; MNIST has four, such as train-images-idx3-ubyte.gz`);
    return {name, sizes, values: bytes.subarray(start)};
}

// Pictures and their labels among some files: the largest pair.
export async function fromFiles(files) {
    const read = [];
    for (const file of files) {
        if (file.size > 200e6)
            throw new Error(`${file.name} has ${(file.size / 1e6).toFixed(0)} MB; MNIST's largest file has 47`);
        read.push(readIdx(file.name, await bytesOf(file).catch(() => { throw new Error(`${file.name} cannot be unpacked; is the download complete?`); })));
    }
    const pairs = read.filter(({sizes}) => sizes.length === 3)
        .map(pictures => [pictures, read.find(({sizes}) => sizes.length === 1 && sizes[0] === pictures.sizes[0])])
        .filter(([, labels]) => labels !== undefined)
        .sort(([a], [b]) => b.sizes[0] - a.sizes[0]);
    if (pairs.length === 0)
        throw new Error("these files are no pictures with their labels; choose images and labels of the same part together");
    const [pictures, labels] = pairs[0], [count, side, across] = pictures.sizes;
    const wrong = labels.values.find(label => label > 9);
    if (side !== across || side < 8 || side > 64 || wrong !== undefined)
        throw new Error(wrong !== undefined ? `${labels.name} has the label ${wrong}; this page knows the digits 0 to 9`
            : `${pictures.name} has pictures of ${side} × ${across}; this page takes squares of 8 to 64`);
    return {name: `${count.toLocaleString("en")} pictures of ${pictures.name}`, side, most: 255,
        pixels: pictures.values.slice(), labels: labels.values.slice()};
}
