/**
 * A stand-in for the Electron distribution on machines where the real one cannot be had. It lets the whole packing run
 * (files, archive, fuses) and be verified; it cannot open a window, and says so when it is started.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Marks the fuse wire in an Electron binary (@electron/fuses, constants.ts). */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Fuse wire version 1, nine fuses as in Electron 45, each at its default: '0' is off, '1' is on. */
const fuseWire = Buffer.concat([Buffer.from([1, 9]), Buffer.from('101100011')]);

const script = `#!/bin/sh
echo "This Packbench was packed without Electron (no binary on the packing machine): it cannot open a window." >&2
exit 3
`;

/**
 * Writes the distribution, in the layout electron-builder 26 expects of an unpacked \`electronDist\`.
 * @param {string} folder created if needed
 * @param {string} version Electron's version
 */
export function writePlaceholder(folder, version) {
  mkdirSync(path.join(folder, 'resources'), { recursive: true });
  mkdirSync(path.join(folder, 'locales'), { recursive: true });
  const binary = Buffer.concat([Buffer.from(script), Buffer.from(fuseSentinel), fuseWire, Buffer.from('\n')]);
  writeFileSync(path.join(folder, 'electron'), binary);
  chmodSync(path.join(folder, 'electron'), 0o755);
  writeFileSync(path.join(folder, 'version'), version);
  writeFileSync(path.join(folder, 'locales/en-US.pak'), '');
  writeFileSync(
    path.join(folder, 'LICENSE'),
    'Placeholder: the real distribution carries the licence of Electron here.\n',
  );
}
