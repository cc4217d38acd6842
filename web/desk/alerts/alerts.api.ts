import { api, query, seg } from '../../shared/api.js';
import type { Page } from '../../shared/contract.js';
import type { Alert, AlertText, Topic } from './contract.js';

export const readTopics = async (): Promise<Topic[]> => (await api.read<{ items: Topic[] }>('/topics')).items;

/** All alerts, newest first, including those that are not sent. */
export const readAlerts = (after: string | null, limit: number): Promise<Page<Alert>> =>
  api.get(`/alerts${query({ after, limit })}`);

export const readAlert = (id: string): Promise<Alert> => api.get(`/alerts/${seg(id)}`);

/** Checks an alert and counts the browsers that it would reach. Nothing is sent. */
export const compose = (text: AlertText): Promise<Alert> => api.post('/alerts', text);

/** Sends an alert. However often it is called, the alert is sent once. */
export const send = (id: string): Promise<Alert> => api.post(`/alerts/${seg(id)}/send`);

/** Stops an alert: what has not been sent yet is not sent. */
export const cancel = (id: string): Promise<Alert> => api.post(`/alerts/${seg(id)}/cancel`);
