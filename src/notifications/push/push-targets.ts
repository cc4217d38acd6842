/** SQL: the columns of a PushTarget, of the row `p` of push_subscriptions. */
export const TARGET_COLUMNS = 'p.id, p.endpoint, p.p256dh, p.auth, p.key_id as "keyId", p.created_at as "createdAt"';
