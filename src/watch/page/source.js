// Requests to the server, and its answers.

const PATIENCE = 15000; // milliseconds for an answer

// The server answers, but not with what was asked for.
export class Refusal extends Error {
    constructor(message, status) {
        super(message);
        this.status = status;
    }
}

// Part of each answer: the server (its token changes after a restart), the folder, and the server's time.
export const server = {
    token: "",
    folder: "",
    version: "",
    database: true,
    now: 0
};

async function send(path, parameters, options) {
    const query = new URLSearchParams(parameters).toString();
    const response = await fetch(query ? `${path}?${query}` : path,
                                 {...options, cache: "no-store", signal: AbortSignal.timeout(PATIENCE)});
    const answer = await response.json();
    if (!response.ok)
        throw new Refusal(answer.problem ?? response.statusText, response.status);
    return answer;
}

// Another server than before may serve another folder, and another version of this page: all begins anew. The address
// keeps what is shown.
export async function tell(path, parameters = {}) {
    const answer = await send(path, parameters, {});
    if (server.token !== "" && server.token !== answer.token)
        location.reload();
    for (const name of Object.keys(server))
        server[name] = answer[name];
    return answer;
}

// ask("/run", 5, "pause")
export async function ask(path, id, request) {
    await send(path, {id, ask: request}, {method: "POST", headers: {"Percept-Token": server.token}});
}

// Rows by id, of which only changed ones are sent (feed.h). The time of the last change is requested again: another row
// may have been changed in the same instant.
export class Rows {
    constructor() { this.forget(); }

    forget() {
        this.byId = new Map();
        this.since = 0;
    }

    // False if the answer does not fit the known rows: rows were deleted, or a process was killed.
    take({count, live, rows}) {
        for (const row of rows) {
            this.byId.set(row.id, row);
            this.since = Math.max(this.since, Math.floor(1000 * row.updated));
        }
        const alive = new Set(live);
        const fits = this.byId.size === count &&
                     [...this.byId.values()].every(row => alive.has(row.id) ===
                                                          ["running", "paused", "waiting"].includes(row.state));
        if (!fits)
            this.forget();
        return fits;
    }

    all() { return [...this.byId.values()]; }
}

const COLUMNS = [
    "epoch", "learning_rate", "seconds", "train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "test_loss",
    "test_accuracy"
];

// A run with its epochs and wrong pictures, kept as they grow.
export class Run {
    constructor(id) {
        this.id = id;
        this.forget();
    }

    forget() {
        this.row = null;
        this.wrong = null;
        this.epochs = Object.fromEntries(COLUMNS.map(name => [name, []]));
    }

    // Requests new data; true if more should be requested at once.
    async poll() {
        const known = this.epochs.epoch;
        const from = known.length > 0 ? known.at(-1) + 1 : 0;
        const answer = await tell("/run", {id: this.id, from, wrong: this.wrong ? this.wrong.epoch : -1});
        if (!answer.run) {
            this.forget();
            return false;
        }
        const begunAnew = this.row !== null && (answer.run.epoch < from || answer.run.started !== this.row.started);
        if (begunAnew) {
            this.forget();
            return true;
        }
        this.row = answer.run;
        this.wrong = answer.wrong ?? this.wrong;
        for (const name of COLUMNS)
            this.epochs[name].push(...answer.epochs[name]);
        return answer.epochs.more;
    }
}
