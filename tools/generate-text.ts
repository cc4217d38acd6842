import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-text.js';

/** Rewrites the text that follows from declarations in the source: `npm run generate`. */
const root = new URL('../', import.meta.url);
for (const { file, actual, expected } of await generatedFiles(root)) {
  if (actual === expected) continue;
  writeFileSync(new URL(file, root), expected);
  console.log(`${file} was updated.`);
}
process.exit(0);
