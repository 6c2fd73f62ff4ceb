// The plane: what the network, or one unit, answers everywhere, and the examples.

import {between, css, paintClasses, paintSigned} from "./colors.js";

// A canvas as sharp as the screen; returns its context, in units of CSS pixels, and its size.
export function sharpen(canvas) {
    const ratio = devicePixelRatio || 1, {clientWidth: width, clientHeight: height} = canvas;
    const across = Math.round(width * ratio), down = Math.round(height * ratio);
    if (canvas.width !== across || canvas.height !== down) {
        canvas.width = across;
        canvas.height = down;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return {context, width, height};
}

// The examples of a part over two of its features. target: the range of numbers to predict, or null for classes.
export function drawExamples(context, size, part, {range, axes, target}, colors, {hollow, radius}) {
    const stride = part.width + 1, [left, right, bottom, top] = range;
    for (let i = 0; i < part.count; i++) {
        const x = (part.values[i * stride + axes[0]] - left) / (right - left) * size;
        const y = (top - part.values[i * stride + axes[1]]) / (top - bottom) * size;
        const answer = part.values[i * stride + part.width];
        const color = target !== null ? between(colors, answer, target) : colors.classes[answer % colors.classes.length];
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fillStyle = css(hollow ? colors.paper : color, hollow ? 0.75 : 0.95);
        context.fill();
        context.strokeStyle = hollow ? css(color) : css(target !== null ? colors.soft : colors.paper, 0.9);
        context.lineWidth = hollow ? 1.5 : 0.8;
        context.stroke();
    }
}

export class PlaneView {
    constructor(canvas) {
        this.canvas = canvas;
        this.map = document.createElement("canvas");
        this.points = document.createElement("canvas"); // the examples, which are the same in each frame
        this.drawn = {};                                // what they were drawn for
    }

    // `unit`: {answers, index} of a unit to be shown in place of the outputs.
    draw(shape, frame, unit, colors) {
        const {context, width} = sharpen(this.canvas);
        const side = unit === null ? frame.side : frame.small;
        this.paint(frame, unit, side, shape, colors);
        context.imageSmoothingEnabled = true;
        context.imageSmoothingQuality = "high";
        context.drawImage(this.map, 0, 0, width, width);
        this.drawPoints(shape, width, colors);
        context.drawImage(this.points, 0, 0, width, width);
    }

    drawPoints(shape, width, colors) {
        const {points, canvas, drawn} = this;
        if (drawn.shape === shape && drawn.colors === colors && points.width === canvas.width)
            return;
        this.drawn = {shape, colors};
        points.width = points.height = canvas.width;
        const context = points.getContext("2d"), ratio = canvas.width / width;
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        const radius = shape.train.count > 1500 ? 1.8 : 3;
        const look = {range: shape.range, axes: shape.axes, target: shape.classes.length > 0 ? null : shape.target};
        drawExamples(context, width, shape.train, look, colors, {hollow: false, radius});
        drawExamples(context, width, shape.valid, look, colors, {hollow: true, radius});
    }

    paint(frame, unit, side, {classes, target}, colors) {
        const {map} = this, points = side * side;
        if (map.width !== side)
            map.width = map.height = side;
        const context = map.getContext("2d"), image = context.createImageData(side, side);
        if (unit === null && classes.length > 0) {
            for (let i = 0; i < points; i++)
                paintClasses(image.data, 4 * i, colors, frame.outputs, i, points, classes.length);
        } else if (unit === null) {
            const [low, high] = target;
            for (let i = 0; i < points; i++)
                paintSigned(image.data, 4 * i, colors, 2 * (frame.outputs[i] - low) / (high - low) - 1);
        } else {
            let most = 1e-12;
            for (let i = 0; i < points; i++)
                most = Math.max(most, Math.abs(unit.answers[unit.index * points + i]));
            for (let i = 0; i < points; i++)
                paintSigned(image.data, 4 * i, colors, unit.answers[unit.index * points + i] / most);
        }
        context.putImageData(image, 0, 0);
    }
}
