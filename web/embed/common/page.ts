import { PageLive } from '../../shared/page/live.js';
import { PageSession } from '../../shared/page/session.js';

/** The session that all elements of the page share. */
export const session = new PageSession();

/** The connection that all elements of the page share. */
export const live = new PageLive(session);
