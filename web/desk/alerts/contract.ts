import type { Schemas } from '../../shared/contract.js';

export type Topic = Schemas['Topics']['items'][number];
export type Alert = Schemas['Alert'];
/** Numbers of browsers. Once an alert is finished, `targeted` is the sum of the others. */
export type Counts = Alert['counts'];
/** The part of an alert that an editor writes. */
export type AlertText = Required<Schemas['NewAlert']>;
