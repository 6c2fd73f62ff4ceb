// Curves over epochs: axes, lines that grow, and a read-out of one epoch by pointer or arrow keys. The legend is the
// read-out: it shows the last values, or those of the epoch that is looked at, so that nothing appears or moves.
import {attach, draw, keep, make, say} from "./dom.js";
import {Scale, range, roundUp, tickWords} from "./scale.js";
import {known} from "./words.js";

const HEIGHT = 270, TOP = 10, RIGHT = 14, BOTTOM = 34, LEFT = 52;

const lineClass = line => `line c${line.colour}${line.dash ? " dash" : ""}${line.dots ? " dots" : ""}`;

export class Chart {
    // title: of the chart; write(value): formats a value; unit: factor of the ticks (100 for percent).
    constructor({title, write, unit = 1, axis = "epoch", controls = []}) {
        Object.assign(this, {title, write, unit, axis, series: [], log: false, cursor: null, width: 0, last: null});
        this.legend = make("ul", {class: "legend"});
        this.where = make("span", {class: "where"});
        this.svg = draw("svg", {
            height: HEIGHT,
            tabindex: 0,
            role: "img",
            "aria-label": title,
            onpointermove: event => this.point(event),
            onpointerdown: event => this.point(event),
            onpointerleave: () => this.look(null),
            onblur: () => this.look(null),
            onkeydown: event => this.key(event)
        });
        this.element =
            make("figure", {class: "chart"}, make("figcaption", {}, make("h3", {}, title), this.where, ...controls),
                 this.legend, make("div", {class: "plot"}, this.svg));
        this.grid = draw("g", {class: "grid"});
        this.lines = draw("g", {class: "lines"});
        this.marks = draw("g", {class: "marks"});
        this.svg.append(this.grid, this.lines, this.marks);
        this.observer = new ResizeObserver(([entry]) => {
            this.width = Math.floor(entry.contentRect.width);
            this.paint();
        });
        this.observer.observe(this.svg.parentElement);
    }

    // series: [{name, colour: 1 … 8, x: [rising], y: [], dash, dots: points alone, step: a staircase, mark: x of a point
    // to mark, href}]. limit: the greatest x there will be.
    set(series, {log = false, limit = 0} = {}) {
        Object.assign(this, {series, log, limit});
        this.paint();
    }

    // ---- Drawing ----

    paint() {
        if (this.width < 50)
            return;
        attach(this.svg, {width: this.width, viewBox: `0 0 ${this.width} ${HEIGHT}`});
        this.measure();
        this.paintGrid();
        keep(this.lines, this.series, line => line.name, line => draw("path", {class: "line"}),
             (path, line) => attach(path, {class: lineClass(line), d: line.dots ? this.dots(line) : this.path(line)}));
        this.paintMarks();
    }

    // The axis to the right ends at a round number beyond what there is, so that curves grow into room that is there.
    measure() {
        const ends = this.series.filter(line => line.x.length > 0).map(line => [line.x[0], line.x.at(-1)]);
        const first = ends.length > 0 ? Math.min(...ends.map(end => end[0])) : 0;
        const last = ends.length > 0 ? Math.max(...ends.map(end => end[1])) : 0;
        const round = roundUp(Math.max(last, 5));
        this.x = new Scale([first, this.limit >= last ? Math.min(Math.max(this.limit, 1), round) : Math.max(last, 1)],
                           {begin: LEFT, end: this.width - RIGHT, ticks: Math.max(3, this.width / 90)});
        this.y = new Scale(range(this.series.flatMap(line => line.y), this.log),
                           {log: this.log, margin: 0.05, begin: HEIGHT - BOTTOM, end: TOP, ticks: 5});
    }

    paintGrid() {
        const parts = [];
        const xTicks = this.x.ticks.filter(Number.isInteger);
        const yWords = tickWords(this.y.ticks, this.log, this.unit), xWords = tickWords(xTicks, false);
        this.y.ticks.forEach(
            (tick, i) =>
                parts.push(draw("line", {x1: LEFT, x2: this.width - RIGHT, y1: this.y.at(tick), y2: this.y.at(tick)}),
                           draw("text", {x: LEFT - 8, y: this.y.at(tick) + 4, class: "left"}, yWords[i])));
        xTicks.forEach((tick, i) => parts.push(
                           draw("line", {x1: this.x.at(tick), x2: this.x.at(tick), y1: TOP, y2: HEIGHT - BOTTOM}),
                           draw("text", {x: this.x.at(tick), y: HEIGHT - BOTTOM + 16, class: "below"}, xWords[i])));
        parts.push(draw("path", {class: "axes", d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${this.width - RIGHT}`}),
                   draw("text", {x: (LEFT + this.width - RIGHT) / 2, y: HEIGHT - 3, class: "below axis"}, this.axis));
        this.grid.replaceChildren(...parts);
    }

    // A line through the finite points. With more points than pixels, only the minimum and maximum of each pixel are
    // drawn.
    path({x, y, step}) {
        let text = "", pen = false, column = null;
        const flush = () => {
            if (column !== null) {
                text += `${pen ? "L" : "M"}${column.place} ${column.first}V${column.low}V${column.high}V${column.last}`;
                pen = true;
                column = null;
            }
        };
        const dense = x.length > 2 * this.width;
        for (let i = 0; i < x.length; i++) {
            const left = this.x.at(x[i]), top = this.y.at(y[i]);
            if (!Number.isFinite(top)) {
                flush();
                pen = false;
                continue;
            }
            const place = dense ? Math.round(left) : Math.round(left * 10) / 10, height = Math.round(top * 10) / 10;
            if (!dense) {
                text += !pen ? `M${place} ${height}` : step ? `H${place}V${height}` : `L${place} ${height}`;
                pen = true;
            } else if (column !== null && column.place === place) {
                column.low = Math.min(column.low, height);
                column.high = Math.max(column.high, height);
                column.last = height;
            } else {
                flush();
                column = {place, first: height, low: height, high: height, last: height};
            }
        }
        flush();
        return text;
    }

    // Points alone: strokes without a length, with round ends.
    dots({x, y}) {
        return x.map((epoch, i) => Number.isFinite(this.y.at(y[i])) ? `M${this.x.at(epoch)} ${this.y.at(y[i])}h0` : "")
            .join("");
    }

    // A line's value at an epoch; null where it has none.
    valueAt(line, epoch) {
        let low = 0, high = line.x.length - 1;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (line.x[middle] < epoch)
                low = middle + 1;
            else
                high = middle;
        }
        return line.x[low] === epoch ? line.y[low] : null;
    }

    dot(line, epoch, name) {
        const [left, top] = [this.x.at(epoch), this.y.at(this.valueAt(line, epoch))];
        return Number.isFinite(top) ? [draw("circle", {cx: left, cy: top, r: name === "best" ? 5.5 : 4, class: name})]
                                    : [];
    }

    paintMarks() {
        const parts = [], epoch = this.cursor;
        for (const line of this.series.filter(one => epoch === null && one.x.length > 0 && !one.dots))
            parts.push(...this.dot(line, line.x.at(-1), `dot c${line.colour}`));
        for (const line of this.series.filter(one => known(one.mark)))
            parts.push(...this.dot(line, line.mark, "best"));
        if (epoch !== null) {
            parts.push(draw(
                "line", {class: "cursor", x1: this.x.at(epoch), x2: this.x.at(epoch), y1: TOP, y2: HEIGHT - BOTTOM}));
            for (const line of this.series)
                parts.push(...this.dot(line, epoch, `dot c${line.colour}`));
        }
        this.marks.replaceChildren(...parts);
        this.paintLegend();
    }

    paintLegend() {
        const last = Math.max(-1, ...this.series.map(line => line.x.at(-1) ?? -1));
        say(this.where, last < 0 ? "" : `${this.axis} ${this.cursor ?? last}`);
        keep(this.legend, this.series, line => line.name,
             line => {
                 const swatch = draw("svg", {width: 26, height: 8, "aria-hidden": "true"}, draw("path"));
                 const name = line.href ? make("a", {href: line.href}) : make("span");
                 return make("li", {}, swatch, name, make("output"));
             },
             (item, line) => {
                 attach(item.querySelector("path"), {class: lineClass(line), d: line.dots ? "M13 4h0" : "M1 4H25"});
                 say(item.children[1], line.name);
                 say(item.lastChild,
                     this.write(this.cursor === null ? line.y.at(-1) : this.valueAt(line, this.cursor)));
             });
        attach(this.svg, {
            "aria-label": `${this.title}: ` +
                              this.series.map(line => `${line.name} ${this.write(line.y.at(-1))}`).join(", ") +
                              ". Arrow keys read the epochs."
        });
    }

    // ---- Reading ----

    epochs() { return this.series.reduce((longest, line) => line.x.length > longest.length ? line.x : longest, []); }

    look(epoch) {
        if (epoch === this.cursor)
            return;
        this.cursor = epoch;
        if (this.x)
            this.paintMarks();
    }

    point(event) {
        const epochs = this.epochs();
        if (!this.x || epochs.length === 0)
            return;
        const place = event.clientX - this.svg.getBoundingClientRect().left;
        const epoch = Math.round(this.x.value(place));
        this.look(Math.min(Math.max(epoch, epochs[0]), epochs.at(-1)));
    }

    key(event) {
        const epochs = this.epochs();
        const steps = {ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity};
        if (event.key === "Escape")
            this.look(null);
        if (!(event.key in steps) || epochs.length === 0)
            return;
        event.preventDefault();
        const from = this.cursor ?? epochs.at(-1);
        this.look(Math.min(Math.max(from + steps[event.key], epochs[0]), epochs.at(-1)));
    }

    close() { this.observer.disconnect(); }
}

// A switch above a chart: "log scale".
export function toggle(words, on, change) {
    const box = make("input", {type: "checkbox", checked: on, onchange: () => change(box.checked)});
    return make("label", {class: "toggle"}, box, words);
}
