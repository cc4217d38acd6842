import { z } from 'zod';

export const ReceivedView = z.strictObject({ received: z.literal(true) }).meta({ id: 'Received' });
