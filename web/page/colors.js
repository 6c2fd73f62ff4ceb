// Colours of classes and of signed numbers, read from the style sheet, so that light and dark have their own.

function parse(text) {
    const value = parseInt(text.trim().slice(1), 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
}

export function readColors() {
    const style = getComputedStyle(document.documentElement);
    const read = name => parse(style.getPropertyValue(name));
    return {
        paper: read("--map"), ink: read("--ink"), soft: read("--soft"), line: read("--line"),
        classes: Array.from({length: 8}, (_, k) => read(`--c${k + 1}`)),
        low: read("--c1"), high: read("--c2"),
    };
}

export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;

// Without arrays and loops: it is called for each point of each picture.
function mix(pixels, at, from, r, g, b, amount) {
    pixels[at] = from[0] + (r - from[0]) * amount;
    pixels[at + 1] = from[1] + (g - from[1]) * amount;
    pixels[at + 2] = from[2] + (b - from[2]) * amount;
    pixels[at + 3] = 255;
}

// A signed number in [-1, 1]: from `low` over paper to `high`.
export function paintSigned(pixels, at, colors, value) {
    const x = Math.max(-1, Math.min(1, value));
    const to = x < 0 ? colors.low : colors.high;
    mix(pixels, at, colors.paper, to[0], to[1], to[2], 0.06 + 0.8 * Math.abs(x));
}

// The colour of a number between two others, for regression.
export function between(colors, value, [low, high]) {
    const pixel = [0, 0, 0, 0];
    paintSigned(pixel, 0, colors, high > low ? 2 * (value - low) / (high - low) - 1 : 0);
    return pixel.slice(0, 3).map(Math.round);
}

// Probabilities p[first + k · stride] of k classes: the mixture of their colours, paler where none is certain.
export function paintClasses(pixels, at, colors, p, first, stride, count) {
    let r = 0, g = 0, b = 0, most = 0;
    for (let k = 0; k < count; k++) {
        const q = p[first + k * stride], color = colors.classes[k % colors.classes.length];
        r += q * color[0];
        g += q * color[1];
        b += q * color[2];
        most = Math.max(most, q);
    }
    const certain = (most * count - 1) / (count - 1);
    mix(pixels, at, colors.paper, r, g, b, 0.12 + 0.6 * Math.max(0, certain));
}
