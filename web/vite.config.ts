import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console as static files in web/dist. While developing, the API is asked for at STOCKLESS_API. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // A data: address would need its own permission in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 4173, proxy: { '/v1': process.env['STOCKLESS_API'] ?? 'http://localhost:4100' } },
});
