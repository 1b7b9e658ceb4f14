import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { describe, encode } from './avatar.mjs';
import { KINDS } from './kinds.mjs';
import { classes } from './parts.mjs';
import { parseSeeds, readVocabulary, render } from './render.mjs';
import { PARTS, STYLES } from './styles.mjs';
import { vocabulary } from './vocabulary.mjs';

for (const style of Object.keys(STYLES)) {
    test(`${style}: the vocabulary on file is the style's`, async () => {
        assert.deepEqual(await readVocabulary(style), JSON.parse(JSON.stringify(vocabulary(style))));
    });

    test(`${style}: a label says one value for each attribute`, async () => {
        const words = await readVocabulary(style);
        const label = encode(words, describe(words, 'heldout-7').attributes);
        assert.equal(label.length, words.attributes.reduce((sum, { values }) => sum + values.length, 0));
        assert.equal(label.reduce((a, b) => a + b), words.attributes.length);
    });

    test(`${style}: pictures are opaque RGB of the size asked for, and show their background`, async () => {
        const words = await readVocabulary(style);
        const { svg, attributes } = describe(words, 'heldout-7');
        const bytes = await KINDS.picture({ svg }, 13);
        assert.equal(bytes[25], 2, 'colour type of the PNG header: RGB');
        const { width, height, data } = PNG.sync.read(bytes);
        assert.deepEqual([width, height], [13, 13]);
        assert.equal(data.subarray(0, 3).toString('hex'), attributes.backgroundColor);
    });
}

test('what does not show has no value', async () => {
    const words = await readVocabulary('avataaars');
    for (const seed of parseSeeds('heldout-0..99')) {
        const { attributes } = describe(words, seed);
        assert.notEqual(attributes.hairColor === 'none', attributes.hatColor === 'none');
        assert.equal(attributes.facialHair === 'none', attributes.facialHairColor === 'none');
        assert.equal(attributes.clothing === 'graphicShirt', attributes.clothingGraphic !== 'none');
    }
});

test('the same seeds give the same bytes, and a failure leaves no file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'avatars-'));
    const make = (name, seeds) => render({ style: 'toon-head', size: 16, seeds, out: join(folder, name) });
    await make('a.zip', parseSeeds('train-3..39'));
    await make('b.zip', parseSeeds('train-3..39'));
    assert.deepEqual(await readFile(join(folder, 'a.zip')), await readFile(join(folder, 'b.zip')));
    await assert.rejects(render({ style: 'toon-head', size: 0, seeds: ['train-1'], out: join(folder, 'c.zip') }));
    assert.deepEqual((await readdir(folder)).sort(), ['a.zip', 'b.zip']);
});

test('seeds that make no sense are refused', () => {
    assert.deepEqual(parseSeeds('train-9'), ['train-9']);
    for (const text of ['train', 'train-3..1', '3..5', 'train-a..b']) {
        assert.throws(() => parseSeeds(text), /--seeds/);
    }
});

const avatar = async (seed) => ({ style: 'avataaars', seed, ...describe(await readVocabulary('avataaars'), seed) });

test('prints show each background in the ink of its tone', async () => {
    const inks = new Set();
    for (const seed of parseSeeds('heldout-0..19')) {
        const bytes = await KINDS.ink(await avatar(seed), 16);
        assert.equal(bytes[25], 2, 'colour type of the PNG header: RGB');
        inks.add(PNG.sync.read(bytes).data.subarray(0, 3).toString('hex'));
    }
    assert.deepEqual([...inks].sort(), ['9cc5db', 'f6eed9']);
});

test('label maps hold a class a part, in a palette', async () => {
    const { classes: known } = PARTS.avataaars;
    const at = (name) => known.findIndex((one) => one.name === name);
    for (const seed of parseSeeds('heldout-0..99')) {
        const drawn = await avatar(seed);
        const bytes = await KINDS.segmentation(drawn, 64);
        assert.equal(bytes[25], 3, 'colour type of the PNG header: palette');
        const indices = indicesOf(bytes, 64);
        assert.equal(indices[0], at('background'));
        const seen = new Set(indices);
        assert.ok(Math.max(...seen) < known.length);
        assert.ok(seen.has(at('clothing')) && seen.has(at('mouth')) || drawn.attributes.facialHair !== 'none');
        assert.equal(seen.has(at('hat')), drawn.attributes.hatColor !== 'none');
        assert.equal(seen.has(at('facialHair')), drawn.attributes.facialHair !== 'none');
    }
    assert.throws(() => classes(Buffer.from([7, 7, 7, 255])), /between classes/);
});

test('sketches are grey lines on white, without the picture\'s colours', async () => {
    const { width, data } = PNG.sync.read(await KINDS.sketch(await avatar('heldout-7'), 64));
    const grey = data.filter((_, i) => i % 4 === 0);
    assert.equal(width, 64);
    assert.equal(grey[0], 255);
    const dark = grey.filter((v) => v < 128).length / grey.length;
    assert.ok(dark > 0.03 && dark < 0.3, `share of dark pixels ${dark}`);
});

test('a mirrored picture is the picture mirrored; an occluded one differs where its mask is black', async () => {
    const drawn = await avatar('heldout-7');
    const [plain, mirrored, occluded, mask] = await Promise.all(['picture', 'mirrored', 'occluded', 'mask']
        .map(async (kind) => PNG.sync.read(await KINDS[kind](drawn, 64)).data));
    const rgb = (data, x, y) => data.subarray(4 * (64 * y + x), 4 * (64 * y + x) + 3).toString('hex');
    let hidden = 0;
    for (let y = 0; y < 64; y++) {
        for (let x = 0; x < 64; x++) {
            assert.equal(rgb(mirrored, 63 - x, y), rgb(plain, x, y));
            const white = mask[4 * (64 * y + x)] === 255;
            hidden += white ? 0 : 1;
            if (white) {
                assert.equal(rgb(occluded, x, y), rgb(plain, x, y));
            }
        }
    }
    assert.ok(hidden > 100 && hidden < 2500, `${hidden} pixels are hidden`);
});

test('sources have the names of their targets, and the same bytes every time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'avatars-'));
    const make = async (draw, name) => {
        await render({ style: 'avataaars', size: 16, seeds: parseSeeds('train-3..9'), out: join(folder, name), draw });
        return (await readFile(join(folder, name))).toString('latin1');
    };
    for (const draw of Object.keys(KINDS)) {
        const zip = await make(draw, 'a.zip');
        assert.equal(await make(draw, 'b.zip'), zip);
        assert.ok(zip.includes('00000/train-9.png'));
    }
});

/** The samples of an 8-bit palette picture without row filters. */
function indicesOf(png, size) {
    const data = [];
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
        if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
            data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
        }
    }
    const rows = inflateSync(Buffer.concat(data));
    return Buffer.concat(Array.from({ length: size }, (_, y) => rows.subarray(y * (size + 1) + 1, (y + 1) * (size + 1))));
}
