import { z } from 'zod';
import { ROLES } from './viewer.js';

export const Role = z.enum(ROLES);

export const SessionAccountView = z
  .strictObject({
    id: z.string(),
    displayName: z.string(),
    role: Role,
    emailVerified: z.boolean(),
    supporter: z.boolean(),
  })
  .meta({ id: 'SessionAccount' });
/** What the newsroom says at the conversations of the page's site. */
const TextsView = z.strictObject({ message: z.string(), note: z.string(), hasRules: z.boolean() });
export const SessionView = z
  .strictObject({
    account: SessionAccountView.nullable(),
    /** Null when the newsroom says nothing. */
    texts: TextsView.nullable(),
  })
  .meta({ id: 'Session' });
export const TicketView = z
  .strictObject({ ticket: z.string(), expiresInSeconds: z.int() })
  .meta({ id: 'SocketTicket' });
