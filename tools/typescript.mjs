// Runs the repository's TypeScript without a build: `node --import ./tools/typescript.mjs file.ts`.
// tsx and esbuild cannot, since Nest needs decorator metadata.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
