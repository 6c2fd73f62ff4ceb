// Points over a key or a rung: one small picture each.
import {attach, draw, make} from "./dom.js";
import {Scale, range, tickWords} from "./scale.js";

const LEFT = 46, TOP = 8, RIGHT = 12, BOTTOM = 26;

// Places for words, in even steps.
class Words {
    constructor(words, begin, end) {
        this.words = words;
        this.places = words.map((_, i) => begin + (i + 0.5) / words.length * (end - begin));
    }

    at(word) { return this.places[this.words.indexOf(word)] ?? NaN; }
}

// True where numbers cover several orders of magnitude, so that they are better seen on a logarithmic axis.
export function wide(values) {
    const [low, high] = range(values);
    return low > 0 && high / low >= 20;
}

const cross = (x, y, attributes) => draw("path", {d: `M${x - 4} ${y - 4}l8 8m0-8l-8 8`, ...attributes});

function makeLegend(legend) {
    const items = Object.entries(legend).map(([name, words]) => {
        const mark = name === "cross" ? cross(5, 5, {class: name})
                                      : draw("circle", {cx: 5, cy: 5, r: 4, class: `point ${name}`});
        return make("li", {}, draw("svg", {width: 10, height: 10, "aria-hidden": "true"}, mark),
                    make("span", {}, words));
    });
    return items.length > 0 ? [make("ul", {class: "legend"}, ...items)] : [];
}

export class Scatter {
    // legend: what classes of points mean, {class: "words"}.
    constructor({title, height = 170, unit = 1, legend = {}}) {
        Object.assign(this, {title, height, unit, width: 0, points: [], links: []});
        this.svg = draw("svg", {height, role: "img", "aria-label": title});
        this.element = make("figure", {class: "scatter"}, make("figcaption", {}, make("h3", {}, title)),
                            ...makeLegend(legend), make("div", {class: "plot"}, this.svg));
        this.observer = new ResizeObserver(([entry]) => {
            this.width = Math.floor(entry.contentRect.width);
            this.paint();
        });
        this.observer.observe(this.svg.parentElement);
    }

    // points: [{x: number or word, y, class, words, href}]; links: [[point, point], …]; words: the places of an axis
    // of words; log: of the x axis, yLog of the other.
    set({points, links = [], words = null, log = false, yLog = false}) {
        const given = JSON.stringify([points, words, log, yLog, this.unit]);
        if (given === this.given)
            return;
        Object.assign(this, {points, links, words, log, yLog, given});
        this.paint();
    }

    paint() {
        if (this.width < 50)
            return;
        const bottom = this.height - BOTTOM, right = this.width - RIGHT;
        attach(this.svg, {width: this.width, viewBox: `0 0 ${this.width} ${this.height}`});
        const x =
            this.words !== null
                ? new Words(this.words, LEFT, right)
                : new Scale(
                      range(this.points.map(point => point.x), this.log),
                      {log: this.log, margin: 0.06, begin: LEFT, end: right, ticks: Math.max(2, this.width / 80)});
        const y = new Scale(range(this.points.map(point => point.y), this.yLog),
                            {log: this.yLog, margin: 0.08, begin: bottom, end: TOP, ticks: 4});
        const parts = this.axes(x, y, bottom, right);
        for (const [from, to] of this.links)
            if ([from, to].every(point => Number.isFinite(y.at(point.y))))
                parts.push(
                    draw("line", {class: "link", x1: x.at(from.x), y1: y.at(from.y), x2: x.at(to.x), y2: y.at(to.y)}));
        for (const point of this.points)
            parts.push(...this.point(point, x, y, bottom));
        this.svg.replaceChildren(...parts);
    }

    axes(x, y, bottom, right) {
        const yWords = tickWords(y.ticks, this.yLog, this.unit);
        const xTicks = this.words ?? x.ticks, xWords = this.words ?? tickWords(x.ticks, this.log);
        const widest = Math.max(...xWords.map(word => word.length)) * 7 + 12; // pixels, about
        const every = Math.ceil(xTicks.length * widest / (right - LEFT));
        const grid = draw("g", {class: "grid"});
        y.ticks.forEach((tick, i) =>
                            grid.append(draw("line", {x1: LEFT, x2: right, y1: y.at(tick), y2: y.at(tick)}),
                                        draw("text", {x: LEFT - 7, y: y.at(tick) + 4, class: "left"}, yWords[i])));
        xTicks.forEach((tick, i) =>
                           i % every === 0 &&
                           grid.append(draw("line", {x1: x.at(tick), x2: x.at(tick), y1: TOP, y2: bottom}),
                                       draw("text", {x: x.at(tick), y: bottom + 16, class: "below"}, xWords[i])));
        grid.append(draw("path", {class: "axes", d: `M${LEFT} ${TOP}V${bottom}H${right}`}));
        return [grid];
    }

    // A trial without a score (it diverged) is a cross at the bottom.
    point({x: value, y: figure, class: name, words, href}, x, y, bottom) {
        const left = x.at(value), top = y.at(figure);
        if (!Number.isFinite(left))
            return [];
        const mark = Number.isFinite(top) ? draw("circle", {cx: left, cy: top, r: 4, class: `point ${name}`})
                                          : cross(left, bottom - 4, {class: "cross"});
        mark.append(draw("title", {}, words));
        return [href ? draw("a", {href, "aria-label": words, tabindex: -1}, mark) : mark];
    }

    close() { this.observer.disconnect(); }
}
