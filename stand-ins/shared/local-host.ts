import type { IncomingMessage } from 'node:http';

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Tells whether a request names this machine in `Host`. A site whose name points here (DNS rebinding) could otherwise
 * read and press everything.
 */
export const isLocalRequest = (request: IncomingMessage): boolean => LOCAL.test(request.headers.host ?? '');
