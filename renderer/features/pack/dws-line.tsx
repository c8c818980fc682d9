/** Beside the weight: the size the parcel would get, and the newest record of a machine that measures, weighs and scans. */
import type { ReactNode } from 'react';
import type { WeightSnapshot } from '#contract';
import { useText } from '../../state/locale.ts';

export function DwsLine({ weight }: { readonly weight: WeightSnapshot }): ReactNode {
  const text = useText();
  const { size, dws = null } = weight;
  if (dws === null && size === undefined) return null;
  const sides = size ?? null;
  return (
    <>
      {size === undefined ? null : (
        <p className="weight-beside" data-testid="size" data-known={sides !== null}>
          {text('ui.weight.size')}{' '}
          {sides === null
            ? text('ui.weight.no-size')
            : text('ui.parcel.millimetres', { length: sides.lengthMm, width: sides.widthMm, height: sides.heightMm })}
        </p>
      )}
      {dws === null ? null : (
        <p className="weight-beside" data-testid="dws-latest">
          <small>
            {text('ui.weight.measured', { machine: dws.machineId, code: dws.code ?? text('ui.weight.no-code') })}
          </small>
        </p>
      )}
    </>
  );
}
