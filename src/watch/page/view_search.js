// One search: progress, the best trial so far, the score against each key, rungs, and all trials.
import {Chart} from "./chart.js";
import {Controls} from "./controls.js";
import {attach, keep, make, say, show} from "./dom.js";
import {outlook} from "./outlook.js";
import {notice, progressBar, showNotice, showProgress, showState, showTile, stateBadge, tiles} from "./parts.js";
import {Scatter, wide} from "./scatter.js";
import {Rows, server, tell} from "./source.js";
import {Table} from "./table.js";
import {better, bestOf, trialsOf, variedKeys} from "./trials.js";
import {
    count,
    duration,
    inProgress,
    known,
    loss,
    moment,
    percent,
    plural,
    stateOrder,
    stateSign,
    timeWords,
    value,
    windowTitle,
    NONE
} from "./words.js";

// Of so few values each has a place of its own on an axis.
const FEW = 6;

// Number of trials whose curves can be distinguished.
const COMPARED = 5;

// What the points at a rung are (classes of style.css).
const RUNG_LEGEND = {
    promoted: "trained on",
    stays: "not, or not yet",
    cross: "diverged or failed"
};

const sorted = words => words.sort((a, b) => a.localeCompare(b, "en", {numeric: true}));

export class SearchView {
    constructor(id, place) {
        this.id = Number(id);
        this.rows = new Rows();
        this.name = make("h1");
        this.state = stateBadge();
        this.controls =
            new Controls("/search", "Trials keep their checkpoints; percept search --resume continues from them.");
        this.problem = notice("bad");
        this.message = notice("bad");
        this.winner = make("p", {class: "notice", hidden: true}, make("a"), make("span"));
        this.progress = progressBar();
        this.tiles = tiles({trials: "trials ended", best: "best so far", running: "running now", time: "time"});
        this.counts = make("ul", {class: "counts"});
        this.best =
            new Chart({title: "Best so far", write: what => this.write(what), axis: "trials ended or at a rung"});
        this.rungPlot = new Scatter({title: "Rungs", height: 270, legend: RUNG_LEGEND});
        this.rungWords = make("p", {class: "soft small"});
        this.rungPart = make("div", {class: "rungs", hidden: true}, this.rungPlot.element, this.rungWords);
        this.plots = make("div", {class: "plots"});
        this.plotPart = make("section", {hidden: true}, make("h2", {}, "Score against each setting"), this.plots);
        this.scatters = new Map();
        this.compare = make("a", {class: "small"}, "Compare the best");
        this.table = new Table({
            caption: "Trials",
            columns: [],
            sorted: (sort, down) => place({sort, down: down ? 1 : 0}),
        });
        this.space = make("pre");
        this.build();
    }

    build() {
        this.body =
            make("div", {class: "body", hidden: true}, this.message, this.progress, this.tiles.element, this.counts,
                 this.winner, make("div", {class: "charts"}, this.best.element, this.rungPart), this.plotPart,
                 make("section", {}, make("div", {class: "heading"}, make("h2", {}, "Trials"), this.compare),
                      this.table.element),
                 make("details", {}, make("summary", {}, "Search space"), this.space));
        this.element =
            make("div", {class: "single"}, make("nav", {"aria-label": "way back"}, make("a", {href: "#"}, "All runs")),
                 make("div", {class: "title"}, this.name, this.state, this.controls.element), this.problem, this.body);
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
        const {trained, left} = this.outlook ?? {trained: 0, left: 0};
        return search ? windowTitle(search, trained, trained + left, search.folder ?? search.name) : "Percept";
    }

    refuse(problem) { showNotice(this.problem, problem); }

    close() {
        for (const part of [this.best, this.rungPlot, ...this.scatters.values()])
            part.close();
    }

    // ---- The objective ----

    isLoss() { return this.search.objective === "valid_loss"; }

    write(what) { return this.isLoss() ? loss(what) : percent(what); }

    objective() { return this.search.objective.replace("valid_", "validation "); }

    // ---- Showing ----

    update() {
        const search = this.search;
        showNotice(this.problem, server.database ? "" : `There is no database in ${server.folder} any more.`);
        show(this.body, search !== undefined);
        if (!search)
            return;
        const runs = this.rows.all(), trials = trialsOf(runs, search.objective);
        const repeats = Math.max(1, ...trials.map(trial => trial.runs.length));
        this.bestTrial = bestOf(trials, search.objective);
        this.ended = trials.filter(trial => known(trial.ended)).length;
        this.planned = Math.ceil(search.planned / repeats);
        const name = search.folder ?? search.name;
        say(this.name, name);
        showState(this.state, search);
        this.controls.update(search, name);
        showNotice(this.message, search.message ?? "");
        this.outlook = outlook(search, runs.filter(run => run.kind === "trial"), search.planned, repeats, server.now);
        const all = this.outlook.trained + (inProgress(search) ? this.outlook.left : 0);
        showProgress(this.progress, this.outlook.trained, all, "", `epochs of ${name}`);
        this.showTiles(trials, repeats);
        this.showCounts(trials);
        this.showWinner(runs.find(run => run.kind === "best"));
        this.showBest(trials);
        this.showRungs();
        const keys = variedKeys(trials);
        this.showPlots(trials, keys);
        this.showTable(trials, keys, repeats);
        say(this.space, search.space ?? "");
    }

    showTiles(trials, repeats) {
        const {parts} = this.tiles, search = this.search, best = this.bestTrial;
        const running = trials.filter(trial => trial.state === "running");
        const rungs = (this.rungs ?? []).length > 0, counted = rungs ? trials.length : this.ended;
        say(parts.trials.firstChild, rungs ? "trials begun" : "trials ended"); // one at a rung may continue
        showTile(parts.trials, this.planned ? `${counted} / ${this.planned}` : String(counted),
                 [search.strategy, repeats > 1 ? `${repeats} runs each` : ""].filter(Boolean).join(", "));
        showTile(parts.best, best ? this.write(best.figure) : NONE,
                 best ? `trial ${best.id}, ${repeats > 1 ? "mean " : ""}${this.objective()}` : "");
        showTile(parts.running, count(running.length),
                 running.length > 0 ? `trials ${running.map(trial => trial.id).slice(0, 6).join(", ")}` : "");
        const {trained, left, seconds} = this.outlook;
        const words = search.state !== "running" ? timeWords({...search, epochs: 0, seconds: null}, server.now)
                      : seconds === null         ? "begins"
                                                 : `about ${duration(Math.max(1, Math.round(seconds)))} left`;
        showTile(parts.time, words,
                 search.state === "running" ? `${count(trained)} of ${count(trained + left)} epochs`
                                            : `begun ${moment(search.started)}`);
    }

    showCounts(trials) {
        const counts = new Map();
        for (const {state} of trials)
            counts.set(state, (counts.get(state) ?? 0) + 1);
        keep(this.counts, [...counts].sort(([a], [b]) => stateOrder(a) - stateOrder(b)), ([state]) => state,
             ([state]) => make("li", {class: `state ${state}`},
                               make("span", {class: "sign", "aria-hidden": "true"}, stateSign(state)), make("span")),
             (item, [state, number]) => say(item.lastChild, `${number} ${state}`));
    }

    showWinner(run) {
        show(this.winner, run !== undefined);
        if (run === undefined)
            return;
        this.winner.firstChild.href = `#run=${run.id}`;
        say(this.winner.firstChild, `The winner, trial ${run.trial}, trained again`);
        say(this.winner.lastChild,
            known(run.test_loss)
                ? `: ${known(run.test_accuracy) ? percent(run.test_accuracy) : loss(run.test_loss)} on the test part`
                : `: ${run.state}`);
    }

    // Over the trials in the order in which they ended.
    showBest(trials) {
        const ended = trials.filter(trial => known(trial.ended) || trial.state === "waiting")
                          .sort((a, b) => (a.ended ?? a.updated) - (b.ended ?? b.updated));
        const x = ended.map((_, i) => i + 1), y = [];
        for (const trial of ended)
            y.push(better(trial.figure, y.at(-1), this.search.objective) ? trial.figure : y.at(-1) ?? null);
        this.best.unit = this.isLoss() ? 1 : 100;
        this.best.set([
            {name: "each trial", colour: 8, dots: true, x, y: ended.map(trial => trial.figure)},
            {name: this.objective(), colour: 1, step: true, x, y},
        ]);
    }

    showRungs() {
        const rungs = this.rungs ?? [];
        show(this.rungPart, rungs.length > 0);
        if (rungs.length === 0)
            return;
        const steps = [...new Set(rungs.map(row => row.epochs))].sort((a, b) => a - b);
        const points =
            rungs.map(row => ({
                          trial: row.trial,
                          rung: row.rung,
                          x: plural(row.epochs, "epoch"),
                          y: row.figure,
                          class: row.promoted ? "promoted" : "stays",
                          words: `trial ${row.trial}: ${this.write(row.figure)} after ${plural(row.epochs, "epoch")}`,
                      }));
        const last = new Map(), links = [];
        for (const point of [...points].sort((a, b) => a.rung - b.rung)) {
            if (last.has(point.trial))
                links.push([last.get(point.trial), point]);
            last.set(point.trial, point);
        }
        this.rungPlot.unit = this.isLoss() ? 1 : 100;
        this.rungPlot.set({points, links, words: steps.map(step => plural(step, "epoch"))});
        say(this.rungWords, steps
                                .map(step => {
                                    const here = rungs.filter(row => row.epochs === step),
                                          on = here.filter(row => row.promoted).length;
                                    return `${plural(step, "epoch")}: ${plural(here.length, "trial")}${
                                        on > 0 ? `, ${on} trained on` : ""}`;
                                })
                                .join(" · "));
    }

    // ---- Score against each key ----

    showPlots(trials, keys) {
        show(this.plotPart, keys.length > 0);
        keep(this.plots, keys, key => key, key => {
            this.scatters.set(key, new Scatter({title: key}));
            return this.scatters.get(key).element;
        }, (_, key) => this.showPlot(this.scatters.get(key), trials.filter(trial => key in trial.recipe), key));
    }

    showPlot(plot, trials, key) {
        const values = trials.map(trial => trial.recipe[key]);
        const numeric = new Set(values.map(value)).size > FEW && values.every(known);
        const x = numeric ? values : values.map(value);
        const points = trials
                           .map((trial, i) => ({
                                    x: x[i],
                                    y: trial.figure,
                                    href: `#run=${trial.runs[0].id}`,
                                    class: trial === this.bestTrial ? "best" : trial.state,
                                    words: `trial ${trial.id}: ${key} ${value(values[i])}, ${this.write(trial.figure)}`,
                                }))
                           .filter((point, i) => known(point.y) || ["diverged", "failed"].includes(trials[i].state));
        plot.unit = this.isLoss() ? 1 : 100;
        plot.set({points, words: numeric ? null : sorted([...new Set(x)]), log: numeric && wide(x)});
    }

    // ---- The table ----

    columns(trials, keys, repeats) {
        const setting = key => ({
            key,
            title: key,
            number: trials.every(({recipe}) => !(key in recipe) || known(recipe[key])),
            value: ({recipe}) => Array.isArray(recipe[key]) ? value(recipe[key]) : recipe[key],
            text: ({recipe}) => value(recipe[key]),
        });
        const figure = {
            key: "figure",
            title: this.objective(),
            number: true,
            down: !this.isLoss(),
            value: trial => trial.figure,
            text: trial => this.write(trial.figure),
        };
        const spread = {
            key: "deviation",
            title: "deviation",
            number: true,
            value: trial => trial.deviation,
            text: trial => this.write(trial.deviation),
        };
        return [
            {key: "trial", title: "trial", number: true, value: trial => trial.id, fill: fillTrial},
            {key: "state", title: "state", value: trial => stateOrder(trial.state), fill: fillState},
            figure,
            ...repeats > 1 ? [spread] : [],
            {
                key: "epoch",
                title: "epochs",
                number: true,
                down: true,
                value: trial => trial.epoch,
                text: trial => `${trial.epoch} / ${trial.epochs}`,
            },
            ...keys.map(setting),
            {
                key: "seconds",
                title: "seconds",
                number: true,
                value: trial => trial.seconds,
                text: trial => trial.seconds.toFixed(1),
            },
        ];
    }

    showTable(trials, keys, repeats) {
        this.table.setColumns(this.columns(trials, keys, repeats));
        const down = this.down ?? (this.sort === "figure" && !this.isLoss());
        this.table.set(trials.map(trial => ({...trial, best: trial === this.bestTrial})), this.sort, down);
        const best = trials.filter(trial => known(trial.figure))
                         .sort((a, b) => better(a.figure, b.figure, this.search.objective) ? -1 : 1);
        show(this.compare, best.length > 1);
        attach(this.compare, {href: `#compare=${best.slice(0, COMPARED).map(trial => trial.runs[0].id).join(",")}`});
    }
}

// The trial's number leads to its first run, ".1", ".2", … to its repeats.
function fillTrial(cell, trial) {
    keep(cell, trial.runs, run => run.id,
         run => make("a", {href: `#run=${run.id}`, class: run.repeat > 0 ? "repeat" : ""}),
         (link, run) => say(link, run.repeat > 0 ? `.${run.repeat}` : String(trial.id)));
}

function fillState(cell, trial) {
    if (!cell.firstChild)
        cell.append(stateBadge());
    showState(cell.firstChild, trial);
}
