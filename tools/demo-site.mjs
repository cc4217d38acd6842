// Serves The Harbour Post, a small newspaper on an origin of its own that embeds Rostra exactly as a publisher would,
// with one script tag and a strict Content-Security-Policy. It imports nothing of Rostra.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { followingPage, frontPage, missingPage, sectionPage, storyPage } from '../web/demo/pages.mjs';

const demo = new URL('../web/demo/', import.meta.url);
const text = (path) => readFileSync(new URL(path, demo), 'utf8');

const HTML = 'text/html; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** The Content-Security-Policy of this publisher: own styles and pictures, Rostra's script, and calls to Rostra. */
function policy(rostraOrigin) {
  const socket = rostraOrigin.replace(/^http/, 'ws');
  return [
    `default-src 'none'`,
    `script-src ${rostraOrigin}`,
    `connect-src ${rostraOrigin} ${socket}`,
    `worker-src 'self'`,
    `style-src 'self'`,
    `img-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html rostra-alerts`,
  ].join('; ');
}

/**
 * The publisher's service worker for alerts, in a folder of its own beside any other worker, with a policy of its own: a worker has the policy of its file, not that of
 * the pages. The policy asks for no Trusted Types, because the line imports by a plain string.
 */
function worker(rostraOrigin) {
  const policy = `default-src 'none'; script-src ${rostraOrigin}; connect-src ${rostraOrigin}`;
  return [JAVASCRIPT, `importScripts('${rostraOrigin}/service-worker.js');\n`, policy];
}

/** Every path of the site with its response: type, body and, where it differs, policy. */
function routes(site) {
  const all = new Map([
    ['/', [HTML, frontPage(site)]],
    ['/following', [HTML, followingPage(site)]],
    ['/alerts/rostra-sw.js', worker(site.rostraOrigin)],
    ['/demo.css', ['text/css; charset=utf-8', text('demo.css')]],
    ['/favicon.svg', ['image/svg+xml', text('favicon.svg')]],
  ]);
  for (const section of site.sections)
    all.set(`/sections/${section.toLowerCase()}`, [HTML, sectionPage(site, section)]);
  for (const story of site.stories) {
    all.set(`/stories/${story.slug}`, [HTML, storyPage(site, story, text(`stories/${story.slug}.html`))]);
    all.set(`/pictures/${story.slug}.svg`, ['image/svg+xml', text(`pictures/${story.slug}.svg`)]);
  }
  return all;
}

/**
 * Starts the newspaper.
 * @param {{ port: number, rostraOrigin: string }} options port 0 takes a free one
 * @returns {Promise<{ url: string, close(): Promise<void> }>} rejects with the server's error, such as EADDRINUSE
 */
export async function startDemoSite({ port, rostraOrigin }) {
  const server = createServer();
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', done); // It is open to this machine only, as the stand-ins are.
  });
  const url = `http://localhost:${server.address().port}`;
  const stories = JSON.parse(text('stories.json'));
  const sections = ['News', 'World', 'Climate', 'Culture'];
  const site = { url, rostraOrigin, stories, sections };
  const answers = routes(site);
  const missing = [HTML, missingPage(site)];
  const csp = policy(rostraOrigin);

  server.on('request', (request, response) => {
    const path = new URL(request.url ?? '/', url).pathname.replace(/(.)\/$/, '$1');
    const found = answers.get(path);
    const [type, body, ownPolicy] = found ?? missing;
    const allowed = request.method === 'GET' || request.method === 'HEAD';
    response.writeHead(allowed ? (found ? 200 : 404) : 405, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'content-security-policy': ownPolicy ?? csp,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cache-control': 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });

  return {
    url,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.DEMO_PORT || 3024);
  const rostraOrigin = process.env.PUBLIC_URL || `http://localhost:${process.env.PORT || 3000}`;
  const { url } = await startDemoSite({ port, rostraOrigin });
  console.log(`The Harbour Post is at ${url}`);
}
