/** What the training panel shows of the virtual scale, measuring machine and scanner, and does with them. */
import { ContractError, type CallRequest, type TrainingState } from '../../preload/contract/index.ts';
import type { VirtualParts } from './training-room.ts';
import { virtualLink, virtualScaleChoices } from './virtual-scale.ts';

export interface MachineControls {
  shown(): Pick<TrainingState, 'scale' | 'dws' | 'scanner' | 'mayStart'>;
  /** Rejects with ContractError `refused`, in words, if the device is a real one or cannot do that now. */
  set(change: CallRequest<'training.set'>): Promise<void>;
}

type Change = CallRequest<'training.set'>;

export function createMachineControls(
  parts: Pick<VirtualParts, 'scale' | 'machines'>,
  mayStart: boolean,
): MachineControls {
  const { machines } = parts;

  function shownScale(): TrainingState['scale'] {
    const given = machines.profileScale();
    const virtual = parts.scale !== null && (given === undefined || given.link === virtualLink);
    const { grams, mode, plugged } = parts.scale?.state() ?? { grams: 0, mode: 'silent' as const, plugged: true };
    const speaks =
      given === undefined ? machines.chosenScale() : [given.protocol, given.form].filter(Boolean).join('/');
    const choices = given === undefined ? virtualScaleChoices.map(({ id }) => id) : [];
    return { grams, mode, virtual, plugged, speaks, choices };
  }

  async function setScale({ scaleGrams, scaleMode, scalePlugged, scaleSpeaks }: Change): Promise<void> {
    if ([scaleGrams, scaleMode, scalePlugged, scaleSpeaks].every((each) => each === undefined)) return;
    const { scale } = parts;
    const { virtual, choices = [] } = shownScale();
    if (scale === null || virtual !== true) throw refused('the scale of this desk is a real one');
    if (scaleSpeaks !== undefined) {
      if (!choices.includes(scaleSpeaks))
        throw refused(`this desk's virtual scale cannot be made to speak ${scaleSpeaks}`);
      machines.chooseScale(scaleSpeaks);
    }
    if (scalePlugged !== undefined) await scale.plug(scalePlugged);
    if (scaleMode !== undefined) scale.setMode(scaleMode);
    if (scaleGrams !== undefined) scale.put(scaleGrams);
  }

  async function setDws({ dws: parcel, dwsPlugged }: Change): Promise<void> {
    if (parcel === undefined && dwsPlugged === undefined) return;
    const device = machines.dws()?.device;
    if (device === undefined) throw refused('this desk has no virtual measuring machine; start one first');
    if (dwsPlugged !== undefined) await device.plug(dwsPlugged);
    if (parcel === undefined) return;
    const { barcode, fault, ...measured } = parcel;
    await device.measure({ barcodes: barcode === '' ? [] : [barcode], ...measured }, fault);
  }

  async function setScanner({ scan, scannerPlugged }: Change): Promise<void> {
    if (scan === undefined && scannerPlugged === undefined) return;
    const device = machines.scanner()?.device;
    if (device === undefined) throw refused('this desk has no virtual scanner; start one first');
    if (scannerPlugged !== undefined) await device.plug(scannerPlugged);
    if (scan !== undefined) device.scan(scan);
  }

  return {
    shown() {
      const dws = machines.dws();
      const scanner = machines.scanner();
      return {
        scale: shownScale(),
        dws:
          dws === null
            ? null
            : {
                id: dws.entry.id,
                format: dws.entry.format,
                plugged: dws.device.plugged(),
                sent: dws.device.counts.sent,
              },
        scanner: scanner === null ? null : { id: scanner.entry.id, plugged: scanner.device.plugged() },
        mayStart: mayStart ? [...machines.mayStart()] : [],
      };
    },
    async set(change) {
      try {
        if (change.start !== undefined) {
          if (!mayStart) throw new Error('virtual machines are started only where every carrier is virtual');
          await machines.start(change.start);
        }
        await setScale(change);
        await setDws(change);
        await setScanner(change);
      } catch (error) {
        throw error instanceof ContractError ? error : refused(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function refused(words: string): ContractError {
  return new ContractError('refused', words);
}
