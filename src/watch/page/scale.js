// Axes: from numbers to places, with ticks at round numbers.

// The next of 1, 2, 5, 10, … that is not less.
export function roundUp(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * (1 - 1e-9));
}

function linearTicks(low, high, most) {
    const step = roundUp((high - low) / most), ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
        ticks.push(i * step);
    return ticks;
}

// Powers of ten with 2 and 5 between while there is room; between fewer than two of them as on a linear axis.
function logTicks(low, high, most) {
    const ticks = [];
    const decades = Math.log10(high / low);
    const steps = decades * 3 <= most ? [1, 2, 5] : [1];
    const every = Math.max(1, Math.ceil(decades / most));
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
        for (const step of power % every === 0 ? steps : [])
            if (step * 10 ** power >= low * (1 - 1e-9) && step * 10 ** power <= high * (1 + 1e-9))
                ticks.push(Number((step * 10 ** power).toPrecision(1)));
    return ticks.length >= 2 ? ticks : linearTicks(low, high, most);
}

// Least and greatest of numbers, those that are none left out; with log those that are not positive, too.
export function range(values, log = false) {
    let low = Infinity, high = -Infinity;
    for (const value of values)
        if (typeof value === "number" && Number.isFinite(value) && (!log || value > 0)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
    return low <= high ? [low, high] : log ? [0.1, 1] : [0, 1];
}

// An axis over [low, high], widened by the share `margin` on both sides, that lies between `begin` and `end`.
export class Scale {
    constructor([low, high], {log = false, margin = 0, begin = 0, end = 1, ticks = 5} = {}) {
        this.log = log;
        this.begin = begin;
        this.end = end;
        let [a, b] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
        if (!(b - a > 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-9))) {
            const half = log ? 0.2 : Math.abs(a) * 0.1 || 0.5;
            [a, b] = [a - half, b + half];
        }
        const more = (b - a) * margin;
        [this.low, this.high] = [a - more, b + more];
        this.ticks = log ? logTicks(10 ** this.low, 10 ** this.high, ticks) : linearTicks(this.low, this.high, ticks);
    }

    // The place of a value; NaN where it has none.
    at(value) {
        const v = this.log ? (value > 0 ? Math.log10(value) : NaN) : value ?? NaN;
        return this.begin + (v - this.low) / (this.high - this.low) * (this.end - this.begin);
    }

    // The value at a place.
    value(place) {
        const v = this.low + (place - this.begin) / (this.end - this.begin) * (this.high - this.low);
        return this.log ? 10 ** v : v;
    }
}

// Ticks as words, all with the same number of digits where they are near to each other.
export function tickWords(ticks, log, unit = 1) {
    const values = ticks.map(tick => tick * unit);
    const largest = Math.max(...values.map(Math.abs));
    if (log || largest >= 1e5 || (largest < 1e-3 && largest > 0))
        return values.map(value => largest >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
                                       ? value.toExponential(0).replace("e+", "e")
                                       : String(Number(value.toPrecision(3))));
    const step = values.length > 1 ? Math.abs(values[1] - values[0]) : largest || 1;
    const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
    return values.map(value => value.toFixed(digits));
}
