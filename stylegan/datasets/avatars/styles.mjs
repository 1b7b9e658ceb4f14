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
