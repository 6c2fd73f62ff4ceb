// Numbers as text.

export function short(value) {
    if (!Number.isFinite(value))
        return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    const text = size !== 0 && (size < 0.001 || size >= 100000) ? value.toExponential(1)
        : value.toFixed(size < 10 ? 3 : size < 1000 ? 1 : 0);
    return text.replace("-", "−");
}

export const percent = value => Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "–";

export const whole = value => Math.round(value).toLocaleString("en");
