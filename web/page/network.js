// The network as boxes: each shows what its unit answers over the plane. Lines are weights.

import {MOST_UNITS} from "./recipe.js";
import {css, paintSigned} from "./colors.js";
import {make, say} from "./dom.js";
import {short} from "./words.js";

// Inputs that are drawn: of a wide table, the first ones.
const MOST_INPUTS = 12;

export class NetworkView {
    // change(hidden): other sizes are wanted; point(unit or null): {layer, unit} to be shown large; layer -1: an input.
    constructor(root, lines, text, change, point) {
        Object.assign(this, {root, lines, text, change, point});
        this.hint = text.textContent;
        this.layers = [];
        this.pointed = null;
        this.tensors = [];
        new ResizeObserver(() => this.drawLines()).observe(root);
    }

    // Boxes for `units` of each layer, the outputs last; hidden: the sizes that plus and minus change; inputs: names of features,
    // axes: the two of the plane.
    build(units, hidden, outputNames, inputs, axes) {
        this.inputs = inputs;
        this.axes = axes;
        const columns = [Math.min(inputs.length, MOST_INPUTS), ...units];
        this.hidden = hidden;
        this.outputNames = outputNames;
        for (const {element} of this.layers)
            element.remove();
        this.layers = columns.map((count, c) => this.makeLayer(c - 1, count, c === columns.length - 1));
        this.root.append(...this.layers.map(layer => layer.element));
        this.show(null);
    }

    makeLayer(l, count, last) {
        const boxes = Array.from({length: count}, (_, u) => this.makeUnit(l, u));
        const name = l < 0 ? "Inputs" : last ? "Output" : `Layer ${l + 1}`;
        const head = l < 0 || last ? make("div", {class: "stepper"}) : this.makeStepper(l, count);
        const element = make("div", {class: "layer", role: "group", "aria-label": name},
            make("span", {class: "name"}, name), head, ...boxes.map(box => box.button));
        return {element, boxes};
    }

    makeStepper(l, count) {
        const resize = by => () => this.change(this.hidden.map((n, i) => i === l ? n + by : n), l, by);
        return make("div", {class: "stepper"},
            make("button", {"aria-label": `One unit less in layer ${l + 1}`, disabled: count <= 1, onclick: resize(-1)}, "−"),
            make("span", {}, String(count)),
            make("button", {"aria-label": `One unit more in layer ${l + 1}`, disabled: count >= MOST_UNITS, onclick: resize(1)}, "+"));
    }

    makeUnit(l, u) {
        const canvas = make("canvas", {"aria-hidden": "true"});
        const button = make("button", {class: "unit", "aria-label": this.name(l, u),
            onmouseenter: () => this.show({layer: l, unit: u}), onmouseleave: () => this.show(null),
            onfocus: () => this.show({layer: l, unit: u}), onblur: () => this.show(null)}, canvas);
        if (l < 0)
            button.append(make("span", {class: "axis", "aria-hidden": "true"}, this.inputs[u].slice(0, 6)));
        return {button, canvas, dead: false};
    }

    name(l, u) {
        if (l < 0)
            return `Input ${this.inputs[u]}`;
        return l === this.layers.length - 2 && this.outputNames[u] !== undefined ? `Output ${this.outputNames[u]}`
            : `Layer ${l + 1}, unit ${u + 1}`;
    }

    show(pointed) {
        this.pointed = pointed;
        for (const [c, {boxes}] of this.layers.entries())
            for (const [u, box] of boxes.entries())
                box.button.classList.toggle("shown", pointed !== null && pointed.layer === c - 1 && pointed.unit === u);
        this.tell();
        this.drawLines();
        this.point(pointed);
    }

    tensor(name) { return this.tensors.find(tensor => tensor.name === name); }

    // Values in text, for the unit that is pointed at.
    tell() {
        const {pointed} = this;
        if (pointed === null || pointed.layer < 0) {
            say(this.text, pointed === null ? this.hint : `Input ${this.inputs[pointed.unit]} as it is.`);
            return;
        }
        const weight = this.tensor(`layers.${pointed.layer}.weight`), bias = this.tensor(`layers.${pointed.layer}.bias`);
        if (weight === undefined)
            return;
        const from = u => pointed.layer === 0 ? this.inputs[u] ?? `${u + 1}` : `${u + 1}`;
        const row = weight.values.subarray(pointed.unit * weight.columns, (pointed.unit + 1) * weight.columns);
        const weights = Array.from(row, (w, u) => `${from(u)}: ${short(w)}`).join(", ");
        const dead = this.layers[pointed.layer + 1].boxes[pointed.unit].dead ? " It is dead: it gives one number for all examples." : "";
        say(this.text, `${this.name(pointed.layer, pointed.unit)}. Weights ${weights}; bias ${short(bias.values[pointed.unit])}.${dead}`);
    }

    // New answers (a Float32Array of side × side a unit, for each layer), parameters, and which units are dead.
    update(frame, colors) {
        this.tensors = frame.tensors;
        this.colors = colors;
        for (const [c, {boxes}] of this.layers.entries())
            for (const [u, box] of boxes.entries()) {
                this.paint(box.canvas, c === 0 ? null : frame.units[c - 1], c === 0 ? this.axes.indexOf(u) : u, frame.small);
                const dead = c > 0 && c < this.layers.length - 1 && frame.gradients[c - 1].dead[u];
                box.dead = dead;
                box.button.classList.toggle("dead", dead);
            }
        this.tell();
        this.drawLines();
    }

    paint(canvas, answers, u, side) {
        if (canvas.width !== side)
            canvas.width = canvas.height = side;
        const context = canvas.getContext("2d"), image = context.createImageData(side, side);
        const value = answers !== null ? i => answers[u * side * side + i]
            : [() => 0, i => (i % side) * 2 / side - 1, i => 1 - Math.floor(i / side) * 2 / side][u + 1];
        let most = 1e-12;
        for (let i = 0; i < side * side; i++)
            most = Math.max(most, Math.abs(value(i)));
        for (let i = 0; i < side * side; i++)
            paintSigned(image.data, 4 * i, this.colors, value(i) / most);
        context.putImageData(image, 0, 0);
    }

    drawLines() {
        const {lines, root} = this;
        if (this.tensors.length === 0 || this.colors === undefined)
            return;
        const ratio = devicePixelRatio || 1, width = root.clientWidth, height = root.clientHeight;
        if (lines.width !== Math.round(width * ratio) || lines.height !== Math.round(height * ratio)) {
            lines.width = Math.round(width * ratio);
            lines.height = Math.round(height * ratio);
        }
        const context = lines.getContext("2d");
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, width, height);
        for (let l = 0; l + 1 < this.layers.length; l++)
            this.drawWeights(context, l);
    }

    drawWeights(context, l) {
        const weight = this.tensor(`layers.${l}.weight`), from = this.layers[l].boxes, to = this.layers[l + 1].boxes;
        if (weight === undefined || weight.rows !== to.length || weight.columns < from.length ||
            (l === 0 && weight.columns !== this.inputs.length))
            return; // between a table's columns and the first layer lies an encoding
        const left = from.map(box => this.edge(box.button, 1)), right = to.map(box => this.edge(box.button, 0));
        for (let i = 0; i < to.length; i++)
            for (let j = 0; j < from.length; j++) {
                const w = weight.values[i * weight.columns + j], size = Math.tanh(Math.abs(w) / 2);
                const shown = this.pointed === null || (this.pointed.layer === l && this.pointed.unit === i);
                const [x0, y0] = left[j], [x1, y1] = right[i], middle = (x0 + x1) / 2;
                context.lineWidth = 0.4 + 6 * size;
                context.strokeStyle = css(w < 0 ? this.colors.low : this.colors.high, shown ? 0.25 + 0.65 * size : 0.08);
                context.beginPath();
                context.moveTo(x0, y0);
                context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
                context.stroke();
            }
    }

    // The middle of a box's left (0) or right (1) side, from the corner of the network.
    edge(button, side) {
        const layer = button.parentElement;
        return [layer.offsetLeft + button.offsetLeft + side * button.offsetWidth,
            layer.offsetTop + button.offsetTop + button.offsetHeight / 2];
    }
}
