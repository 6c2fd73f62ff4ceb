// One search: how it goes, the best so far, what the keys do to the figure, rungs, and all trials.
import {Chart} from "./chart.js";
import {Controls} from "./controls.js";
import {attach, keep, make, say, show} from "./dom.js";
import {notice, progressBar, showNotice, showProgress, showState, showTile, stateBadge, tiles} from "./parts.js";
import {Scatter, wide} from "./scatter.js";
import {Rows, server, tell} from "./source.js";
import {Table} from "./table.js";
import {
    count,
    known,
    loss,
    moment,
    percent,
    plural,
    stateOrder,
    stateSign,
    stateWords,
    timeWords,
    value,
    windowTitle,
    NONE
} from "./words.js";

// Of so few values each has a place of its own on an axis.
const FEW = 6;

// Curves of so many trials can be told apart.
const COMPARED = 5;

// What the points at a rung are (classes of style.css).
const RUNG_LEGEND = {
    promoted: "trained on",
    stays: "not, or not yet",
    cross: "diverged or failed"
};

// Keys that say where and how, not what.
const IDLE = new Set(["seed", "name", "out"]);

// The keys in which the recipes differ.
function variedKeys(runs) {
    const seen = new Map();
    for (const run of runs)
        for (const [key, what] of Object.entries(run.recipe))
            seen.set(key, (seen.get(key) ?? new Set()).add(JSON.stringify(what)));
    return [...seen].filter(([key, values]) => values.size > 1 && !IDLE.has(key)).map(([key]) => key);
}

export class SearchView {
    constructor(id, place) {
        this.id = Number(id);
        this.place = place;
        this.rows = new Rows();
        this.rungs = [];
        this.name = make("h1");
        this.state = stateBadge();
        this.controls =
            new Controls("/search", "Trials keep their checkpoints; percept search --resume goes on from there.");
        this.problem = notice("bad");
        this.message = notice("bad");
        this.progress = progressBar();
        this.tiles = tiles({trials: "trials ended", best: "best so far", states: "running now", time: "time"});
        this.counts = make("ul", {class: "counts"});
        this.best = new Chart({title: "Best so far", write: what => this.write(what), axis: "trials ended"});
        this.plots = make("div", {class: "plots"});
        this.plotSection = make("section", {hidden: true}, make("h2", {}, "What each setting does"), this.plots);
        this.scatters = new Map();
        this.rungSection = this.makeRungs();
        this.table = new Table(
            {caption: "Trials", columns: this.columns([]), sorted: (sort, down) => place({sort, down: down ? 1 : 0})});
        this.compare = make("a", {class: "small"}, "Compare the best");
        this.space = make("pre");
        this.body =
            make("div", {class: "body", hidden: true}, this.message, this.progress, this.tiles.element, this.counts,
                 make("div", {class: "charts"}, this.best.element, this.rungSection), this.plotSection,
                 make("section", {}, make("div", {class: "heading"}, make("h2", {}, "Trials"), this.compare),
                      this.table.element),
                 make("details", {}, make("summary", {}, "The space that is searched"), this.space));
        this.element =
            make("div", {class: "single"}, make("nav", {"aria-label": "way back"}, make("a", {href: "#"}, "All runs")),
                 make("div", {class: "title"}, this.name, this.state, this.controls.element), this.problem, this.body);
    }

    makeRungs() {
        this.rungPlot = new Scatter({title: "Rungs", height: 270, legend: RUNG_LEGEND});
        this.rungWords = make("p", {class: "soft small"});
        return make("div", {class: "rungs", hidden: true}, this.rungPlot.element, this.rungWords);
    }

    arrange(parameters) {
        this.sort = parameters.get("sort") ?? "figure";
        this.down = parameters.has("down") ? parameters.get("down") === "1" : null;
        this.update();
    }

    async poll() {
        const answer = await tell("/search", {id: this.id, since: this.rows.since});
        this.search = answer.search;
        this.rungs = answer.rungs;
        return this.search !== undefined && !this.rows.take(answer.runs);
    }

    title() {
        const search = this.search;
        return search ? windowTitle(search, this.ended(), search.planned, search.name) : "Percept";
    }

    refuse(problem) { showNotice(this.problem, problem); }

    close() {
        for (const part of [this.best, this.rungPlot, ...this.scatters.values()])
            part.close();
    }

    // ---- The objective ----

    isAccuracy() { return this.search.objective.endsWith("accuracy"); }

    write(what) { return this.isAccuracy() ? percent(what) : loss(what); }

    figure(run) { return run.state === "diverged" || run.state === "failed" ? null : run[this.search.objective]; }

    better(a, b) { return known(a) && (!known(b) || (this.isAccuracy() ? a > b : a < b)); }

    ended() {
        const {done, diverged, failed, pruned} = this.search;
        return done + diverged + failed + pruned;
    }

    // ---- Showing ----

    update() {
        const search = this.search;
        showNotice(this.problem, server.database ? "" : `There is no database in ${server.folder} any more.`);
        show(this.body, search !== undefined);
        if (!search)
            return;
        const runs = this.rows.all().sort((a, b) => a.id - b.id);
        this.bestRun =
            runs.reduce((best, run) => this.better(this.figure(run), best && this.figure(best)) ? run : best, null);
        say(this.name, search.name);
        showState(this.state, search);
        this.controls.update(search, search.name);
        showNotice(this.message, search.message ?? "");
        showProgress(this.progress, this.ended(), search.planned, "", `trials of ${search.name}`);
        this.showTiles(runs);
        this.showCounts(runs);
        this.showBest(runs);
        this.showRungs();
        const keys = variedKeys(runs);
        this.showPlots(runs, keys);
        this.showTable(runs, keys);
        say(this.space, search.space ?? "");
    }

    showTiles(runs) {
        const {parts} = this.tiles, search = this.search, ended = this.ended();
        const running = runs.filter(run => run.state === "running");
        showTile(parts.trials, search.planned ? `${ended} / ${search.planned}` : String(ended), search.strategy ?? "");
        showTile(parts.best, this.bestRun ? this.write(this.figure(this.bestRun)) : NONE,
                 this.bestRun ? `trial ${this.bestRun.trial}, ${search.objective.replace("valid_", "validation ")}`
                              : "");
        showTile(parts.states, count(running.length),
                 running.length > 0 ? `trials ${running.map(run => run.trial).slice(0, 6).join(", ")}` : "");
        showTile(parts.time, timeWords({...search, epoch: ended, epochs: search.planned, seconds: null}, server.now),
                 `begun ${moment(search.started)}`);
    }

    showCounts(runs) {
        const counts = new Map();
        for (const run of runs)
            counts.set(run.state, (counts.get(run.state) ?? 0) + 1);
        keep(this.counts, [...counts].sort(([a], [b]) => stateOrder(a) - stateOrder(b)), ([state]) => state,
             ([state]) => make("li", {class: `state ${state}`},
                               make("span", {class: "sign", "aria-hidden": "true"}, stateSign(state)), make("span")),
             (item, [state, number]) => say(item.lastChild, `${number} ${state}`));
    }

    // Over the trials in the order in which they ended.
    showBest(runs) {
        const done =
            runs.filter(run => known(run.ended) && run.state !== "interrupted").sort((a, b) => a.ended - b.ended);
        const x = [], y = [];
        let best = null;
        for (const run of done) {
            best = this.better(this.figure(run), best) ? this.figure(run) : best;
            x.push(x.length + 1);
            y.push(best);
        }
        this.best.unit = this.isAccuracy() ? 100 : 1;
        this.best.set(
            [
                {name: this.search.objective.replace("valid_", "validation "), colour: 1, x, y},
                {name: "each trial", colour: 8, dots: true, x, y: done.map(run => this.figure(run))}
            ],
            {});
    }

    showRungs() {
        show(this.rungSection, this.rungs.length > 0);
        if (this.rungs.length === 0)
            return;
        const epochs = [...new Set(this.rungs.map(row => row.epochs))].sort((a, b) => a - b);
        const words = epochs.map(number => plural(number, "epoch"));
        const points = this.rungs.map(row => ({
                                          trial: row.trial,
                                          rung: row.rung,
                                          x: plural(row.epochs, "epoch"),
                                          y: row.figure,
                                          class: row.promoted ? "promoted" : "stays",
                                          words: `trial ${row.trial}: ${this.write(row.figure)} after ${
                                              plural(row.epochs, "epoch")}${row.promoted ? ", trained on" : ""}`
                                      }));
        const last = new Map(), links = [];
        for (const point of [...points].sort((a, b) => a.rung - b.rung)) {
            if (last.has(point.trial))
                links.push([last.get(point.trial), point]);
            last.set(point.trial, point);
        }
        this.rungPlot.unit = this.isAccuracy() ? 100 : 1;
        this.rungPlot.set({points, links, words});
        say(this.rungWords, epochs
                                .map(number => {
                                    const here = this.rungs.filter(row => row.epochs === number);
                                    return `${plural(number, "epoch")}: ${plural(here.length, "trial")}, ${
                                        here.filter(row => row.promoted).length} trained on`;
                                })
                                .join(" · "));
    }

    showPlots(runs, keys) {
        show(this.plotSection, keys.length > 0);
        keep(this.plots, keys, key => key,
             key => {
                 this.scatters.set(key, new Scatter({title: key}));
                 return this.scatters.get(key).element;
             },
             (element, key) => {
                 const few = new Set(runs.map(run => run.recipe[key])).size <= FEW;
                 const numeric = !few && runs.every(run => !(key in run.recipe) || known(run.recipe[key]));
                 const xs = runs.map(run => numeric || !(key in run.recipe) ? run.recipe[key] : value(run.recipe[key]));
                 const points = runs.map(
                     (run, i) => ({
                         x: xs[i],
                         y: this.figure(run),
                         href: `#run=${run.id}`,
                         class: run === this.bestRun ? "best" : run.state,
                         words: `trial ${run.trial}: ${key} ${value(run.recipe[key])}, ${this.write(this.figure(run))}`
                     }));
                 const plot = this.scatters.get(key);
                 plot.unit = this.isAccuracy() ? 100 : 1;
                 plot.set({
                     points: points.filter(
                         (_, i) => xs[i] !== undefined &&
                                   (known(points[i].y) || runs[i].state === "diverged" || runs[i].state === "failed")),
                     words: numeric ? null
                                    : [...new Set(xs.filter(known => known !== undefined))].sort(
                                          (a, b) => a.localeCompare(b, "en", {numeric: true})),
                     log: numeric && wide(xs)
                 });
             });
    }

    columns(keys) {
        const setting = key => ({
            key,
            title: key,
            number: this.rows.all().every(run => !(key in run.recipe) || known(run.recipe[key])),
            value: run => Array.isArray(run.recipe[key]) ? value(run.recipe[key]) : run.recipe[key],
            text: run => value(run.recipe[key])
        });
        return [
            {
                key: "trial",
                title: "trial",
                number: true,
                value: run => run.trial * 1000 + run.repeat,
                fill: (cell, run) => {
                    if (!cell.firstChild)
                        cell.append(make("a", {href: `#run=${run.id}`}));
                    say(cell.firstChild, run.repeat > 0 ? `${run.trial}.${run.repeat}` : String(run.trial));
                }
            },
            {
                key: "state",
                title: "state",
                value: run => stateOrder(run.state),
                fill: (cell, run) => {
                    if (!cell.firstChild)
                        cell.append(stateBadge());
                    showState(cell.firstChild, run);
                }
            },
            {
                key: "figure",
                title: this.search ? this.search.objective.replace("valid_", "validation ") : "figure",
                number: true,
                down: true,
                value: run => this.figure(run),
                text: run => this.write(this.figure(run))
            },
            {
                key: "epoch",
                title: "epochs",
                number: true,
                down: true,
                value: run => run.epoch,
                text: run => `${run.epoch} / ${run.epochs}`
            },
            ...keys.map(setting), {
                key: "seconds",
                title: "seconds",
                number: true,
                value: run => run.seconds,
                text: run => known(run.seconds) ? run.seconds.toFixed(1) : NONE
            }
        ];
    }

    showTable(runs, keys) {
        const best = runs.filter(run => known(this.figure(run)))
                         .sort((a, b) => this.better(this.figure(a), this.figure(b)) ? -1 : 1);
        attach(this.compare, {href: `#compare=${best.slice(0, COMPARED).map(run => run.id).join(",")}`});
        show(this.compare, best.length > 1);
        this.table.setColumns(this.columns(keys));
        const down = this.down ?? (this.sort === "figure" && this.isAccuracy());
        this.table.set(runs.map(run => Object.assign(run, {best: run === this.bestRun})), this.sort, down);
    }
}
