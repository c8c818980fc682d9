/** Labels without drawing them: what is on a label is not what these trials are about, and drawing takes seconds. */
import type { LabelEngine } from '../../../main/labels/index.ts';

const dotsPerMm = 8;

/** A frame of the media's size with nothing in it. */
function frame(widthMm: number, heightMm: number) {
  const width = Math.floor(widthMm * dotsPerMm);
  const height = Math.floor(heightMm * dotsPerMm);
  const rowBytes = Math.ceil(width / 8);
  const data = new Uint8Array(rowBytes * height);
  data.fill(0xff, 0, rowBytes * 2);
  return { width, height, rowBytes, data };
}

export const plainLabelEngine: LabelEngine = {
  raster: (_type, _bytes, waybill, target) =>
    Promise.resolve({
      pages: [frame(target.widthMm, target.heightMm)],
      codes: waybill === null ? [] : [waybill],
      marks: [{ x: 0, y: 40, width: 200, height: 40 }],
    }),
  renderZpl: () => Promise.resolve([]),
  drawLpn: (_facts, target) => Promise.resolve(frame(target.widthMm, target.heightMm)),
  drawParcelLabel: (_facts, target) => Promise.resolve(frame(target.widthMm, target.heightMm)),
  drawOwn: (_request, target) => Promise.resolve({ pages: [frame(target.widthMm, target.heightMm)], codes: [] }),
  warmUp: () => Promise.resolve(),
};
