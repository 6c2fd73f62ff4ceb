// Curves over epochs. Of a long training every other point is left out again and again, so that memory stays flat.

import {css} from "./colors.js";
import {sharpen} from "./plane.js";
import {short} from "./words.js";

const MOST_POINTS = 1500, LEFT = 46, BOTTOM = 20, TOP = 6, RIGHT = 8;

export class Series {
    constructor() { this.clear(); }

    clear() {
        this.points = []; // [x, y, y, …]
        this.every = 1;
        this.seen = 0;
    }

    add(x, values) {
        if (this.seen++ % this.every === 0)
            this.points.push([x, ...values]);
        if (this.points.length > MOST_POINTS) {
            this.points = this.points.filter((_, i) => i % 2 === 0);
            this.every *= 2;
        }
    }
}

// Round steps of an axis: about `count` of them.
function ticks(low, high, count) {
    const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= rough);
    const found = [];
    for (let t = Math.ceil(low / step) * step; t <= high + step * 1e-9; t += step)
        found.push(t);
    return found;
}

function decades(low, high) {
    const found = [], every = Math.max(1, Math.ceil((high - low) / 5));
    for (let d = Math.ceil(low); d <= high; d += every)
        found.push(d);
    return found;
}

// lines: a colour for each y of the points. logarithmic: of y; numbers that are not above 0 are then left out.
export function drawCurves(canvas, series, lines, colors, logarithmic) {
    const {context, width, height} = sharpen(canvas);
    const scale = y => logarithmic ? Math.log10(y) : y;
    const {points} = series;
    let low = logarithmic ? Infinity : 0, high = -Infinity;
    for (const point of points)
        for (let k = 1; k < point.length; k++) {
            const y = scale(point[k]);
            if (Number.isFinite(y)) {
                low = Math.min(low, y);
                high = Math.max(high, y);
            }
        }
    if (!(high > low)) {
        low = logarithmic ? (Number.isFinite(low) ? low - 1 : -1) : 0;
        high = low + (logarithmic ? 2 : 1);
    }
    const last = points.length > 0 ? Math.max(points[points.length - 1][0], 1) : 1;
    const px = x => LEFT + x / last * (width - LEFT - RIGHT);
    const py = y => TOP + (high - y) / (high - low) * (height - TOP - BOTTOM);
    context.clearRect(0, 0, width, height);
    drawAxes(context, {width, height, low, high, last, px, py, logarithmic}, colors);
    lines.forEach((color, k) => drawLine(context, points, k + 1, x => px(x), y => py(scale(y)), color));
}

function drawAxes(context, axes, colors) {
    const {width, height, low, high, last, px, py, logarithmic} = axes;
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = css(colors.soft);
    context.strokeStyle = css(colors.line);
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const t of logarithmic ? decades(low, high) : ticks(low, high, 4)) {
        const y = Math.round(py(t)) + 0.5;
        context.beginPath();
        context.moveTo(LEFT, y);
        context.lineTo(width - RIGHT, y);
        context.stroke();
        context.fillText(logarithmic ? `1e${t}`.replace("-", "−") : String(Number(t.toPrecision(6))).replace("-", "−"), LEFT - 6, y);
    }
    context.textBaseline = "alphabetic";
    context.textAlign = "center";
    for (const t of ticks(0, last, 5).filter(Number.isInteger))
        context.fillText(t.toLocaleString("en"), Math.min(px(t), width - RIGHT - 8), height - 4);
}

function drawLine(context, points, k, px, py, color) {
    context.strokeStyle = color;
    context.lineWidth = 1.8;
    context.lineJoin = "round";
    context.beginPath();
    let open = false;
    for (const point of points) {
        const y = py(point[k]);
        if (!Number.isFinite(y)) {
            open = false;
            continue;
        }
        if (open)
            context.lineTo(px(point[0]), y);
        else
            context.moveTo(px(point[0]), y);
        open = true;
    }
    context.stroke();
}

export const rows = (names, values, lines) => names.map((name, k) => [lines[k], name, short(values[k])]);
