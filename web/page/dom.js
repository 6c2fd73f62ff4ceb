// Elements. Text is only ever set as text: a name may hold <, > and &.

// make("p", {class: "soft", onclick: listener}, "text", element, …): false and null leave an attribute out.
export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function")
            element.addEventListener(name.slice(2), value);
        else if (value !== false && value !== null && value !== undefined)
            element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
}

export const find = id => document.getElementById(id);

// Sets a text where it differs, so that a selection in it stays.
export function say(element, text) {
    if (element.textContent !== text)
        element.textContent = text;
}

// A line of a legend: a colour, a word and a number.
export function legend(element, rows) {
    while (element.children.length > rows.length)
        element.lastChild.remove();
    rows.forEach(([color, word, value], i) => {
        const row = element.children[i] ?? element.appendChild(make("span", {}, make("i"), make("span"), make("b")));
        row.children[0].style.background = color;
        say(row.children[1], value === undefined ? word : `${word} `);
        say(row.children[2], value ?? "");
    });
}

// Files that are dropped anywhere on the page.
export function onDrop(take) {
    const over = on => event => {
        event.preventDefault();
        document.body.classList.toggle("over", on && event.dataTransfer.types.includes("Files"));
    };
    addEventListener("dragover", over(true));
    addEventListener("dragleave", over(false));
    addEventListener("drop", event => {
        over(false)(event);
        take(event.dataTransfer.files);
    });
}
