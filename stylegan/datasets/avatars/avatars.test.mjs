import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { describe, encode } from './avatar.mjs';
import { parseSeeds, rasterise, readVocabulary, render } from './render.mjs';
import { STYLES } from './styles.mjs';
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
        const bytes = await rasterise(svg, 13);
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
