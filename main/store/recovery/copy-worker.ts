/** The thread that makes a snapshot; see copy.ts. Ends when it has answered. */
import { parentPort, workerData } from 'node:worker_threads';
import { copyDatabase } from './copy.ts';
import type { CopyResult, CopyTask } from './copy.ts';

export type CopyAnswer =
  CopyResult | { readonly kind: 'failed'; readonly reason: string; readonly code: string | null };

async function work(): Promise<CopyAnswer> {
  try {
    return await copyDatabase(workerData as CopyTask);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error), code };
  }
}

parentPort?.postMessage(await work());
