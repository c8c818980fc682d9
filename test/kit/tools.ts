/** Programs of the operating system that some tests need; a test that lacks one is skipped in plain sight. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The names among `programs` that are not on the path (`/usr/sbin` included). Says on the console what is skipped. */
export function missingTools(programs: readonly string[], forWhat: string): readonly string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const missing = programs.filter((program) => !folders.some((folder) => isExecutable(join(folder, program))));
  if (missing.length > 0) {
    // oxlint-disable-next-line no-console -- a skipped test must be seen
    console.warn(`SKIPPED: ${forWhat}: this machine has no ${missing.join(', ')}`);
  }
  return missing;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
