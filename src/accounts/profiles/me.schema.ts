import { z } from 'zod';
import { Role } from '../sessions/session.schema.js';
import { DisplayName } from './display-name.js';

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
