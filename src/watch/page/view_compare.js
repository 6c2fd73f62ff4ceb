// Several runs' curves over each other, and the settings that they differ in.
import {Chart, toggle} from "./chart.js";
import {make, show} from "./dom.js";
import {notice, showNotice} from "./parts.js";
import {Run} from "./source.js";
import {known, loss, percent, runName, value, NONE} from "./words.js";

const COLOURS = 8;

export class Comparison {
    constructor(ids, place) {
        this.place = place;
        this.runs = ids.split(",").filter(Boolean).slice(0, COLOURS).map(id => new Run(Number(id)));
        this.problem = notice("bad");
        this.part = make("select", {
            "aria-label": "part of the data",
            onchange: () => place({part: this.part.value === "valid" ? null : this.part.value})
        },
                         ...[["valid", "validation"], ["train", "training"], ["test", "test"]].map(
                             ([value, words]) => make("option", {value}, words)));
        this.log = toggle("log scale", false, on => place({log: on ? 1 : null}));
        this.loss = new Chart({title: "Loss", write: loss, controls: [this.log]});
        this.accuracy = new Chart({title: "Accuracy", write: percent, unit: 100});
        this.table = make("section");
        this.element =
            make("div", {class: "single"}, make("nav", {"aria-label": "way back"}, make("a", {href: "#"}, "All runs")),
                 make("div", {class: "title"}, make("h1", {}, "Comparison"),
                      make("label", {class: "toggle"}, "of the part ", this.part)),
                 this.problem, make("div", {class: "charts"}, this.loss.element, this.accuracy.element), this.table);
    }

    arrange(parameters) {
        this.isLog = parameters.has("log");
        this.log.firstChild.checked = this.isLog;
        this.part.value = parameters.get("part") ?? "valid";
        this.update();
    }

    // A missing run is reported, and the others are shown nevertheless.
    async poll() {
        const outcomes = await Promise.allSettled(this.runs.map(run => run.poll()));
        const failed = outcomes.find(outcome => outcome.status === "rejected");
        if (failed && outcomes.every(outcome => outcome.status === "rejected"))
            throw failed.reason;
        showNotice(this.problem, failed ? failed.reason.message : "");
        return outcomes.some(outcome => outcome.value === true);
    }

    title() { return `${this.runs.length} runs compared`; }

    refuse(problem) { showNotice(this.problem, problem); }

    close() {
        this.loss.close();
        this.accuracy.close();
    }

    update() {
        const there = this.runs.filter(run => run.row !== null);
        const series = figure => there
                                     .map(run => ({
                                              name: `${runName(run.row)} (${run.id})`,
                                              colour: this.runs.indexOf(run) + 1,
                                              dash: this.runs.indexOf(run) % 2 === 1,
                                              x: run.epochs.epoch,
                                              y: run.epochs[`${this.part.value}_${figure}`],
                                              href: `#run=${run.id}`
                                          }))
                                     .filter(line => line.y.some(known));
        const accuracy = series("accuracy");
        this.loss.set(series("loss"), {log: this.isLog});
        this.accuracy.set(accuracy);
        show(this.accuracy.element, accuracy.length > 0 || there.length === 0);
        this.showTable(there.map(run => run.row));
    }

    showTable(rows) {
        const text = JSON.stringify(rows.map(row => [row.recipe, row.state, row.epoch]));
        if (rows.length === 0 || text === this.shown)
            return;
        this.shown = text;
        const keys = [...new Set(rows.flatMap(row => Object.keys(row.recipe)))];
        const differing = keys.filter(key => new Set(rows.map(row => JSON.stringify(row.recipe[key]))).size > 1);
        const line = (name, write, number = true) =>
            make("tr", {}, make("th", {scope: "row"}, name),
                 ...rows.map(row => make("td", {class: number ? "number" : ""}, write(row))));
        this.table.replaceChildren(
            make("h2", {}, "Differences"),
            make("div", {class: "box", role: "region", tabindex: 0, "aria-label": "what the runs differ in"},
                 make("table", {},
                      make("thead", {},
                           make("tr", {}, make("th", {}),
                                ...rows.map((row, i) => make(
                                                "th", {scope: "col", class: "number"},
                                                make("a", {href: `#run=${row.id}`}, `${runName(row)} (${row.id})`))))),
                      make("tbody", {}, line("state", row => row.state),
                           line("epochs", row => `${row.epoch} / ${row.epochs}`),
                           line("best validation accuracy", row => percent(row.valid_accuracy)),
                           line("its loss", row => loss(row.valid_loss)),
                           ...differing.map(
                               key => line(key, row => key in row.recipe ? value(row.recipe[key]) : NONE))))));
    }
}
