import { z } from 'zod';
import { Counts } from '../model/comment.schema.js';
import { REACTION_KINDS } from './reactions.service.js';

export const ReactionKindParam = z.enum(REACTION_KINDS);
export const ReactionsView = z.strictObject({ reactions: Counts }).meta({ id: 'Reactions' });
