// Runs the repository's TypeScript without a build: `node --import ./tools/typescript.mjs file.ts`.
// tsx and esbuild cannot, since Nest needs decorator metadata.
import module from 'node:module';

// Node 26 deprecates `register`; Node 20 has no `registerHooks`.
if (module.registerHooks) module.registerHooks(await import('./typescript-hooks.mjs'));
else module.register('./typescript-hooks.mjs', import.meta.url);
