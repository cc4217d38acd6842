import { z } from 'zod';
import { shortText } from '../../text/short-text.js';
import { Role } from '../sessions/session.schema.js';

export const RoleChange = z.strictObject({ role: Role }).meta({ id: 'RoleChange' });
export const BanReason = z.strictObject({ reason: shortText(500).pipe(z.string().min(1)) }).meta({ id: 'BanReason' });
