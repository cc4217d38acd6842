import { LitElement } from 'lit';

/** `<rostra-alerts service-worker="/rostra-sw.js">`. */
export class RostraAlerts extends LitElement {}
