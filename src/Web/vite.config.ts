import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a Clew server for the API calls. */
const server = "http://127.0.0.1:16686";

export default defineConfig({
  build: {
    target: "es2022",
    // A strict content security policy allows no data: scripts, and small assets are cached better as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": server } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
