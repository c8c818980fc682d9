/** Payloads of document jobs for tests: the hand-over of Scan Form's documented sample, in our words. */
import type { BagContent, BagMention, FlightNode, HandoverContent } from '../../domain/documents.ts';
import type { DocumentCall } from '../../domain/job.ts';
import type { DocumentOperation } from '../../domain/shipping.ts';

const parcels = ['HGE2507080000516', 'HGE2507080000527'].map((vendorOrderNumber, index) => ({
  parcelId: `p${index}`,
  reference: `PBD01X${index}`,
  vendorOrderNumber,
  waybill: `926129010000000000001${index}`,
  weightG: index === 0 ? 5_000 : 6_110,
}));

export const sampleHandover: HandoverContent = {
  handoverId: 'h1',
  reference: 'TR20250427000000001',
  details: {
    handoverNumber: '21389910283',
    contactName: 'Roken Chan',
    company: 'company',
    email: 'Allen_gned@gmail.com',
    phone: '1 401-311-2522',
    mobile: '1 602-671-6610',
    country: 'US',
    state: 'CA',
    city: 'Los Angeles ',
    postcode: '91700',
    houseNumber: '150',
    street: 'addd',
    address: 'add 123',
  },
  flight: {
    airWaybill: '180-12345675',
    flightNumber: 'KE856',
    departsAt: '2025-12-14 10:05:00',
    arrivesAt: '2025-12-14 08:30:00',
    departurePort: 'PVG',
    transitPort: 'ICN',
    arrivalPort: 'LAX',
    transitDepartsAt: '2025-12-14 15:00:00',
    transitArrivesAt: '2025-12-14 13:00:00',
  },
  netWeightG: 11_110,
  grossWeightG: 13_210,
  parcels,
  bags: [{ bagId: 'b1', bagNumber: 'BG2512130000001', parcels }],
};

export const sampleBag: BagContent = {
  bagId: 'b1',
  reference: 'BAG-D01-0001',
  service: 'P10006',
  destination: 'US',
  grossWeightG: 13_210,
  netWeightG: 11_110,
  parcels,
};

export const sampleMention: BagMention = { bagId: 'b1', reference: 'BAG-D01-0001', reason: '' };

export const sampleFlightNode: FlightNode = {
  handoverId: 'h1',
  airWaybill: '180-12345675',
  flightNumber: 'KE856',
  node: 'departed',
  at: '2025-12-14 10:05:00',
  remark: '',
};

export function documentCall(operation: DocumentOperation, payload: unknown): DocumentCall {
  const earlier = { createBag: { bagNumber: 'BG2512130000001' } };
  return { operation, facts: null, payload, earlier, requestId: '018f3b52-aaaa-7000-8000-000000000001', attempt: 1 };
}
