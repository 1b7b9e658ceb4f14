// What each style draws, and how often: the only place where a style is described.
import { avataaars, toonHead } from '@dicebear/collection';

/** Soft backgrounds, so that no picture is transparent. */
const BACKGROUNDS = ['b6e3f4', 'c0aede', 'd1d4f9', 'ffd5dc', 'ffdfbf', 'd5f0d8'];

/**
 * `attributes` names the labels in their order: parts of the drawing, and colours with the part that wears them.
 * `options` go to DiceBear; its own probabilities leave too few beards and glasses to learn from.
 */
export const STYLES = {
    avataaars: {
        style: avataaars,
        options: { backgroundColor: BACKGROUNDS, facialHairProbability: 25, accessoriesProbability: 30 },
        attributes: {
            top: {}, hairColor: { of: 'top' }, hatColor: { of: 'top' }, skinColor: {},
            eyes: {}, eyebrows: {}, mouth: {},
            facialHair: {}, facialHairColor: { of: 'facialHair' },
            accessories: {}, accessoriesColor: { of: 'accessories' },
            clothing: {}, clothesColor: { of: 'clothing' }, clothingGraphic: { of: 'clothing' },
            backgroundColor: {},
        },
    },
    'toon-head': {
        style: toonHead,
        options: { backgroundColor: BACKGROUNDS, beardProbability: 30 },
        attributes: {
            hair: {}, rearHair: {}, hairColor: {}, skinColor: {},
            eyes: {}, eyebrows: {}, mouth: {}, beard: {},
            clothes: {}, clothesColor: {}, backgroundColor: {},
        },
    },
};

const part = (name, more = {}) => ({ class: name, ...more });

/**
 * Where a style's drawing has its parts: groups at `depth` by their transform, in the order of drawing. `classIf` names
 * another class for drawings that show an attribute; parts with `keepFaint` are drawn in faint colours as a whole.
 * `classes` are the values of label maps in their order, with the colours of their palette.
 */
export const PARTS = {
    avataaars: {
        viewBox: 280,
        depth: 3,
        background: part('background'),
        body: part('skin'),
        groups: {
            'translate(0 170)': part('clothing'),
            'translate(78 134)': part('mouth', { keepFaint: true }),
            'translate(104 122)': part('nose', { keepFaint: true }),
            'translate(76 90)': part('eyes'),
            'translate(76 82)': part('eyebrows'),
            'translate(-1)': part('hair', { classIf: ['hatColor', 'hat'] }),
            'translate(49 72)': part('facialHair'),
            'translate(62 42)': part('accessories'),
        },
        classes: [
            { name: 'background', colour: 'e8e8e8' }, { name: 'skin', colour: 'f2b48c' },
            { name: 'clothing', colour: '4878cf' }, { name: 'mouth', colour: 'd1495b' },
            { name: 'nose', colour: 'b5713f' }, { name: 'eyes', colour: 'ffffff' },
            { name: 'eyebrows', colour: '30343f' }, { name: 'hair', colour: '7a4b2a' },
            { name: 'hat', colour: '2a9d8f' }, { name: 'facialHair', colour: 'a05195' },
            { name: 'accessories', colour: 'f4d35e' },
        ],
    },
};
