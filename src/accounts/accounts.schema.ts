import { z } from 'zod';
import { shortText } from '../text/short-text.js';
import { DisplayName } from './profiles/display-name.js';
import { EmailAddress } from './profiles/email-address.js';
import { ROLES } from './sessions/viewer.js';

export const Role = z.enum(ROLES);

const SessionAccountView = z
  .strictObject({
    id: z.string(),
    displayName: z.string(),
    role: Role,
    emailVerified: z.boolean(),
    supporter: z.boolean(),
  })
  .meta({ id: 'SessionAccount' });
export const SessionView = z.strictObject({ account: SessionAccountView.nullable() }).meta({ id: 'Session' });
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
export const TicketView = z
  .strictObject({ ticket: z.string(), expiresInSeconds: z.int() })
  .meta({ id: 'SocketTicket' });

export const OwnProfileView = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    displayName: z.string(),
    role: Role,
    emailVerified: z.boolean(),
    supporter: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'OwnProfile' });
export const ProfileChange = z.strictObject({ displayName: DisplayName }).meta({ id: 'ProfileChange' });

export const RoleChange = z.strictObject({ role: Role }).meta({ id: 'RoleChange' });
export const BanReason = z.strictObject({ reason: shortText(500).pipe(z.string().min(1)) }).meta({ id: 'BanReason' });
