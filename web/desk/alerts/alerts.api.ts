import { api } from '../../shared/api.js';
import type { AlertText } from './contract.js';

export const readTopics = async () => (await api.read('/topics')).items;

/** Newest first, those not sent yet included. */
export const readAlerts = (after: string | null, limit: number) => api.get('/alerts', { query: { after, limit } });

export const readAlert = (id: string) => api.get('/alerts/{id}', { path: { id } });

/** Checks an alert and counts whom it would reach; nothing is sent. */
export const compose = (text: AlertText) => api.post('/alerts', { body: text });

/** Sends it: once, however often it is asked. */
export const send = (id: string) => api.post('/alerts/{id}/send', { path: { id } });

/** Keeps back what has not gone. */
export const cancel = (id: string) => api.post('/alerts/{id}/cancel', { path: { id } });
