// One run: metrics, curves, settings, and misclassified pictures.
import {Chart, toggle} from "./chart.js";
import {Controls} from "./controls.js";
import {keep, make, say, show} from "./dom.js";
import {facts, notice, progressBar, showNotice, showProgress, showState, showTile, stateBadge, tiles} from "./parts.js";
import {Run, server} from "./source.js";
import {count, duration, known, loss, moment, percent, runName, timeWords, value, windowTitle} from "./words.js";

// Settings that are always shown; the others are folded.
const KEY_SETTINGS = [
    "data.name", "model.layers", "model.activation", "model.dropout", "model.l2", "train.optimizer",
    "train.learning_rate", "train.schedule", "train.momentum", "train.batch_size", "seed"
];

// Colours of the parts (style.css), as in the report's pictures: training orange with dashes, validation blue, test
// green.
const PARTS = [["validation", "valid", 1, false], ["training", "train", 2, true], ["test", "test", 3, false]];

// The series of a metric ("loss" or "accuracy") of a run.
export function seriesOf(run, figure) {
    return PARTS
        .map(([name, part, colour, dash]) => ({
                 name,
                 colour,
                 dash,
                 x: run.epochs.epoch,
                 y: run.epochs[`${part}_${figure}`],
                 mark: part === "valid" && run.row.best_epoch >= 0 ? run.row.best_epoch : null
             }))
        .filter(line => line.y.some(known));
}

export class RunView {
    constructor(id, place) {
        this.run = new Run(Number(id));
        this.name = make("h1");
        this.state = stateBadge();
        this.parent = make("a", {href: "#"}, "All runs");
        this.controls = new Controls("/run", "It keeps a checkpoint; percept train --resume continues from it.");
        this.problem = notice("bad");
        this.message = notice("bad");
        this.progress = progressBar();
        this.tiles =
            tiles({epoch: "epoch", accuracy: "best validation accuracy", loss: "validation loss", time: "time"});
        this.loss = new Chart({
            title: "Loss",
            write: loss,
            controls: [this.log = toggle("log scale", false, on => place({log: on ? 1 : null}))]
        });
        this.accuracy = new Chart({title: "Accuracy", write: percent, unit: 100});
        this.wrongWords = make("span", {class: "soft"});
        this.wrongList = make("ul", {class: "wrong"});
        this.wrong = make("section", {hidden: true}, make("h2", {}, "Misclassified ", this.wrongWords), this.wrongList);
        this.settings = make("section", {hidden: true});
        this.body =
            make("div", {class: "body", hidden: true}, this.message, this.progress, this.tiles.element,
                 make("div", {class: "charts"}, this.loss.element, this.accuracy.element), this.wrong, this.settings);
        this.element =
            make("div", {class: "single"}, make("nav", {"aria-label": "way back"}, this.parent),
                 make("div", {class: "title"}, this.name, this.state, this.controls.element), this.problem, this.body);
    }

    arrange(parameters) {
        this.isLog = parameters.has("log");
        this.log.firstChild.checked = this.isLog;
        this.update();
    }

    async poll() { return await this.run.poll(); }

    title() {
        const run = this.run.row;
        return run ? windowTitle(run, run.epoch, run.epochs, runName(run)) : "Percept";
    }

    refuse(problem) { showNotice(this.problem, problem); }

    close() {
        this.loss.close();
        this.accuracy.close();
    }

    // ---- Showing ----

    update() {
        const run = this.run.row;
        showNotice(this.problem, server.database ? "" : `There is no database in ${server.folder} any more.`);
        show(this.body, run !== null);
        if (!run)
            return;
        say(this.name, runName(run));
        say(this.parent, run.search ? "Its search" : "All runs");
        this.parent.href = run.search ? `#search=${run.search}` : "#";
        showState(this.state, run);
        this.controls.update(run, runName(run));
        showNotice(this.message, run.message ?? "");
        showProgress(this.progress, run.epoch, run.epochs, "", `epochs of ${runName(run)}`);
        this.showTiles(run);
        this.showCurves(run);
        this.showWrong();
        this.showSettings(run);
    }

    showTiles(run) {
        const {parts} = this.tiles, {epochs} = this.run;
        const best = run.best_epoch >= 0 ? `epoch ${run.best_epoch}` : "";
        showTile(parts.epoch, `${run.epoch} / ${run.epochs}`,
                 known(epochs.seconds.at(-1)) ? `${duration(run.seconds)} of training` : "");
        showTile(parts.accuracy, percent(run.valid_accuracy), best);
        showTile(parts.loss, loss(run.valid_loss), best);
        showTile(parts.time, timeWords(run, server.now), `begun ${moment(run.started)}`);
    }

    showCurves(run) {
        const limit = run.state === "running" || run.state === "paused" ? run.epochs - 1 : 0;
        const accuracy = seriesOf(this.run, "accuracy");
        this.loss.set(seriesOf(this.run, "loss"), {log: this.isLog, limit});
        this.accuracy.set(accuracy, {limit});
        show(this.accuracy.element, accuracy.length > 0 || this.run.epochs.epoch.length === 0);
    }

    showWrong() {
        const wrong = this.run.wrong;
        show(this.wrong, wrong !== null);
        if (wrong === null || wrong === this.shownWrong)
            return;
        this.shownWrong = wrong;
        say(this.wrongWords, `after epoch ${wrong.epoch}`);
        keep(this.wrongList, wrong.pictures.map((picture, i) => ({...picture, i})), picture => picture.i,
             () => make("li", {}, make("canvas"), make("span", {class: "names"}, make("span"), " → ", make("b")),
                        make("span", {class: "soft"})),
             (item, picture) => {
                 paintPicture(item.firstChild, picture);
                 say(item.children[1].firstChild, picture.label);
                 say(item.children[1].lastChild, picture.predicted);
                 say(item.lastChild, known(picture.confidence) ? `${Math.round(100 * picture.confidence)} % sure` : "");
             });
    }

    showSettings(run) {
        const text = JSON.stringify(run.recipe);
        if (text === this.shownRecipe)
            return;
        this.shownRecipe = text;
        const keys = Object.keys(run.recipe), settings = KEY_SETTINGS.filter(key => keys.includes(key));
        show(this.settings, true);
        this.settings.replaceChildren(
            make("h2", {}, "Settings"), facts([
                ...settings.map(key => [key, value(run.recipe[key])]),
                [
                    "examples",
                    [["training", run.train_count], ["validation", run.valid_count], ["test", run.test_count]]
                        .filter(([, number]) => number > 0)
                        .map(([part, number]) => `${count(number)} ${part}`)
                        .join(", ")
                ],
                ["parameters", count(run.parameters)], ["threads", count(run.threads)],
                ...[["folder", run.folder], ["tags", run.tags], ["machine", run.machine], ["version", run.version]]
                    .filter(([, what]) => what)
            ]),
            make("details", {}, make("summary", {}, `All ${keys.length} settings`),
                 facts(keys.map(key => [key, value(run.recipe[key])]))));
    }
}

// Grey bytes in base64 onto a canvas of as many pixels; the style enlarges it.
function paintPicture(canvas, {width, height, pixels, label, predicted}) {
    const bytes = atob(pixels), context = canvas.getContext("2d");
    Object.assign(canvas, {width, height});
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label}, taken for ${predicted}`);
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
        image.data.fill(bytes.charCodeAt(i), 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
}
