import { expect, test } from 'vitest';
import type { OperationName } from '../domain/shipping.ts';
import type { VendorManifest } from '../vendors/kit/vendor.ts';
import { planJobs, planOnward, trackedVendors, type VendorEntry } from './vendor-set.ts';

const traits = { effect: 'safe', inFlightMs: 1, keyWindowMs: null } as const;

function entry(id: string, operations: readonly string[], more: Partial<VendorEntry> = {}): VendorEntry {
  const manifest: VendorManifest = {
    id,
    name: { zh: id, en: id },
    operations: operations.map((name) => ({
      name,
      vendorName: name,
      method: 'POST',
      path: name,
      evidence: 'documented',
      source: 'test',
      traits,
    })),
  };
  const module = { manifest } as VendorEntry['module'];
  const base = { id, module, vendor: null, virtual: false, assumed: false, problem: null, settings: {} };
  return { ...base, reports: operations as readonly OperationName[], ...more };
}

const carrier = entry('hge', ['placeOrder', 'confirm', 'fetchLabel', 'track']);

test('a parcel causes its label, then what each vendor asks to hear, held until the label is scanned', () => {
  const entries = [
    entry('waiqin365', ['recordShipment', 'recordSigned']),
    carrier,
    entry('hongxun', ['reportParcel', 'pushRoute', 'uploadTracking']),
  ];
  expect(planJobs(entries, 'hge')?.map((job) => [job.vendor, job.operation, job.heldBy])).toEqual([
    ['hge', 'placeOrder', null],
    ['hge', 'confirm', null],
    ['hge', 'fetchLabel', null],
    ['waiqin365', 'recordShipment', 'label-verified'],
    ['hongxun', 'uploadTracking', 'label-verified'],
    ['hongxun', 'reportParcel', 'label-verified'],
  ]);
  expect(planOnward(entries).map((job) => [job.vendor, job.operation, job.heldBy])).toEqual([
    ['waiqin365', 'recordSigned', null],
    ['hongxun', 'pushRoute', null],
  ]);
});

test('a vendor that offers a report and does not ask for it is not told', () => {
  const entries = [carrier, entry('hongxun', ['reportParcel', 'pushRoute'], { reports: [] })];
  expect(planJobs(entries, 'hge')?.every((job) => job.vendor === 'hge')).toBe(true);
  expect(planOnward(entries)).toEqual([]);
});

test("a vendor's own limit of questions goes before the desk's", () => {
  const track = (): Promise<never[]> => Promise.resolve([]);
  const asked = (settings: Record<string, unknown>): number | undefined =>
    trackedVendors([entry('hge', [], { vendor: { track } as unknown as VendorEntry['vendor'], settings })], 20)[0]
      ?.perMinute;
  expect([asked({}), asked({ trackPerMinute: 5 }), asked({ trackPerMinute: '5' })]).toEqual([20, 5, 20]);
  expect(trackedVendors([carrier], 20)).toEqual([]);
});
