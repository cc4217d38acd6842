/** SQL: a subscription as the sender takes it (PushTarget). @param p alias of the push_subscriptions row */
export const targetColumns = (p: string): string =>
  `${p}.id, ${p}.endpoint, ${p}.p256dh, ${p}.auth, ${p}.key_id as "keyId", ${p}.created_at as "createdAt"`;
