// One avatar: its drawing and its description.
import { createAvatar } from '@dicebear/core';
import { STYLES } from './styles.mjs';

/** The drawing of a seed as SVG, and its attributes by name; an attribute that does not show is 'none'. */
export function describe(vocabulary, seed) {
    const { style, options } = STYLES[vocabulary.style];
    const { svg, extra } = createAvatar(style, { ...options, seed }).toJson();
    const said = { ...extra, backgroundColor: extra.primaryBackgroundColor };
    const attributes = {};
    for (const { name, of, shownBy } of vocabulary.attributes) {
        const shown = of === undefined || shownBy.includes(said[of]);
        attributes[name] = shown && said[name] !== undefined ? said[name].replace('#', '') : 'none';
    }
    return { svg, attributes };
}

/** The attributes as zeros and ones: a one-hot run for each attribute, in the vocabulary's order. */
export function encode(vocabulary, attributes) {
    return vocabulary.attributes.flatMap(({ name, values }) => {
        const index = values.indexOf(attributes[name]);
        if (index < 0) {
            throw new Error(`attribute ${name}: ${attributes[name]} is not in the vocabulary of ${vocabulary.style}`);
        }
        return values.map((_, i) => (i === index ? 1 : 0));
    });
}
