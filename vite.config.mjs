import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The window's page. It is served by our own protocol under a strict CSP, so nothing may be inlined as a data: script.
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
  },
});
