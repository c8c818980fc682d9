/** Cuts a stream of bytes into lines, in bounded memory, whatever the chunking. Pure. */
import type { ScaleDecoder } from '../../../domain/device.ts';
import { frameProblem } from '../../../domain/frame-problems.ts';
import { refuse, type ScaleItem } from './frame.ts';

/** Longer than any documented line of a scale; more bytes without an end of line are refused in pieces. */
export const maxLineBytes = 128;

export interface LineShape {
  /** The last bytes of every line. */
  readonly end: readonly number[];
  readonly maxBytes: number;
}

const usual: LineShape = { end: [0x0a], maxBytes: maxLineBytes };

/**
 * A decoder for a protocol of lines, which end with LF if nothing else is said. `read` gets a line with its end; null is
 * a line that is understood and no weight.
 */
export function createLineDecoder(
  read: (line: Uint8Array, at: number) => ScaleItem | null,
  { end, maxBytes }: LineShape = usual,
): ScaleDecoder {
  const line = new Uint8Array(maxBytes);
  let length = 0;
  /** The rest of an over-long line is not looked at: its tail must not pass for a frame. */
  let overlong = false;

  function ends(): boolean {
    if (length < end.length) return false;
    return end.every((byte, index) => line[length - end.length + index] === byte);
  }

  function endLine(at: number): ScaleItem | null {
    const bytes = line.subarray(0, length);
    const whole = !overlong;
    length = 0;
    overlong = false;
    return whole ? read(bytes, at) : refuse(frameProblem('line-too-long'), bytes, at);
  }

  return {
    push(bytes, at) {
      const out: ScaleItem[] = [];
      for (const byte of bytes) {
        if (length === maxBytes) {
          out.push(refuse(frameProblem('line-too-long'), line, at));
          length = 0;
          overlong = true;
        }
        line[length] = byte;
        length += 1;
        if (!ends()) continue;
        const item = endLine(at);
        if (item !== null) out.push(item);
      }
      return out;
    },
    pending: () => line.slice(0, length),
    end(at) {
      const left = line.slice(0, length);
      length = 0;
      return left.length === 0 ? [] : [refuse(frameProblem('incomplete'), left, at)];
    },
  };
}
