import { expect, test } from 'vitest';
import { loadBridge } from './load-bridge.ts';
import { StandInWebContents, createStandIn } from './stand-in.ts';

const openPage = async () => {
  const standIn = createStandIn();
  const webContents = new StandInWebContents(1, standIn.ipcMain);
  const page = webContents.loadPage();
  return { standIn, webContents, page, bridge: await loadBridge(page) };
};

test('a page is given exactly two functions and nothing else', async () => {
  const { page, bridge } = await openPage();
  expect(Object.keys(page.world)).toEqual(['packbench']);
  expect(Object.keys(bridge).sort()).toEqual(['onMessage', 'send']);
  expect(Object.values(bridge).map((member) => typeof member)).toEqual(['function', 'function']);
});

test('a listener gets the text alone, never the event', async () => {
  const { webContents, bridge } = await openPage();
  const seen: unknown[][] = [];
  const arrived = Promise.withResolvers<void>();
  bridge.onMessage((...args: unknown[]) => {
    seen.push(args);
    arrived.resolve();
  });
  webContents.send('packbench:rpc', 'hello', 'more');
  await arrived.promise;
  expect(seen).toEqual([['hello']]);
});

test('a listener that was stopped hears nothing more', async () => {
  const { webContents, bridge } = await openPage();
  const seen: string[] = [];
  const stop = bridge.onMessage((text) => seen.push(`first ${text}`));
  const arrived = Promise.withResolvers<void>();
  bridge.onMessage(() => arrived.resolve());
  stop();
  webContents.send('packbench:rpc', 'hello');
  await arrived.promise;
  expect(seen).toEqual([]);
});

test('only texts are sent, and only on the one channel', async () => {
  const { standIn, bridge } = await openPage();
  const seen: unknown[][] = [];
  const arrived = Promise.withResolvers<void>();
  standIn.ipcMain.on('packbench:rpc', (_event: unknown, ...args: unknown[]) => {
    seen.push(args);
    arrived.resolve();
  });
  (bridge.send as (value: unknown, more?: unknown) => void)({ channel: 'other' });
  (bridge.send as (value: unknown, more?: unknown) => void)('text', 'more');
  await arrived.promise;
  expect(seen).toEqual([['text']]);
});
