/**
 * Units of mass a scale may be set to. `t` is the tonne (1,000 kg), `ton` the short ton (2,000 lb), `gr` the grain,
 * `ozt` the troy ounce, `ct` the metric carat. The tael is not one of them: it is another weight in every country.
 */
export const scaleUnits = ['g', 'kg', 'lb', 'oz', 'mg', 't', 'ct', 'gr', 'dwt', 'ozt', 'ton'] as const;
export type ScaleUnit = (typeof scaleUnits)[number];
