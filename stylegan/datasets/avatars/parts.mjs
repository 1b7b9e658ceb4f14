// An avatar's drawing by its parts: which is where, and what only their outlines look like.
import { PARTS } from './styles.mjs';

/** Shapes fainter than this are shadows and lights on other parts. */
const FAINT = 0.3;
const STEP = 20;
const TAG = /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g;
const PAINTED = new Set(['g', 'path', 'rect', 'circle', 'ellipse']);

/** The drawing with every shape in a flat grey, STEP times the class of its part; no smoothing at edges. */
export function labelled(avatar) {
    return repaint(avatar, (tag, part) => {
        const grey = STEP * classOf(avatar, part);
        return paint(tag, { fill: `rgb(${grey},${grey},${grey})` }, part.keepFaint);
    }, 'crispEdges');
}

/** Red samples of a {@link labelled} drawing → classes, a byte each. */
export function classes(pixels) {
    const indices = Buffer.alloc(pixels.length / 4);
    for (let i = 0; i < indices.length; i++) {
        const grey = pixels[4 * i];
        if (grey % STEP !== 0) {
            throw new Error(`label map: pixel ${i} lies between classes (${grey})`);
        }
        indices[i] = grey / STEP;
    }
    return indices;
}

/** The drawing as its outlines: black lines a pixel wide on white, of what is not hidden. */
export function outlined(avatar, size) {
    const width = PARTS[avatar.style].viewBox / size;
    const { background } = PARTS[avatar.style];
    return repaint(avatar, (tag, part) => paint(tag, { fill: '#fff',
        ...(part !== background && { stroke: '#000', 'stroke-width': width }) }, part.keepFaint), 'auto');
}

function classOf({ style, attributes }, part) {
    const name = part.classIf && attributes[part.classIf[0]] !== 'none' ? part.classIf[1] : part.class;
    return PARTS[style].classes.findIndex((known) => known.name === name);
}

/**
 * Rewrites the tags of everything that paints. A group of the drawing is the part that its transform says (drawings of
 * one style put their parts at fixed places); shapes outside are the body, the first rectangle the background.
 */
function repaint({ style, svg }, rewrite, rendering) {
    const parts = PARTS[style];
    const open = [];
    let hidden = 0;
    return svg.replace(TAG, (text, closing, name, attributes, empty) => {
        if (closing) {
            hidden -= hides(name) ? 1 : 0;
            open.pop();
            return text;
        }
        const given = Object.fromEntries([...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v]));
        const part = name === 'g' && open.length === parts.depth ? parts.groups[given.transform]
            : name === 'rect' && open.length < parts.depth ? parts.background : open.at(-1) ?? parts.body;
        if (part === undefined) {
            throw new Error(`${style}: no part is known at ${given.transform}`);
        }
        if (!empty) {
            hidden += hides(name) ? 1 : 0;
            open.push(part);
        }
        if (name === 'svg') {
            return write(name, { ...given, 'shape-rendering': rendering }, empty);
        }
        return hidden > 0 || !PAINTED.has(name) ? text : write(name, rewrite(given, part), empty);
    });
}

/** What masks hold is not seen itself. */
function hides(name) {
    return name === 'mask' || name === 'defs' || name === 'clipPath' || name === 'metadata';
}

function paint(given, colours, keepFaint) {
    const { opacity = 1, 'fill-opacity': fillOpacity = 1, style: _, ...tag } = given;
    const light = tag.fill?.startsWith('url(');
    if (light || (!keepFaint && opacity * fillOpacity < FAINT)) {
        return { ...tag, fill: 'none', stroke: 'none' };
    }
    return tag.fill === undefined || tag.fill === 'none' ? tag : { ...tag, ...colours };
}

function write(name, attributes, empty) {
    const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
    return `<${name}${pairs.join('')}${empty ? '/' : ''}>`;
}
