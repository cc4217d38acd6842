import type { FastifyInstance, FastifyRequest } from 'fastify';

interface KnownRoute {
  segments: string[];
  methods: Set<string>;
}

const servers = new WeakMap<object, KnownRoute[]>();

/** Remembers the methods of each address, for the answer to another method; call it before routes are registered. */
export function recordMethods(server: FastifyInstance): void {
  const routes: KnownRoute[] = [];
  servers.set(server.server, routes);
  server.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return; // files: they are there or not
    const segments = url.split('/');
    const same = routes.find((it) => it.segments.join('/') === url);
    const route = same ?? { segments, methods: new Set<string>() };
    for (const it of [method].flat()) route.methods.add(it);
    if (!same) routes.push(route);
  });
}

/** Returns the methods that the address of a request answers. It is empty when there is nothing at the address. */
export function methodsAt(request: FastifyRequest): string[] {
  const asked = request.url.split('?')[0]!.split('/');
  const fits = ({ segments }: KnownRoute): boolean =>
    segments.length === asked.length &&
    segments.every((it, at) => (it.startsWith(':') ? asked[at] !== '' : it === asked[at]));
  const found = (servers.get(request.server.server) ?? []).filter(fits);
  return [...new Set(found.flatMap((it) => [...it.methods]))].sort();
}
