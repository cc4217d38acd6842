import { api } from '../../shared/api.js';
import type { AlertText } from './contract.js';

export const readTopics = async () => (await api.read('/topics')).items;

/** Reads a page of the alerts, newest first, with those that have not been sent. */
export const readAlerts = (after: string | null, limit: number) => api.get('/alerts', { query: { after, limit } });

export const readAlert = (id: string) => api.get('/alerts/{id}', { path: { id } });

/** Checks an alert and counts whom it would reach; nothing is sent. */
export const compose = (text: AlertText) => api.post('/alerts', { body: text });

/** Sends an alert. Repeated calls send it once. */
export const send = (id: string) => api.post('/alerts/{id}/send', { path: { id } });

/** Stops the messages of an alert that have not been sent yet. */
export const cancel = (id: string) => api.post('/alerts/{id}/cancel', { path: { id } });
