// The remaining time of a search, estimated as for the terminal (src/search/outlook.c explains it): from the epochs
// still to be trained, at the speed measured so far.
import {known} from "./words.js";

// A number of the section `search` of a space as Percept writes it, a key a line.
function setting(space, key) {
    const found = new RegExp(`^  ${key}: ([0-9]+)$`, "m").exec(space ?? "");
    return found ? Number(found[1]) : null;
}

// The epochs of each rung; [] for a search without rungs.
export function rungsOf(search, epochs) {
    const least = setting(search.space, "halving\\.least_epochs"),
          reduction = setting(search.space, "halving\\.reduction");
    const rungs = [];
    if (search.strategy !== "halving" || !known(least) || !known(reduction) || !(epochs > least))
        return [];
    for (let rung = least; rung < epochs; rung *= reduction)
        rungs.push(rung);
    return [...rungs, epochs];
}

const running = run => run.state === "running" || run.state === "paused";

// Runs that began the part of a training that ends at rung k.
function begun(runs, rungs, k) {
    return runs.filter(run => k === 0 || run.epoch > rungs[k - 1] || (run.epoch === rungs[k - 1] && running(run)))
        .length;
}

// {trained, left: epochs, seconds: until it is over, null while nothing can be said}. runs: of trials; planned: runs.
export function outlook(search, runs, planned, repeats, now) {
    const epochs = Math.max(0, ...runs.map(run => run.epochs)), rungs = rungsOf(search, epochs);
    const reduction = setting(search.space, "halving\\.reduction");
    const active = runs.filter(running);
    const goal = run => rungs.find(rung => rung > run.epoch) ?? run.epochs;
    const trained = runs.reduce((sum, run) => sum + run.epoch, 0);
    const seconds = runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0);
    const remaining = active.map(run => Math.max(0, goal(run) - run.epoch));
    let left = remaining.reduce((sum, part) => sum + part, 0), chain = 0, come = planned / repeats;
    if (rungs.length === 0)
        left += Math.max(0, planned - runs.length) * epochs;
    rungs.forEach((rung, k) => {
        const here = begun(runs, rungs, k) / repeats, part = rung - (k > 0 ? rungs[k - 1] : 0);
        come = Math.max(here, k > 0 ? Math.max(1, Math.floor(come / reduction)) : come);
        left += (come - here) * part * repeats;
        chain += k > 0 && come > here ? part : 0;
    });
    if (!(trained > 0) || !(seconds > 0))
        return {trained, left, seconds: null};
    const longest = Math.max(0, ...remaining), elapsed = now - search.started;
    const usual = runs.length < planned && elapsed > 0 ? seconds / elapsed : 1; // between two trials fewer are running
    const together = left / Math.max(1, active.length, usual);
    return {trained, left, seconds: Math.max(together, longest + chain) * seconds / trained};
}
