import { z } from 'zod';
import { DisplayName } from '../profiles/display-name.js';
import { EmailAddress } from '../profiles/email-address.js';
import { SessionAccountView } from '../sessions/session.schema.js';

export const Empty = z.strictObject({}).meta({ id: 'Empty' });
/** The page that asks, to which its reader returns. One of another site than the request's is not believed. */
const returnUrl = z.string().optional();
export const NewAccount = z
  .strictObject({ email: EmailAddress, displayName: DisplayName, returnUrl })
  .meta({ id: 'NewAccount' });
export const NewSignInLink = z.strictObject({ email: EmailAddress, returnUrl }).meta({ id: 'NewSignInLink' });
const token = z.string().min(20).max(100);
export const LinkToken = z.strictObject({ token }).meta({ id: 'LinkToken' });
export const Redemption = z
  .union([
    z.strictObject({ token, displayName: DisplayName.optional() }),
    z.strictObject({ email: EmailAddress, code: z.string().min(4).max(20), displayName: DisplayName.optional() }),
  ])
  .meta({ id: 'Redemption' });
export const LinkPreview = z
  .strictObject({
    email: z.string(),
    account: z.strictObject({ displayName: z.string() }).nullable(),
    displayName: z.string().nullable(),
  })
  .meta({ id: 'LinkPreview' });
export const RedeemedView = z
  .strictObject({
    account: SessionAccountView,
    returnTo: z.string().nullable(),
    /** The title of the article at `returnTo`. */
    returnTitle: z.string().nullable(),
  })
  .meta({ id: 'Redeemed' });
