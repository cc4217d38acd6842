import '../../tools/typescript.mjs';

export default async function teardown() {
  const { stopTestServer } = await import('./server.ts');
  await stopTestServer();
}
