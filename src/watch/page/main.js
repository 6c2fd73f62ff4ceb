// The page: which view the address asks for, and the clock that keeps it up to date.
import {say} from "./dom.js";
import {Refusal, server} from "./source.js";
import {Comparison} from "./view_compare.js";
import {Overview} from "./view_overview.js";
import {RunView} from "./view_run.js";
import {SearchView} from "./view_search.js";

// Milliseconds between two requests to the server: normally, while the page is hidden, after a failure.
const EVERY = 1000, HIDDEN = 10000, LATER = 2500;

// The status of an answer that says: another program holds the database for a moment.
const BUSY = 503;

// If an answer takes long, because there are many thousand runs, the page waits this many times as long before the next
// request.
const REST = 10;

const views = {
    run: RunView,
    search: SearchView,
    compare: Comparison
};

let view = null, name = null, wake = () => {};

// "#run=5&log=1" is {run: "5", log: "1"}: the address determines what is shown.
const read = () => new URLSearchParams(location.hash.slice(1));

// Changes the address; null removes a part. The Back button returns to another view, but does not undo changes of how a
// view is shown.
function place(changes) {
    const parameters = read();
    for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === "" || value === false)
            parameters.delete(key);
        else
            parameters.set(key, value);
    }
    history.replaceState(null, "", "#" + parameters);
    route();
}

function route() {
    const parameters = read();
    const kind = Object.keys(views).find(key => parameters.has(key));
    const wanted = kind ? `${kind}=${parameters.get(kind)}` : "overview";
    if (wanted !== name) {
        view?.close();
        name = wanted;
        view = kind ? new views[kind](parameters.get(kind), place) : new Overview(place);
        document.getElementById("view").replaceChildren(view.element);
        window.scrollTo(0, 0);
    }
    view.arrange(parameters);
    wake();
}

// ---- The clock ----

function connection(words, well) {
    const sign = document.getElementById("connection");
    say(sign, words);
    sign.className = well ? "connection live" : "connection gone";
    document.body.classList.toggle("stale", !well);
}

// Waits so long, or until something wants an answer now.
function pause(milliseconds) {
    return new Promise(resolve => {
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
            clearTimeout(timer);
            resolve();
        };
    });
}

async function step() {
    const asked = view, begun = performance.now();
    try {
        const more = await asked.poll();
        connection("live", true);
        say(document.getElementById("folder"), server.folder);
        if (asked !== view)
            return 0;
        asked.update();
        document.title = asked.title();
        return more ? 0 : document.hidden ? HIDDEN : Math.max(EVERY, REST * (performance.now() - begun));
    } catch (problem) {
        if (!(problem instanceof Refusal))
            connection("server gone, trying again", false);
        else if (problem.status === BUSY)
            connection("database busy, trying again", false);
        else if (asked === view)
            asked.refuse(problem.message);
        return LATER;
    }
}

async function run() {
    for (;;)
        await pause(await step());
}

window.addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => wake());
window.addEventListener("online", () => wake());
route();
run();
