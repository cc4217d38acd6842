import webPush from 'web-push';
import { serve } from '../support/sending.js';

/** Sends as the documentation of web-push shows. */
serve(({ browsers, payload, publicKey, privateKey }) => {
  webPush.setVapidDetails('mailto:desk@news.example', publicKey, privateKey);
  const options = { TTL: 3_600, urgency: 'high', topic: 'a-story' } as const;
  return async (n) => {
    const { endpoint, p256dh, auth } = browsers[n % browsers.length]!;
    const { statusCode } = await webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, payload, options);
    if (statusCode !== 201) throw new Error(`answered ${statusCode}`);
  };
});
