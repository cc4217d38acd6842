// Writes a .br and a .gz file beside each file of a web build that is sent to browsers as it is. The server chooses by
// Accept-Encoding (src/http/pages.ts), so nothing is compressed while a browser waits.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXT = /\.(js|css|html|svg|json)$/;
/** Its text depends on a setting, so the server compresses it when it starts. */
const CHANGED_LATER = /service-worker\.js$/;

/**
 * Takes the shorter of two encodings: which one is shorter changes with a single byte of the text.
 * @param {Buffer} bytes
 */
function brotli(bytes) {
  const inMode = (mode) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_MODE]: mode,
      },
    });
  const [generic, text] = [inMode(constants.BROTLI_MODE_GENERIC), inMode(constants.BROTLI_MODE_TEXT)];
  return text.length < generic.length ? text : generic;
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
