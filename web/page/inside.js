// A look inside: the loss around the parameters, with the path of training, and the check of gradients.

import {css, paintSigned} from "./colors.js";
import {find, say} from "./dom.js";
import {sharpen} from "./plane.js";
import {short, whole} from "./words.js";

const BANDS = 16;

// Losses on a scale from -1 to 1 of their logarithms, in bands, so that lines of equal loss are seen.
function scaleOf(losses) {
    const logs = Array.from(losses, loss => Math.log(Math.max(loss, 1e-12))).filter(Number.isFinite);
    const low = logs.reduce((a, b) => Math.min(a, b), Infinity), high = logs.reduce((a, b) => Math.max(a, b), -Infinity);
    return loss => {
        const t = (Math.log(Math.max(loss, 1e-12)) - low) / (high - low || 1);
        return Number.isFinite(t) ? 2 * Math.round(t * BANDS) / BANDS - 1 : 1;
    };
}

function drawPath(context, size, {span, path}, colors) {
    const place = ([a, b]) => [(a / span + 1) / 2 * size, (1 - b / span) / 2 * size];
    context.strokeStyle = css(colors.ink, 0.8);
    context.lineWidth = 1.6;
    context.beginPath();
    path.forEach((point, i) => context[i === 0 ? "moveTo" : "lineTo"](...place(point)));
    context.stroke();
    const dot = (point, radius, color) => {
        context.beginPath();
        context.arc(...place(point), radius, 0, 2 * Math.PI);
        context.fillStyle = css(color);
        context.fill();
        context.stroke();
    };
    if (path.length > 1)
        dot(path[0], 4, colors.paper);
    dot([0, 0], 5, colors.ink);
}

export function drawLandscape(landscape, colors) {
    const {losses, side} = landscape, scale = scaleOf(losses);
    const {context, width} = sharpen(find("landscape"));
    const map = document.createElement("canvas");
    map.width = map.height = side;
    const image = map.getContext("2d").createImageData(side, side);
    losses.forEach((loss, i) => paintSigned(image.data, 4 * i, colors, scale(loss)));
    map.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(map, 0, 0, width, width);
    drawPath(context, width, landscape, colors);
    const least = losses.reduce((a, b) => Math.min(a, b), Infinity), most = losses.reduce((a, b) => Math.max(a, b), -Infinity);
    say(find("landscape-text"), `Loss from ${short(least)} (blue) to ${short(most)} (orange), ${short(losses[(losses.length - 1) / 2])} in the ` +
        `middle, where the network is now; the line is its way there, one point an epoch, as far as these two directions show it.`);
}

export function tellCheck(numbers) {
    const [checked, equal, kinks, small, wrong, largest] = numbers;
    const rest = [[kinks, "beside a kink of the loss"], [small, "too small to be measured so"], [wrong, "WRONG"]]
        .filter(([count]) => count > 0).map(([count, words]) => `${whole(count)} ${words}`);
    say(find("check-text"), `${whole(checked)} derivatives against central differences in float64: ${whole(equal)} equal to a thousandth` +
        `${rest.length > 0 ? `, ${rest.join(", ")}` : ""}. Largest error ${short(largest)}.`);
}
