// Numbers, times and states in words.

// What a value that is not there is written as.
export const NONE = "–";

export const known = value => typeof value === "number" && Number.isFinite(value);

export function percent(value) { return known(value) ? (100 * value).toFixed(2) + " %" : NONE; }

// Four significant digits.
export function number(value) {
    if (!known(value))
        return NONE;
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e6))
        return value.toExponential(2).replace("e+", "e");
    return String(Number(value.toPrecision(4)));
}

// With the same number of digits always: digits do not dance while they change.
export function loss(value) {
    if (!known(value))
        return NONE;
    return Math.abs(value) < 1e-3 && value !== 0 || Math.abs(value) >= 1e4 ? value.toExponential(2) : value.toFixed(4);
}

export function count(value) { return known(value) ? value.toLocaleString("en") : NONE; }

export function plural(value, one, many = one + "s") { return `${count(value)} ${value === 1 ? one : many}`; }

// "8 s", "3 min", "2 h 5 min", "4 d"
export function duration(seconds) {
    if (!known(seconds))
        return NONE;
    const s = Math.max(0, seconds);
    if (s < 99.5)
        return `${s < 9.95 && !Number.isInteger(s) ? s.toFixed(1) : Math.round(s)} s`;
    const minutes = Math.round(s / 60);
    if (minutes < 60)
        return `${minutes} min`;
    if (minutes < 48 * 60)
        return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return `${Math.round(minutes / 1440)} d`;
}

export function ago(time, now) {
    if (!known(time))
        return "";
    return !(now - time >= 60) ? "just now" : `${duration(now - time)} ago`;
}

export function moment(time) { return known(time) ? new Date(1000 * time).toLocaleString() : NONE; }

// A recipe's value: lists as they are typed.
export function value(what) {
    if (Array.isArray(what))
        return what.map(value).join("-");
    if (what === null || what === undefined)
        return NONE;
    return typeof what === "number" ? number(what) : String(what);
}

// What a run is called: by its folder, which no other run has; runs of a search share its name.
export function runName(run) {
    const parts = {
        trial: ` · trial ${run.trial}${run.repeat > 0 ? `.${run.repeat}` : ""}`,
        best: " · best, trained again"
    };
    return run.search ? run.name + (parts[run.kind] ?? "") : run.folder ?? run.name;
}

// States with a sign, since colour alone does not reach everybody; those in progress come first.
const STATES = ["running", "paused", "waiting", "interrupted", "failed", "diverged", "done", "pruned"];
const SIGNS = {
    running: "●",
    paused: "‖",
    waiting: "◌",
    interrupted: "■",
    failed: "✗",
    diverged: "∞",
    done: "✓",
    pruned: "✂"
};

export const stateOrder = state => STATES.indexOf(state);
export const stateSign = state => SIGNS[state] ?? "?";
export const inProgress = row => row.state === "running" || row.state === "paused";

// The state of a run, including requests that are not fulfilled yet.
export function stateWords(row) {
    if (row.request === "stop" && inProgress(row))
        return "stopping";
    if (row.request === "pause" && row.state === "running")
        return "pausing";
    if (row.request === "none" && row.state === "paused")
        return "resuming";
    return row.state;
}

// A window's title: "42 % · NAME" while something runs, else its state.
export function windowTitle(row, done, all, name) {
    return `${row.state === "running" && all > 0 ? Math.floor(100 * done / all) + " %" : row.state} · ${name}`;
}

// "about 3 min left", "took 4 min", …
export function timeWords(run, now) {
    const used = known(run.seconds) && run.seconds > 0 ? run.seconds : run.updated - run.started;
    if (run.state === "running" && run.epoch > 0 && run.epochs > run.epoch) {
        const left = used / run.epoch * (run.epochs - run.epoch) - Math.max(0, now - run.updated);
        return `about ${duration(Math.max(1, Math.round(left)))} left`;
    }
    if (run.state === "running")
        return run.epoch > 0 ? "about to end" : "begins";
    if (run.state === "done" && used > 0)
        return `took ${duration(used)}`;
    if (run.state === "paused" || run.state === "waiting")
        return `for ${duration(Math.max(0, now - run.updated))}`;
    return `ended ${ago(known(run.ended) ? run.ended : run.updated, now)}`;
}
