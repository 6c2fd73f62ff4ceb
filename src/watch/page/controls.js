// The buttons that act on a process: pause, continue, stop.
import {attach, make, say, show} from "./dom.js";
import {ask} from "./source.js";
import {inProgress, stateWords} from "./words.js";

// Asks before something is stopped; true for yes.
function confirmed(question, consequence) {
    const dialog = document.getElementById("confirm");
    say(document.getElementById("question"), question);
    say(document.getElementById("consequence"), consequence);
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise(resolve =>
                           dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), {once: true}));
}

export class Controls {
    // path: "/run" or "/search"; consequence: what a stop means.
    constructor(path, consequence) {
        Object.assign(this, {path, consequence});
        this.pause = make("button", {onclick: () => this.act(this.row.request === "pause" ? "none" : "pause")});
        this.stop = make("button", {class: "strong", onclick: () => this.askToStop()}, "Stop");
        this.problem = make("span", {class: "problem", role: "alert"});
        this.element = make("div", {class: "controls"}, this.pause, this.stop, this.problem);
    }

    update(row, name) {
        Object.assign(this, {row, name});
        this.used ||= inProgress(row); // its room stays when the buttons go
        show(this.element, this.used);
        show(this.pause, inProgress(row));
        show(this.stop, inProgress(row));
        say(this.pause, row.request === "pause" ? "Continue" : "Pause");
        const stopping = stateWords(row) === "stopping";
        attach(this.pause, {disabled: stopping});
        attach(this.stop, {disabled: stopping});
    }

    async askToStop() {
        if (await confirmed(`Stop ${this.name}?`, this.consequence))
            await this.act("stop");
    }

    async act(request) {
        try {
            await ask(this.path, this.row.id, request);
            say(this.problem, "");
            this.update({...this.row, request}, this.name);
        } catch (problem) {
            say(this.problem, problem.message);
        }
    }
}
