/** Draws a label the way a packer sees it and reads its barcodes; a thread of its own, because drawing takes 0.3 s. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { ready } from 'zpl-renderer-js';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

export interface RenderRequest {
  readonly id: number;
  readonly zpl: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dotsPerMm: number;
}
export type RenderAnswer =
  | { readonly id: number; readonly png: Uint8Array; readonly codes: string[] }
  | { readonly id: number; readonly error: string };

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
const reader = prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });

parentPort?.on('message', (request: RenderRequest) => {
  void render(request).then((answer) => parentPort?.postMessage(answer));
});

async function render(request: RenderRequest): Promise<RenderAnswer> {
  try {
    const { api } = await ready;
    await reader;
    const text = new TextDecoder('utf-8').decode(request.zpl);
    const [first] = await api.zplToBase64MultipleAsync(text, request.widthMm, request.heightMm, request.dotsPerMm);
    if (first === undefined) return { id: request.id, error: 'the label draws nothing' };
    const png = new Uint8Array(Buffer.from(first, 'base64'));
    const found = await readBarcodes(png, { tryHarder: true, tryInvert: false });
    return { id: request.id, png, codes: [...new Set(found.map((code) => code.text))] };
  } catch (error) {
    return { id: request.id, error: (error instanceof Error ? error.message : String(error)).slice(0, 200) };
  }
}
