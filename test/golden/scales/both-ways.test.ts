/** What a virtual scale of any protocol sends is read back exactly, whatever it shows and however the bytes arrive. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryHub } from '../../../native/memory/hub.ts';
import { silentLog } from '../../kit/ports.ts';
import { createVirtualClock } from '../../kit/virtual-clock.ts';
import { proposeScales } from '../../../main/devices/scale/autodetect.ts';
import { createScale, scaleProtocol, settleScale } from '../../../main/devices/scale/index.ts';
import type { ScaleSettings } from '../../../main/domain/scale-settings.ts';
import {
  scaleVoice,
  scaleVoices,
  withEvenParity,
  type ScaleVoice,
  type ShownWeight,
} from '../../../main/training/scale-frames/index.ts';

const gramsIn = { g: 1, kg: 1_000, lb: 453.59237, oz: 28.349523125 } as const;
type Unit = keyof typeof gramsIn;

/** Units a voice can say; the profile's where its frames carry none. */
function unitsOf({ protocol, form }: ScaleVoice): readonly Unit[] {
  if (protocol === 'toledo-continuous') return ['kg', 'lb', 'g'];
  if (form === 'a12') return ['kg'];
  if (form === 'a12-text' || form === 'price') return ['kg', 'lb'];
  return ['g', 'kg', 'lb', 'oz'];
}

function settingsFor(voice: ScaleVoice, shown: ShownWeight): ScaleSettings {
  const takes = scaleProtocol(voice.protocol).settings;
  return {
    form: voice.form ?? undefined,
    ...(takes.includes('unit') ? { unit: shown.unit } : {}),
    ...(voice.form === 'c602' ? { decimals: shown.decimals } : {}),
  };
}

function shownBy(voice: ScaleVoice): fc.Arbitrary<ShownWeight> {
  const most = 10 ** Math.min(5, voice.digits - 1) - 1;
  return fc
    .record({
      counts: fc.integer({ min: voice.negative ? -most : 0, max: most }),
      unit: fc.constantFrom(...unitsOf(voice)),
      // 8217 always has a point, and so have the forms of seven characters.
      decimals: fc.integer({ min: 1, max: voice.form === 'a12' || voice.form === 'a12-text' ? 3 : 4 }),
      stable: fc.boolean(),
      net: voice.says.net ? fc.boolean() : fc.constant(false),
      beyond: fc.constantFrom<'' | 'overload' | 'underload'>('', '', '', '', 'overload', 'underload'),
    })
    .map(({ counts, unit, decimals, stable, net, beyond }) => ({
      grams: ((beyond === 'overload' ? Math.abs(counts) : counts) / 10 ** decimals) * gramsIn[unit],
      ...{ unit, decimals, stable, net },
      overload: voice.says.beyond && beyond === 'overload',
      underload: voice.says.beyond && beyond === 'underload',
    }));
}

const named = scaleVoices.map((voice, index) => [`${voice.protocol} ${voice.form ?? ''} ${index}`, voice] as const);

test.each(named)('%s: any weight is read as it is shown', (_, voice) => {
  fc.assert(
    fc.property(shownBy(voice), (shown) => {
      const decoder = scaleProtocol(voice.protocol).decoder(settingsFor(voice, shown));
      const frame = voice.frame(shown);
      const items = [...decoder.push(frame, 3), ...decoder.end(3)];
      expect(items).toHaveLength(1);
      const [item] = items;
      const without = shown.overload || shown.underload;
      if (!shown.stable && !voice.weighsMoving && !without) {
        // The first frame of a session: there is no weight to stand in.
        expect(item).toHaveProperty('error');
        return;
      }
      expect(item).toMatchObject({ overload: shown.overload, raw: Buffer.from(frame).toString('hex'), at: 3 });
      if (voice.says.stable && !without) expect(item).toHaveProperty('stable', shown.stable);
      if (!voice.says.stable || without) expect(item).toHaveProperty('stable', false);
      // SBI says neither gross nor net where it says "too much".
      if (voice.says.net && !without) expect(item).toHaveProperty('net', shown.net);
      if (!without && item !== undefined && 'grams' in item) {
        expect(Math.abs(item.grams - shown.grams)).toBeLessThanOrEqual(Math.abs(shown.grams) * 1e-12);
      }
    }),
    { numRuns: 300 },
  );
});

test.each(named)('%s: any chunking gives the same readings', (_, voice) => {
  const noise = fc.uint8Array({ maxLength: 12 });
  const piece = fc.oneof({ weight: 4, arbitrary: shownBy(voice) }, { weight: 1, arbitrary: noise });
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
      fc.constantFrom(...unitsOf(voice)),
      (pieces, sizes, unit) => {
        const bytes = Buffer.concat(pieces.map((each) => (each instanceof Uint8Array ? each : voice.frame(each))));
        const settings = settingsFor(voice, { unit, decimals: 2 } as ShownWeight);
        const whole = scaleProtocol(voice.protocol).decoder(settings);
        const split = scaleProtocol(voice.protocol).decoder(settings);
        const found = [];
        for (let at = 0; at < bytes.length;) {
          const size = sizes.next().value ?? 1;
          found.push(...split.push(bytes.subarray(at, at + size), 5));
          at += size;
        }
        expect(found).toEqual(whole.push(bytes, 5));
        expect(split.pending()).toEqual(whole.pending());
        expect(split.end(5)).toEqual(whole.end(5));
      },
    ),
    { numRuns: 150 },
  );
});

test.each(named.filter(([, { protocol }]) => protocol.startsWith('toledo')))(
  '%s: the same with the parity bit of a port opened with eight bits',
  (_, voice) => {
    fc.assert(
      fc.property(shownBy(voice), (shown) => {
        const read = (bytes: Uint8Array) => {
          const decoder = scaleProtocol(voice.protocol).decoder(settingsFor(voice, shown));
          return [...decoder.push(bytes, 0), ...decoder.end(0)].map((item) => ({ ...item, raw: '' }));
        };
        const frame = voice.frame(shown);
        expect(read(withEvenParity(frame))).toEqual(read(frame));
      }),
    );
  },
);

test.each(named)('%s: frames in a row are read one by one, and moving never counts as settled', (_, voice) => {
  fc.assert(
    fc.property(fc.array(shownBy(voice), { minLength: 1, maxLength: 20 }), (shown) => {
      const [first] = shown;
      if (first === undefined) return;
      const settings = settingsFor(voice, first);
      const same = shown.map((each) => ({ ...each, unit: first.unit, decimals: first.decimals }));
      const decoder = scaleProtocol(voice.protocol).decoder(settings);
      const items = same.flatMap((each) => decoder.push(voice.frame(each), 0));
      for (const item of items) {
        if (!('stable' in item) || !item.stable || !voice.says.stable) continue;
        const sent = same.filter((each) => Buffer.from(voice.frame(each)).toString('hex') === item.raw);
        expect(sent.some((each) => each.stable && !each.overload && !each.underload)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('a stream without a sign for stable is stable from the third equal frame on', () => {
  const voice = scaleVoice('xk3190');
  const shown = {
    grams: 1_560_000,
    unit: 'kg',
    decimals: 0,
    stable: true,
    net: false,
    overload: false,
    underload: false,
  } as const;
  const frame = voice.frame(shown);
  const other = voice.frame({ ...shown, grams: 1_650_000 });
  const decoder = scaleProtocol('xk3190').decoder({ unit: 'kg' });
  const stable = (...frames: Uint8Array[]) =>
    frames.flatMap((each) => decoder.push(each, 0)).map((item) => 'stable' in item && item.stable);
  expect(stable(frame, frame, frame, frame)).toEqual([false, false, true, true]);
  // The same XOR, another weight.
  expect(stable(other, frame, frame, frame)).toEqual([false, false, false, true]);
  // A broken frame in between begins anew.
  expect(
    stable(
      Uint8Array.from(frame, (byte, index) => (index === 4 ? byte ^ 1 : byte)),
      frame,
      frame,
      frame,
    ),
  ).toEqual([false, false, false, true]);
});

test.each(named)(
  '%s: asked by the driver, or by itself, a virtual scale comes to a stable weight',
  async (_, voice) => {
    const clock = createVirtualClock();
    const hub = createMemoryHub();
    const device = hub.device('scale');
    const [unit = 'kg'] = unitsOf(voice);
    const shown = {
      grams: 1.25 * gramsIn[unit],
      unit,
      decimals: 2,
      stable: true,
      net: false,
      overload: false,
      underload: false,
    };
    device.onReceived((bytes) => {
      const answer = voice.answer(bytes, shown);
      if (answer !== null) device.send(answer);
    });
    const { protocol, settings, pollMs } = settleScale({ protocol: voice.protocol, ...settingsFor(voice, shown) });
    const scale = createScale({
      id: 'scale',
      link: hub.link('memory://scale'),
      protocol,
      settings,
      pollMs,
      clock,
      log: silentLog,
    });
    scale.open();
    for (let turn = 0; turn < 20; turn++) {
      if (voice.streams) device.send(voice.frame(shown));
      await clock.advance(100);
    }
    expect(scale.counts()).toMatchObject({ refused: 0 });
    expect(scale.current()).toMatchObject({ state: 'stable', reading: { stable: true } });
    expect(scale.current().reading?.grams).toBeCloseTo(shown.grams, 6);
    await scale.close();
  },
);

test('a protocol that no virtual scale speaks is named', () => {
  expect(() => scaleVoice('user-defined')).toThrow('no virtual scale speaks user-defined');
});

test.each(named)('%s: detection proposes it first, with what a person has to say', (_, voice) => {
  const shown = {
    grams: 12_340,
    unit: 'kg',
    decimals: 2,
    stable: true,
    net: false,
    overload: false,
    underload: false,
  } as const;
  const frames = [12_340, 12_360, 12_340].map((grams) => voice.frame({ ...shown, grams }));
  const [first] = proposeScales({ bytes: Buffer.concat(frames), asked: null });
  expect(first?.protocol).toBe(voice.protocol);
  expect(first?.frames).toBe(3);
  const needs = first?.needs ?? [];
  expect(needs.includes('unit')).toBe(!voice.says.unit);
  if (!needs.includes('decimals')) expect(first?.reading.grams).toBeCloseTo(12_340, 6);
  const unit = needs.includes('unit') ? 'kg' : undefined;
  const decimals = needs.includes('decimals') ? 2 : undefined;
  expect(() => settleScale({ protocol: voice.protocol, ...first?.settings, unit, decimals })).not.toThrow();
});
