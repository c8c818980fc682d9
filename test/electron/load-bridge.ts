/** Runs the real preload script in a stand-in page. */
import { vi } from 'vitest';
import type { Bridge } from '../../preload/rpc/index.ts';
import type { StandInPage } from './stand-in.ts';

/** What the page finds on `window.packbench`. */
export async function loadBridge(page: StandInPage): Promise<Bridge> {
  vi.resetModules();
  vi.doMock('electron', () => ({ contextBridge: page.contextBridge, ipcRenderer: page.ipcRenderer }));
  try {
    await import('../../preload/bridge.ts');
  } finally {
    vi.doUnmock('electron');
  }
  return page.world['packbench'] as Bridge;
}
