/** What every command that runs a station needs: the folders, the version, the ports. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createNodePorts, type NodePorts } from '../../shared/node-ports.ts';

/** The project's root: five folders above this file. */
const projectDir = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const resourcesDir = join(projectDir, 'resources');
export const rendererDir = join(projectDir, 'dist', 'renderer');

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')));

export function makePorts(dataDir: string): NodePorts {
  return createNodePorts({ dataDir: resolve(dataDir), version });
}
