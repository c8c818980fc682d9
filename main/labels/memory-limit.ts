/**
 * A ceiling for the memory of the drawing engines. They are WebAssembly and outside of a thread's heap limit; a PDF can
 * ask for two gigabytes. Emscripten's engines ask for more by `WebAssembly.Memory.grow` (growMemory in their loaders),
 * so a refusal there is to them what a full machine is.
 */

/** Pages of 64 KiB, as WebAssembly counts. */
const pageBytes = 65_536;

export interface MemoryLimit {
  /** Bytes of the largest memory so far. */
  readonly largestBytes: number;
  /** True if a request for more was refused since the last `forget`. */
  readonly refused: boolean;
  forget(): void;
}

interface Memory {
  readonly buffer: ArrayBuffer;
}
interface MemoryPrototype {
  grow(this: Memory, pages: number): number;
}

/** Limits every WebAssembly memory of this thread that is grown from JavaScript. Call once, before an engine loads. */
export function limitMemory(mostBytes: number): MemoryLimit {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Memory: { prototype: MemoryPrototype } };
  };
  const grow = WebAssembly.Memory.prototype.grow;
  let largestBytes = 0;
  let refused = false;
  WebAssembly.Memory.prototype.grow = function limited(pages: number): number {
    const wanted = this.buffer.byteLength + pages * pageBytes;
    if (wanted > mostBytes) {
      refused = true;
      throw new RangeError(`more than ${mostBytes} bytes`);
    }
    largestBytes = Math.max(largestBytes, wanted);
    return grow.call(this, pages);
  };
  return {
    get largestBytes() {
      return largestBytes;
    },
    get refused() {
      return refused;
    },
    forget() {
      refused = false;
    },
  };
}
