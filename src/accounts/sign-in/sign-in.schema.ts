import { z } from 'zod';
import { DisplayName } from '../profiles/display-name.js';
import { EmailAddress } from '../profiles/email-address.js';
import { SessionAccountView } from '../sessions/session.schema.js';

export const Empty = z.strictObject({}).meta({ id: 'Empty' });
export const NewAccount = z.strictObject({ email: EmailAddress, displayName: DisplayName }).meta({ id: 'NewAccount' });
export const NewSignInLink = z.strictObject({ email: EmailAddress }).meta({ id: 'NewSignInLink' });
export const Redemption = z
  .union([
    z.strictObject({ token: z.string().min(20).max(100) }),
    z.strictObject({ email: EmailAddress, code: z.string().min(4).max(20) }),
  ])
  .meta({ id: 'Redemption' });
export const RedeemedView = z
  .strictObject({ account: SessionAccountView, returnTo: z.string().nullable() })
  .meta({ id: 'Redeemed' });
