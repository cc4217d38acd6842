import { z } from 'zod';
import { address, email, expand, flag, integer, metadata, text } from './params.js';

/** The id of another object, as a filter or a reference. */
export const id = text(255).optional();

export const customerFields = {
  email: email.optional(),
  name: text(256).optional(),
  phone: text(20).optional(),
  description: text().optional(),
  metadata: metadata.optional(),
  expand,
};
export const metadataFields = z.strictObject({ metadata: metadata.optional(), expand });
export const refundFields = z.strictObject({
  payment_intent: id,
  charge: id,
  amount: integer.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: metadata.optional(),
  expand,
});
export const subscriptionFields = z.strictObject({
  cancel_at_period_end: flag.optional(),
  metadata: metadata.optional(),
  description: text(500).optional(),
  items: z
    .array(
      z.strictObject({
        id: text(255),
        price_data: z.strictObject({
          currency: text(3),
          product: text(255),
          recurring: z.strictObject({ interval: z.enum(['month', 'year']) }),
          unit_amount: integer,
        }),
      }),
    )
    .length(1)
    .optional(),
  proration_behavior: z.literal('none', { message: 'the stand-in only knows none' }).optional(),
  expand,
});
export const cancelFields = z.strictObject({
  cancellation_details: z
    .strictObject({
      comment: text().optional(),
      feedback: z
        .enum([
          'customer_service',
          'low_quality',
          'missing_features',
          'other',
          'switched_service',
          'too_complex',
          'too_expensive',
          'unused',
        ])
        .optional(),
    })
    .optional(),
  invoice_now: z.literal('false', { message: 'the stand-in only knows false' }).optional(),
  prorate: z.literal('false', { message: 'the stand-in only knows false' }).optional(),
  expand,
});
export const portalFields = z.strictObject({ customer: text(255), return_url: address.optional() });
