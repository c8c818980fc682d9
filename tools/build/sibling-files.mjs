/**
 * Keeps `new URL('./file', import.meta.url)` true after bundling. A TypeScript sibling (a worker) becomes an entry of
 * its own beside the bundle; what lies under resources/ or dist/ is shipped as it is and only its address changes; any
 * other file is copied beside the bundle.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const reference = /new URL\(\s*(['"`])(\.{1,2}\/[^'"`$]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/**
 * All output lies in one folder two levels below the app's root (dist/main), so one address is right for every chunk.
 *
 * @param {string} root the repository
 * @returns {import('vite').Plugin}
 */
export function siblingFiles(root) {
  const shipped = [path.join(root, 'resources'), path.join(root, 'dist')];
  return {
    name: 'packbench:sibling-files',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('import.meta.url')) return null;
      let changed = false;
      const next = code.replace(reference, (whole, _quote, relative) => {
        const file = path.resolve(path.dirname(id.split('?')[0] ?? id), relative);
        const slash = relative.endsWith('/') ? '/' : '';
        if (shipped.some((folder) => file === folder || file.startsWith(folder + path.sep))) {
          changed = true;
          return `new URL('../../${path.relative(root, file).replaceAll(path.sep, '/')}${slash}', import.meta.url)`;
        }
        if (!existsSync(file) || !path.extname(file)) return whole;
        const stem = path.relative(root, file).replace(/[^A-Za-z0-9.]+/g, '-');
        const fileName = file.endsWith('.ts') ? stem.replace(/\.ts$/, '.js') : stem;
        if (fileName !== stem) this.emitFile({ type: 'chunk', id: file, fileName });
        else this.emitFile({ type: 'asset', fileName, source: readFileSync(file) });
        changed = true;
        return `new URL('./${fileName}', import.meta.url)`;
      });
      return changed ? { code: next, map: null } : null;
    },
  };
}
