// Writes a .br and a .gz file beside each file of a web build that is sent to browsers as it is. The server chooses by
// Accept-Encoding (src/http/pages.ts), so nothing is compressed while a browser waits.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXT = /\.(js|css|html|svg|json)$/;
/** Its text depends on a setting, so the server compresses it when it starts. */
const CHANGED_LATER = /service-worker\.js$/;

/**
 * Takes the shortest of some encodings: which one it is changes with a single byte of the text.
 * @param {Buffer} bytes
 */
function brotli(bytes) {
  const encoded = [0, 1, 2].map((postfixBits) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_NPOSTFIX]: postfixBits,
      },
    }),
  );
  return encoded.reduce((shortest, it) => (it.length < shortest.length ? it : shortest));
}

/** @param {string} folder the web build */
export function compressAssets(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !TEXT.test(file) || CHANGED_LATER.test(file)) continue;
    const bytes = readFileSync(file);
    writeFileSync(`${file}.br`, brotli(bytes));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  }
}
