// Jest loads global set-up without its own TypeScript transform, hence the hook and this file's ending.
import '../../tools/typescript.mjs';

export default async function setup() {
  const { startTestServer } = await import('./server.ts');
  await startTestServer();
}
