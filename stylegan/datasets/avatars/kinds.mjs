// What can be drawn of an avatar: its picture, and the inputs from which translation makes it again.
import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { renderAsync } from '@resvg/resvg-js';
import { PNG } from 'pngjs';
import { classes, labelled, outlined } from './parts.mjs';
import { PARTS } from './styles.mjs';

/** PNG colour types. */
const GREY = 0;
const RGB = 2;
const SIDE = 280;
/** Of a print, from dark to the paper. */
const INKS = [[0x14, 0x21, 0x3d], [0x3a, 0x6e, 0xa5], [0x9c, 0xc5, 0xdb], [0xf6, 0xee, 0xd9]];

/** By name: an avatar, as avatar.mjs describes it with its style and seed → PNG bytes, size×size. */
export const KINDS = {
    picture: async ({ svg }, size) => png(await raster(svg, size), size, RGB),
    /** One class a part, as a palette's indices. */
    segmentation: async (avatar, size) => {
        const colours = PARTS[avatar.style].classes.map(({ colour }) => colour);
        return palettePng(classes(await raster(labelled(avatar), size)), size, colours);
    },
    /** Outlines, black on white. */
    sketch: async (avatar, size) => png(await raster(outlined(avatar, size), size), size, GREY),
    /** A print in four inks: outlines over the picture's tones. */
    ink: async (avatar, size) => {
        const [pixels, lines] = await Promise.all([raster(avatar.svg, size), raster(outlined(avatar, size), size)]);
        for (let i = 0; i < pixels.length; i += 4) {
            const tone = (0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2]) / 256;
            const ink = INKS[Math.floor(tone * INKS.length)];
            ink.forEach((v, c) => { pixels[i + c] = INKS[0][c] + (v - INKS[0][c]) * lines[i] / 255; });
        }
        return png(pixels, size, RGB);
    },
    /** White what is seen, black what is to be painted anew. */
    mask: async ({ seed }, size) => png(await raster(frame(`<rect width="${SIDE}" height="${SIDE}" fill="#fff"/>`
        + spots(seed, () => '#000'), 'crispEdges'), size), size, GREY),
    /** The picture with spots of colour where its mask is black. */
    occluded: async ({ svg, seed }, size) => {
        const [pixels, over] = await Promise.all([raster(svg, size),
            raster(frame(spots(seed, (random) => `hsl(${Math.floor(360 * random())},60%,50%)`), 'crispEdges'), size)]);
        for (let i = 0; i < pixels.length; i += 4) {
            if (over[i + 3] > 0) {
                over.copy(pixels, i, i, i + 4);
            }
        }
        return png(pixels, size, RGB);
    },
    mirrored: async ({ svg }, size) => {
        const pixels = await raster(svg, size);
        const rows = Buffer.alloc(pixels.length);
        for (let i = 0; i < size * size; i++) {
            const row = i - i % size;
            pixels.copy(rows, 4 * i, 4 * (row + size - 1 - i % size), 4 * (row + size - i % size));
        }
        return png(rows, size, RGB);
    },
};

/** RGBA samples of an SVG. */
async function raster(svg, size) {
    const image = await renderAsync(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } });
    return image.pixels;
}

function png(pixels, size, colorType) {
    return PNG.sync.write({ width: size, height: size, data: pixels }, { colorType, inputHasAlpha: true, deflateLevel: 9 });
}

function frame(content, rendering) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" shape-rendering="${rendering}">`
        + `${content}</svg>`;
}

/** One to three ellipses about the middle, where the face is; their places follow from the seed. */
function spots(seed, colour) {
    const random = numbers(seed);
    const count = 1 + Math.floor(3 * random());
    return Array.from({ length: count }, () => {
        const at = () => SIDE * (0.25 + 0.5 * random());
        const radius = () => SIDE * (0.06 + 0.1 * random());
        return `<ellipse cx="${at()}" cy="${at()}" rx="${radius()}" ry="${radius()}" fill="${colour(numbers(`${seed} colour`))}"/>`;
    }).join('');
}

/** Numbers from 0 to 1 that follow from a text. */
function numbers(text) {
    const digest = createHash('sha256').update(text).digest();
    let next = 0;
    return () => digest.readUInt16LE(2 * (next++ % (digest.length / 2))) / 65536;
}

/** An 8-bit palette PNG; the library at hand writes none. */
function palettePng(indices, size, colours) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(size, 0);
    header.writeUInt32BE(size, 4);
    header.set([8, 3, 0, 0, 0], 8);
    const rows = Array.from({ length: size }, (_, y) => [Buffer.of(0), indices.subarray(y * size, (y + 1) * size)]).flat();
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header),
        chunk('PLTE', Buffer.from(colours.join(''), 'hex')),
        chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
