/** Builds the screen into dist/renderer, and serves it while it is being worked on. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The font's style sheets also name a .woff copy of every .woff2 file, for browsers older than ours: left out. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('@fontsource') || !id.endsWith('.css')) return null;
    return { code: code.replace(/, url\([^)]+\.woff\) format\('woff'\)/g, ''), map: null };
  },
};

export default defineConfig({
  root: `${root}renderer`,
  // Relative addresses: the same files are served by the Node host and by Electron's own protocol.
  base: './',
  publicDir: `${root}renderer/public`,
  plugins: [onlyWoff2, react()],
  resolve: { alias: { '#contract': `${root}preload/contract/index.ts` } },
  build: {
    outDir: `${root}dist/renderer`,
    emptyOutDir: true,
    target: 'chrome140',
    // The page's content security policy allows no data: scripts or fonts, so every asset stays a file.
    assetsInlineLimit: 0,
    sourcemap: true,
    chunkSizeWarningLimit: 2000,
  },
});
