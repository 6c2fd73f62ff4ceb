// A table that sorts by column and keeps its rows as they change.
import {attach, keep, make, say, show} from "./dom.js";

const FIRST = 100; // rows that are shown before more are asked for

function compare(a, b) {
    const [none, other] = [a, b].map(value => value === null || value === undefined || Number.isNaN(value));
    if (none || other)
        return none - other; // missing values come last, in either order
    return typeof a === "number" && typeof b === "number" ? a - b
                                                          : String(a).localeCompare(String(b), "en", {numeric: true});
}

export class Table {
    // columns: [{key, title, number, down: greatest first, value(row), text(row) or fill(cell, row)}]; sorted(key, down):
    // called when a head is used.
    constructor({caption, columns, sorted}) {
        this.sorted = sorted;
        this.head = make("tr");
        this.body = make("tbody");
        this.more = make("button", {
            onclick: () => {
                this.all = true;
                this.set(this.rows, this.sort, this.down);
            }
        });
        this.element =
            make("div", {class: "table"},
                 make("div", {class: "box", role: "region", tabindex: 0, "aria-label": caption},
                      make("table", {}, make("caption", {}, caption), make("thead", {}, this.head), this.body)),
                 this.more);
        this.setColumns(columns);
    }

    setColumns(columns) {
        const keys = columns.map(column => column.key).join();
        if (keys === this.keys)
            return;
        this.keys = keys;
        this.columns = columns;
        this.body.replaceChildren();
        this.body.kept = new Map();
        this.head.replaceChildren(...columns.map(
            column => make(
                "th", {scope: "col", class: column.number ? "number" : ""},
                make("button", {
                    onclick: () => this.sorted(column.key, this.sort === column.key ? !this.down : column.down ?? false)
                },
                     column.title, make("span", {class: "arrow", "aria-hidden": "true"})))));
    }

    set(rows, sort, down) {
        Object.assign(this, {rows, sort, down});
        const column = this.columns.find(one => one.key === sort) ?? this.columns[0];
        const sorted =
            rows.map(row => [column.value(row), row])
                .sort(([a], [b]) => {
                    const order = compare(a, b);
                    return [a, b].some(value => value === null || value === undefined || Number.isNaN(value)) || !down
                               ? order
                               : -order;
                })
                .map(([, row]) => row);
        const shown = this.all ? sorted : sorted.slice(0, FIRST);
        this.columns.forEach((one, i) => {
            const cell = this.head.children[i], chosen = one === column;
            attach(cell, {"aria-sort": chosen ? (down ? "descending" : "ascending") : null});
            say(cell.querySelector(".arrow"), chosen ? (down ? "▼" : "▲") : "");
        });
        keep(this.body, shown, row => row.id,
             () => make("tr", {}, ...this.columns.map(one => make("td", {class: one.number ? "number" : ""}))),
             (line, row) => {
                 attach(line, {class: row.best ? "best" : null});
                 this.columns.forEach((one, i) => one.fill ? one.fill(line.children[i], row)
                                                           : say(line.children[i], one.text(row)));
             });
        show(this.more, shown.length < sorted.length);
        say(this.more, `Show all ${sorted.length}`);
    }
}
