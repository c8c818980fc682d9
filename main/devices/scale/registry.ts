/** The scales this station can read. Another protocol is one file and one line in `scaleProtocols`. */
import type { ScaleProtocol } from '../../domain/device.ts';
import { adam } from './adam.ts';
import { and } from './and.ts';
import { cas } from './cas.ts';
import { hidPos } from './hid-pos.ts';
import { kern } from './kern.ts';
import { mtSics } from './mt-sics.ts';
import { nci } from './nci.ts';
import { ohaus } from './ohaus.ts';
import { sbi } from './sbi.ts';
import { toledo8217 } from './toledo-8217.ts';
import { toledoContinuous } from './toledo-continuous.ts';
import { userDefined } from './user-defined.ts';
import { xk3190 } from './xk3190.ts';

export const scaleProtocols: Readonly<Record<string, ScaleProtocol>> = {
  [hidPos.id]: hidPos,
  [mtSics.id]: mtSics,
  [toledo8217.id]: toledo8217,
  [toledoContinuous.id]: toledoContinuous,
  [xk3190.id]: xk3190,
  [and.id]: and,
  [cas.id]: cas,
  [ohaus.id]: ohaus,
  [sbi.id]: sbi,
  [nci.id]: nci,
  [adam.id]: adam,
  [kern.id]: kern,
  [userDefined.id]: userDefined,
};

/** The protocol of that name. Throws a one-line Error that lists the known ones. */
export function scaleProtocol(id: string): ScaleProtocol {
  const found = Object.hasOwn(scaleProtocols, id) ? scaleProtocols[id] : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `scale protocol "${id.slice(0, 40)}" is not known; known are ${Object.keys(scaleProtocols).join(', ')}`,
  );
}
