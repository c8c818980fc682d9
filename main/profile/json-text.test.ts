import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withJsonValue } from './json-text.ts';

const written = `{
    "desk": { "id": "D07",   "site": "杭州" },
    "devices": {
        "printers": [ {"id": "label", "use": ["parcel", "bag"]} ],
        "scales": []
    },
    "routes": [{ "when": {}, "vendor": "hge" }]
}
`;

test('only the value changes; everything else stays character for character, in its own indentation', () => {
  expect(withJsonValue(written, ['devices', 'scales'], [{ id: 'bench' }])).toBe(
    written.replace(
      '"scales": []',
      '"scales": [\n            {\n                "id": "bench"\n            }\n        ]',
    ),
  );
});

test('a list that is not there yet is added behind the last one', () => {
  const after = withJsonValue(written, ['devices', 'dws'], []);
  expect(after).toBe(written.replace('"scales": []', '"scales": [],\n        "dws": []'));
});

test('an empty profile gets the whole way', () => {
  expect(withJsonValue('{}', ['devices', 'scales'], [])).toBe('{\n  "devices": {\n    "scales": []\n  }\n}');
});

test('line ends of Windows and a byte order mark stay', () => {
  const after = withJsonValue('\uFEFF{\r\n  "desk": {}\r\n}\r\n', ['devices', 'scales'], [1]);
  expect(after).toBe(
    '\uFEFF{\r\n  "desk": {},\r\n  "devices": {\r\n    "scales": [\r\n      1\r\n    ]\r\n  }\r\n}\r\n',
  );
});

test('whatever the JSON and its indentation: the value is there and all else is as it was', () => {
  const key = fc.constantFrom('devices', 'scales', 'a"b', '{', '\\', '键');
  const tree = fc.dictionary(key, fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(
      tree,
      fc.constantFrom(0, 1, 2, '\t'),
      fc.tuple(key, key),
      fc.jsonValue(),
      (before, indent, path, value) => {
        const [outer, inner] = path;
        // As JSON says it: no minus zero.
        const wanted = JSON.parse(JSON.stringify(value)) as unknown;
        const after = JSON.parse(withJsonValue(JSON.stringify(before, null, indent), path, value)) as object;
        const plain = JSON.parse(JSON.stringify(before)) as Record<string, Record<string, unknown>>;
        expect(after).toEqual({ ...plain, [outer]: { ...plain[outer], [inner]: wanted } });
      },
    ),
  );
});
