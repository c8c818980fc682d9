/** What the rest of the station uses of labels. */
export { createLabels } from './labels.ts';
export type { Labels, PreparedLabel } from './labels.ts';
export { StoppedError } from './held.ts';
export type { HeldCode, HeldLabel } from './held.ts';
export type { LabelEngine } from './engine.ts';
export type { LpnFacts } from './lpn.ts';
export type { ParcelLabelFacts } from './parcel-label.ts';
export { labelLanguages } from './media.ts';
export type { LabelDpi, LabelEnding, LabelLanguage, LabelQuirks, LabelTarget, MediaTracking } from './media.ts';
export { convertLabel } from './convert.ts';
export type { ConvertedLabel } from './convert.ts';
export { renderZpl } from './inspect.ts';
export type { RenderedLabel } from './inspect.ts';
