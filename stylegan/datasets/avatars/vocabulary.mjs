// Writes vocabulary-STYLE.json: every attribute, its values in label order, and which parts show it.
import { writeFile } from 'node:fs/promises';
import { createAvatar } from '@dicebear/core';
import { STYLES } from './styles.mjs';

/** A colour that no drawing contains otherwise. */
const PROBE = '12fe34';

function values(style, options, name) {
    return options[name] ?? style.schema.properties[name].default;
}

function mayBeAbsent(style, options, name) {
    const key = `${name}Probability`;
    return (options[key] ?? style.schema.properties[key]?.default ?? 100) < 100;
}

/** The values of the part `of` under which the attribute is seen, found by drawing each of them. */
function shownBy(style, options, name, of) {
    const always = Object.fromEntries(Object.keys(style.schema.properties)
        .filter((key) => key.endsWith('Probability')).map((key) => [key, 100]));
    const draw = (part, value) => createAvatar(style, { ...options, ...always, seed: 'a', [of]: [part], [name]: [value] })
        .toString();
    const choices = name.endsWith('Color') ? ['000001', PROBE] : values(style, options, name).slice(0, 2);
    return values(style, options, of).filter((part) => draw(part, choices[0]) !== draw(part, choices[1]));
}

export function vocabulary(styleName) {
    const { style, options, attributes } = STYLES[styleName];
    return {
        style: styleName,
        attributes: Object.entries(attributes).map(([name, { of }]) => {
            const shown = of && shownBy(style, options, name, of);
            const absent = mayBeAbsent(style, options, name)
                || (of && (mayBeAbsent(style, options, of) || shown.length < values(style, options, of).length));
            return { name, ...(of && { of, shownBy: shown }), values: [...(absent ? ['none'] : []), ...values(style, options, name)] };
        }),
    };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    for (const style of Object.keys(STYLES)) {
        const made = vocabulary(style);
        const lines = made.attributes.map((attribute) => `    ${JSON.stringify(attribute)}`).join(',\n');
        await writeFile(new URL(`vocabulary-${style}.json`, import.meta.url),
            `{\n  "style": ${JSON.stringify(style)},\n  "attributes": [\n${lines}\n  ]\n}\n`);
    }
}
