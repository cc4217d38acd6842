import { api, query, seg } from '../../shared/api.js';
import type { Page } from '../../shared/contract.js';
import type { Alert, AlertText, Topic } from './contract.js';

export const readTopics = async (): Promise<Topic[]> => (await api.read<{ items: Topic[] }>('/topics')).items;

/** Newest first, those not sent yet included. */
export const readAlerts = (after: string | null, limit: number): Promise<Page<Alert>> =>
  api.get(`/alerts${query({ after, limit })}`);

export const readAlert = (id: string): Promise<Alert> => api.get(`/alerts/${seg(id)}`);

/** Checks an alert and counts whom it would reach; nothing is sent. */
export const compose = (text: AlertText): Promise<Alert> => api.post('/alerts', text);

/** Sends it: once, however often it is asked. */
export const send = (id: string): Promise<Alert> => api.post(`/alerts/${seg(id)}/send`);

/** Keeps back what has not gone. */
export const cancel = (id: string): Promise<Alert> => api.post(`/alerts/${seg(id)}/cancel`);
