// The trials of a search, made of its runs: a trial that is repeated with other seeds has several.
import {known, stateOrder} from "./words.js";

const ENDED = ["done", "pruned", "diverged", "failed"];

function mean(values) {
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

// Over n - 1; null of fewer than two.
function deviation(values) {
    const middle = mean(values);
    return values.length < 2
               ? null
               : Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

// The score of a run; runs that diverged or failed have none.
const figureOf = (run, objective) => ["diverged", "failed"].includes(run.state) ? null : run[objective];

// True if score a is better than b; any score is better than none.
export function better(a, b, objective) {
    return known(a) && (!known(b) || (objective === "valid_loss" ? a < b : a > b));
}

function trialOf(runs, objective) {
    const figures = runs.map(run => figureOf(run, objective)).filter(known);
    const ended = runs.every(run => ENDED.includes(run.state));
    return {
        id: runs[0].trial,
        runs,
        recipe: runs[0].recipe,
        state: runs.map(run => run.state).sort((a, b) => stateOrder(a) - stateOrder(b))[0],
        request: "",
        figure: mean(figures),
        deviation: deviation(figures),
        epoch: Math.max(...runs.map(run => run.epoch)),
        epochs: runs[0].epochs,
        seconds: runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0),
        updated: Math.max(...runs.map(run => run.updated)),
        ended: ended ? Math.max(...runs.map(run => run.ended ?? 0)) : null,
    };
}

// [{id: the trial's number, runs, recipe, state, figure: mean over its runs, deviation, epoch, epochs, seconds,
// ended}] by number. A trial has ended when all of its repeats, as many as any has, have.
export function trialsOf(runs, objective) {
    const byTrial = new Map();
    for (const run of runs.filter(one => one.kind === "trial"))
        byTrial.set(run.trial, [...byTrial.get(run.trial) ?? [], run]);
    const repeats = Math.max(1, ...[...byTrial.values()].map(list => list.length));
    return [...byTrial.values()]
        .map(list => trialOf(list.sort((a, b) => a.repeat - b.repeat), objective))
        .map(trial => trial.runs.length === repeats ? trial : {...trial, ended: null})
        .sort((a, b) => a.id - b.id);
}

export function bestOf(trials, objective) {
    return trials.reduce((best, trial) => better(trial.figure, best?.figure, objective) ? trial : best, null);
}

// Keys that say where and how, not what.
const IDLE = new Set(["seed", "name", "out", "threads"]);

// The keys in which the recipes differ.
export function variedKeys(trials) {
    const seen = new Map();
    for (const {recipe} of trials)
        for (const [key, what] of Object.entries(recipe))
            seen.set(key, (seen.get(key) ?? new Set()).add(JSON.stringify(what)));
    return [...seen].filter(([key, values]) => values.size > 1 && !IDLE.has(key)).map(([key]) => key);
}
