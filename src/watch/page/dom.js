// Elements, made and kept up to date. Text is only ever set as text: a name may hold <, > and &.

const SVG = "http://www.w3.org/2000/svg";

// Sets attributes; functions are listeners ("onclick"), false and null leave an attribute out.
export function attach(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function")
            element.addEventListener(name.slice(2), value);
        else if (value === false || value === null || value === undefined)
            element.removeAttribute(name);
        else if (element.getAttribute(name) !== String(value))
            element.setAttribute(name, value === true ? "" : value);
    }
    return element;
}

// make("p", {class: "soft"}, "text", element, …)
export function make(tag, attributes = {}, ...children) {
    const element = attach(document.createElement(tag), attributes);
    element.append(...children);
    return element;
}

export function draw(tag, attributes = {}, ...children) {
    const element = attach(document.createElementNS(SVG, tag), attributes);
    element.append(...children);
    return element;
}

// Sets a text where it differs: what did not change is not laid out again, and a selection in it stays.
export function say(element, text) {
    if (element.textContent !== text)
        element.textContent = text;
}

// Shows or hides.
export function show(element, visible) { element.hidden = !visible; }

// Keeps one child of `parent` for each item, in the items' order. create(item) makes the child of a new one,
// update(child, item) is called for each. Children that stay in place are not moved: the one that has the focus keeps it.
export function keep(parent, items, key, create, update) {
    const children = parent.kept ??= new Map();
    const wanted = new Set(items.map(key));
    for (const [name, child] of children)
        if (!wanted.has(name)) {
            child.remove();
            children.delete(name);
        }
    let place = parent.firstChild;
    for (const item of items) {
        const name = key(item);
        if (!children.has(name))
            children.set(name, create(item));
        const child = children.get(name);
        if (child === place)
            place = place.nextSibling;
        else
            parent.insertBefore(child, place);
        update(child, item);
    }
}
