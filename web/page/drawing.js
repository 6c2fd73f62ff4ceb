// A canvas to draw on, and pictures of what is on it as networks know them: MNIST's (28 × 28, the digit in 20 × 20 around its
// centre of mass) and those of the optical digits (8 × 8, each the number of dark pixels in 4 × 4 of a digit that fills 32 × 32).

import {css} from "./colors.js";

const SIZE = 280, PEN = 20; // of the paper, in its own pixels

export class Paper {
    // changed() is called after each stroke's piece.
    constructor(canvas, changed) {
        this.canvas = canvas;
        this.ink = new OffscreenCanvas(SIZE, SIZE).getContext("2d", {willReadFrequently: true});
        this.changed = changed;
        this.last = null;
        canvas.width = canvas.height = SIZE;
        canvas.addEventListener("pointerdown", event => {
            canvas.setPointerCapture(event.pointerId);
            this.last = this.place(event);
            this.line(this.last, this.last);
        });
        canvas.addEventListener("pointermove", event => {
            if (this.last === null)
                return;
            const pieces = event.getCoalescedEvents?.() ?? [];
            for (const piece of pieces.length > 0 ? pieces : [event]) {
                const here = this.place(piece);
                this.line(this.last, here);
                this.last = here;
            }
        });
        for (const name of ["pointerup", "pointercancel"])
            canvas.addEventListener(name, () => { this.last = null; });
    }

    place(event) {
        const {left, top, width, height} = this.canvas.getBoundingClientRect();
        return [(event.clientX - left) / width * SIZE, (event.clientY - top) / height * SIZE];
    }

    line([a, b], [c, d]) {
        const {ink} = this;
        ink.lineWidth = PEN;
        ink.lineCap = ink.lineJoin = "round";
        ink.beginPath();
        ink.moveTo(a, b);
        ink.lineTo(c, d);
        ink.stroke();
        this.changed();
    }

    clear() {
        this.ink.clearRect(0, 0, SIZE, SIZE);
        this.changed();
    }

    // An example in place of what was drawn: values 0 … 1, side × side.
    show(values, side) {
        const small = new OffscreenCanvas(side, side), pixels = new ImageData(side, side);
        values.forEach((value, i) => { pixels.data[4 * i + 3] = 255 * value; });
        small.getContext("2d").putImageData(pixels, 0, 0);
        this.ink.clearRect(0, 0, SIZE, SIZE);
        this.ink.imageSmoothingQuality = "high";
        this.ink.drawImage(small, 0, 0, SIZE, SIZE);
        this.changed();
    }

    paint(colors) {
        const context = this.canvas.getContext("2d");
        context.globalCompositeOperation = "source-over";
        context.clearRect(0, 0, SIZE, SIZE);
        context.drawImage(this.ink.canvas, 0, 0);
        context.globalCompositeOperation = "source-in";
        context.fillStyle = css(colors.ink);
        context.fillRect(0, 0, SIZE, SIZE);
    }

    // [left, top, width, height] of what is drawn, or null.
    box() {
        const {data} = this.ink.getImageData(0, 0, SIZE, SIZE);
        let left = SIZE, top = SIZE, right = -1, bottom = -1;
        for (let y = 0; y < SIZE; y++)
            for (let x = 0; x < SIZE; x++)
                if (data[4 * (y * SIZE + x) + 3] > 40) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y);
                }
        return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
    }

    // What is drawn, its longer side `size` pixels long, in the middle of side × side; 0 … 255.
    scaled(box, size, side) {
        const [left, top, width, height] = box, factor = size / Math.max(width, height);
        const across = Math.max(1, width * factor), down = Math.max(1, height * factor);
        const context = new OffscreenCanvas(side, side).getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(this.ink.canvas, left, top, width, height, (side - across) / 2, (side - down) / 2, across, down);
        const {data} = context.getImageData(0, 0, side, side);
        return Float64Array.from({length: side * side}, (_, i) => data[4 * i + 3]);
    }
}

// Moves the centre of mass to the middle, by whole pixels; what leaves the picture is lost.
function centre(values, side) {
    let mass = 0, x = 0, y = 0;
    values.forEach((value, i) => {
        mass += value;
        x += value * (i % side);
        y += value * Math.floor(i / side);
    });
    const right = Math.round((side - 1) / 2 - x / mass), down = Math.round((side - 1) / 2 - y / mass);
    return Float64Array.from(values, (_, i) => {
        const from = i % side - right, row = Math.floor(i / side) - down;
        return from >= 0 && from < side && row >= 0 && row < side ? values[row * side + from] : 0;
    });
}

// The picture for a network of side 28 or 8; null where nothing is drawn.
export function pictureOf(paper, side) {
    const box = paper.box();
    if (box === null)
        return null;
    if (side !== 8)
        return centre(paper.scaled(box, side * 20 / 28, side), side);
    const large = paper.scaled(box, 32, 32), out = new Float64Array(64);
    large.forEach((value, i) => {
        if (value > 127)
            out[8 * (i >> 7) + ((i % 32) >> 2)]++;
    });
    return out;
}
