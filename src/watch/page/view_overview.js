// All runs and searches, those in progress first.
import {attach, keep, make, say, show} from "./dom.js";
import {code, notice, progressBar, showNotice, showProgress, showState, stateBadge} from "./parts.js";
import {Rows, server, tell} from "./source.js";
import {duration, inProgress, known, loss, percent, plural, runName, stateOrder, timeWords, NONE} from "./words.js";

const FIRST = 60;

// The validation metric by which a row is compared, with its name.
function figure(row) {
    if (known(row.valid_accuracy))
        return [percent(row.valid_accuracy), "valid. accuracy"];
    return known(row.valid_loss)   ? [loss(row.valid_loss), "valid. loss"]
           : known(row.train_loss) ? [loss(row.train_loss), "train. loss"]
                                   : [NONE, ""];
}

const byProgress = (a, b) => (inProgress(b) - inProgress(a)) ||
                             (inProgress(a) ? stateOrder(a.state) - stateOrder(b.state) : 0) || b.started - a.started ||
                             b.id - a.id;

export class Overview {
    constructor(place) {
        this.place = place;
        this.rows = new Rows();
        this.searches = [];
        this.chosen = new Set();
        this.problem = notice("bad");
        this.quiet = notice("quiet");
        this.empty =
            make("section", {class: "empty", hidden: true}, make("h2", {}, "Nothing here yet"),
                 make("p", {}, "There is no database in ", this.folder = code(""), ". The first training makes it:"),
                 make("pre", {}, "percept train --layers 784-64-10 --epochs 20"),
                 make("p", {class: "soft"}, "Start it in another terminal; it will appear here automatically."));
        this.searchList = make("ul", {class: "rows searches"});
        this.runList = make("ul", {class: "rows runs"});
        this.find = make("input", {
            type: "search",
            placeholder: "name, state, tag",
            "aria-label": "show only runs with this word",
            oninput: () => place({find: this.find.value})
        });
        this.more = make("button", {
            hidden: true,
            onclick: () => {
                this.all = true;
                this.update();
            }
        });
        this.sections = [
            make("section", {hidden: true}, make("h2", {}, "Searches"), this.searchList),
            make("section", {hidden: true}, make("div", {class: "heading"}, make("h2", {}, "Runs"), this.find),
                 this.runList, this.more)
        ];
        this.bar = this.choiceBar();
        this.element = make("div", {class: "overview"}, make("h1", {class: "unseen"}, "Runs and searches"),
                            this.problem, this.quiet, this.empty, ...this.sections, this.bar);
    }

    choiceBar() {
        this.chosenWords = make("span", {role: "status"});
        this.compare = make("a", {class: "button strong"}, "Compare");
        return make("div", {class: "choice", hidden: true}, this.chosenWords, this.compare,
                    make("button", {onclick: () => this.place({pick: null})}, "Clear"));
    }

    arrange(parameters) {
        this.word = parameters.get("find") ?? "";
        if (document.activeElement !== this.find)
            this.find.value = this.word;
        this.chosen = new Set((parameters.get("pick") ?? "").split(",").filter(Boolean).map(Number));
        this.update();
    }

    async poll() {
        const answer = await tell("/feed", {since: this.rows.since});
        this.asked = true;
        if (!answer.database) {
            this.rows.forget();
            this.searches = [];
            return false;
        }
        this.searches = answer.searches;
        return !this.rows.take(answer.runs);
    }

    title() {
        const running = [...this.rows.all(), ...this.searches].filter(row => row.state === "running").length;
        return running > 0 ? `${running} running · Percept` : "Percept";
    }

    refuse(problem) { showNotice(this.problem, problem); }

    close() {}

    // ---- Showing ----

    update() {
        if (!this.asked)
            return;
        const runs = this.rows.all().sort(byProgress), searches = [...this.searches].sort(byProgress);
        const words = this.word.toLowerCase();
        const wanted = runs.filter(run => [run.name, run.state, run.tags, run.dataset, run.folder].some(
                                       text => (text ?? "").toLowerCase().includes(words)));
        const shown = this.all ? wanted : wanted.slice(0, FIRST);
        showNotice(this.problem, "");
        say(this.folder, server.folder);
        show(this.empty, runs.length + searches.length === 0);
        say(this.empty.firstChild, server.database ? "No runs yet" : "Nothing here yet");
        show(this.empty.children[1], !server.database);
        show(this.sections[0], searches.length > 0);
        show(this.sections[1], runs.length > 0);
        showNotice(this.quiet, runs.length + searches.length > 0 && ![...runs, ...searches].some(inProgress)
                                   ? "Nothing is running. New runs appear here automatically."
                                   : "");
        keep(this.searchList, searches, row => row.id, row => this.makeRow(row, "search"),
             (line, row) => this.showSearch(line, row));
        keep(this.runList, shown, row => row.id, row => this.makeRow(row, "run"),
             (line, row) => this.showRun(line, row));
        show(this.more, shown.length < wanted.length);
        say(this.more, `Show all ${wanted.length} runs`);
        this.showChoice();
    }

    makeRow(row, kind) {
        const line = make("li");
        line.parts = {
            name: make("a", {class: "name", href: `#${kind}=${row.id}`}),
            note: make("span", {class: "note"}),
            state: stateBadge(),
            progress: progressBar(),
            figure: make("span", {class: "figure"}, make("b"), make("span")),
            time: make("span", {class: "time"})
        };
        if (kind === "run") {
            line.parts.box =
                make("input", {type: "checkbox", onchange: event => this.choose(row.id, event.target.checked)});
            line.append(make("label", {class: "pick"}, line.parts.box));
        }
        line.append(make("span", {class: "who"}, line.parts.name, line.parts.note), line.parts.state,
                    line.parts.progress, line.parts.figure, line.parts.time);
        return line;
    }

    showFigure(parts, [value, name]) {
        say(parts.figure.firstChild, value);
        say(parts.figure.lastChild, name);
    }

    showRun({parts}, run) {
        const name = runName(run);
        say(parts.name, name);
        say(parts.note, [
            run.kind === "train" ? "" : run.kind, name.startsWith(run.name) ? "" : run.name,
            [name, run.name].some(text => text.includes(run.dataset)) ? "" : run.dataset, run.tags
        ].filter(Boolean).join(" · "));
        showState(parts.state, run);
        showProgress(parts.progress, run.epoch, run.epochs, `${run.epoch} / ${run.epochs}`, `epochs of ${name}`);
        this.showFigure(parts, figure(run));
        say(parts.time, timeWords(run, server.now));
        attach(parts.box, {"aria-label": `choose ${name} for comparison`});
        parts.box.checked = this.chosen.has(run.id);
    }

    showSearch({parts}, search) {
        const {done, diverged, failed, pruned, planned} = search, name = search.folder ?? search.name;
        const all = done + diverged + failed + pruned;
        const ended = planned ? Math.min(all, planned) : all; // the winner that is trained again is no trial
        say(parts.name, name);
        say(parts.note, [search.strategy, name.startsWith(search.name) ? "" : search.name].filter(Boolean).join(" · "));
        showState(parts.state, search);
        showProgress(parts.progress, ended, planned, planned ? `${ended} / ${planned}` : String(ended),
                     `runs of ${name}`);
        this.showFigure(parts, figure({[search.objective]: search.best}));
        say(parts.time, search.state === "running"
                            ? `for ${duration(Math.max(0, server.now - search.started))}`
                            : timeWords({...search, epoch: ended, epochs: 0, seconds: null}, server.now));
    }

    choose(id, on) {
        const chosen = new Set(this.chosen);
        if (on)
            chosen.add(id);
        else
            chosen.delete(id);
        this.place({pick: [...chosen].join(",")});
    }

    showChoice() {
        const some = this.chosen.size > 0;
        show(this.bar, some);
        say(this.chosenWords, `${plural(this.chosen.size, "run")} chosen`);
        attach(this.compare, {href: `#compare=${[...this.chosen].join(",")}`});
    }
}
