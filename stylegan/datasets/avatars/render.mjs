// Renders seeds into a zip as NVlabs' tools write it: RGB pictures, and dataset.json with their labels.
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import yazl from 'yazl';
import { describe, encode } from './avatar.mjs';
import { KINDS } from './kinds.mjs';
import { PARTS, STYLES } from './styles.mjs';

const USAGE = `usage: node render.mjs --style ${Object.keys(STYLES).join('|')} --size N --seeds PREFIX-A..B \
--out FILE.zip [--draw ${Object.keys(KINDS).join('|')}]`;
/** Pictures under way at once: enough to keep every worker of the renderer busy. */
const UNDER_WAY = 16;
const FOLDER = 1000;
/** One date for all files: the same seeds give the same bytes. */
const ENTRY = { mtime: new Date(2000, 0, 1), forceDosTimestamp: true, compress: false };

export async function readVocabulary(style) {
    return JSON.parse(await readFile(new URL(`vocabulary-${style}.json`, import.meta.url), 'utf8'));
}

/** 'train-0..19999' → ['train-0', …]; a single 'train-7' is allowed. */
export function parseSeeds(text) {
    const match = /^(.*-)(\d+)(?:\.\.(\d+))?$/.exec(text);
    if (!match || Number(match[3] ?? match[2]) < Number(match[2])) {
        throw new Error(`--seeds: expected PREFIX-A..B, got '${text}'`);
    }
    const [, prefix, first, last] = match;
    return Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, i) => prefix + (Number(first) + i));
}

export async function render({ style, size, seeds, out, draw = 'picture', progress = () => {} }) {
    const vocabulary = await readVocabulary(style);
    const zip = new yazl.ZipFile();
    const part = `${out}.part`;
    const written = finished(zip.outputStream.pipe(createWriteStream(part)));
    try {
        const labels = [];
        for (let start = 0; start < seeds.length; start += UNDER_WAY) {
            const batch = seeds.slice(start, start + UNDER_WAY).map((seed) => ({ style, seed, ...describe(vocabulary, seed) }));
            const pictures = await Promise.all(batch.map((avatar) => KINDS[draw](avatar, size)));
            batch.forEach(({ seed, attributes }, i) => {
                const folder = String(Math.floor((start + i) / FOLDER)).padStart(5, '0');
                const name = `${folder}/${seed}.png`;
                zip.addBuffer(pictures[i], name, ENTRY);
                labels.push(`["${name}",[${encode(vocabulary, attributes)}]]`);
            });
            progress(Math.min(start + UNDER_WAY, seeds.length));
        }
        zip.addBuffer(Buffer.from(`{"labels":[\n${labels.join(',\n')}\n]}\n`), 'dataset.json', { ...ENTRY, compress: true });
        zip.end();
        await written;
        await rename(part, out);
    } catch (failure) {
        await rm(part, { force: true });
        throw failure;
    }
}

async function main() {
    const { values } = parseArgs({
        options: {
            style: { type: 'string' }, size: { type: 'string' }, seeds: { type: 'string' }, out: { type: 'string' },
            draw: { type: 'string', default: 'picture' },
        },
    });
    const size = Number(values.size);
    if (!STYLES[values.style] || !KINDS[values.draw] || !Number.isInteger(size) || size < 1 || !values.seeds || !values.out) {
        throw new Error(USAGE);
    }
    if (!PARTS[values.style] && ['segmentation', 'sketch'].includes(values.draw)) {
        throw new Error(`--draw ${values.draw}: the parts of ${values.style} are not known, only those of ${Object.keys(PARTS)}`);
    }
    const seeds = parseSeeds(values.seeds);
    const progress = (done) => {
        if (process.stderr.isTTY) {
            process.stderr.write(`\r${done}/${seeds.length}`);
        }
    };
    await render({ style: values.style, size, seeds, out: values.out, draw: values.draw, progress });
    process.stderr.write(`\r${seeds.length} pictures in ${values.out}\n`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    main().catch((failure) => {
        console.error(`render: ${failure.message}`);
        process.exitCode = 1;
    });
}
