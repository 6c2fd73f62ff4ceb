// Sorts the rows of tables of the class "sortable" by a column: headings become buttons; a click sorts, another one
// reverses the order. Numbers are compared as numbers, also inside words ("64" before "128"); empty cells come last.
for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    heads.forEach((head, column) => {
        const button = document.createElement('button'), number = head.classList.contains('number');
        const value = row => {
            const last = row.cells[column].lastChild, text = last ? last.textContent.trim() : '';
            const found = number ? parseFloat(text.replace(/,/g, '')) : text;
            return text === '' || Number.isNaN(found) ? null : found;
        };
        button.type = 'button';
        button.append(...head.childNodes);
        head.append(button);
        button.onclick = () => {
            const turn = head.ariaSort === 'ascending' ? -1 : 1;
            heads.forEach(other => other.removeAttribute('aria-sort'));
            head.setAttribute('aria-sort', turn > 0 ? 'ascending' : 'descending');
            const rows = [...body.rows].map(row => [value(row), row]);
            rows.sort(([a], [b]) => a === null || b === null
                                        ? (a === null) - (b === null)
                                        : turn * (number ? a - b : a.localeCompare(b, 'en', {numeric: true})));
            body.append(...rows.map(([, row]) => row));
        };
    });
}
