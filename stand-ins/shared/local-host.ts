import type { IncomingMessage } from 'node:http';

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Whether a request was meant for this machine. A page of any site may let its own name point here (DNS rebinding), and
 * then read and press whatever it likes; the name in `Host` gives it away.
 */
export const meantForHere = (request: IncomingMessage): boolean => LOCAL.test(request.headers.host ?? '');
