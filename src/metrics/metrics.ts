import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { inTime } from '../clock/in-time.js';
import { Config } from '../config/config.js';

/** The most time that reading one number may take. */
const READ_MS = 1_500;

/** A number, none, or one for each value of the label. */
type Reading = number | undefined | Record<string, number>;

/**
 * Numbers about this process for Prometheus. No label names a reader, an article or anything else that grows, so the number
 * of series is bounded by the code.
 */
@Injectable()
export class Metrics {
  /** Whether the operator wants them. Numbers that cost something are read only then. */
  readonly isOn: boolean;
  readonly registry = new Registry();
  readonly requests = new Histogram({
    name: 'rostra_http_request_duration_seconds',
    help: 'Answered requests by the pattern of their route and the class of their status.',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });
  readonly pushes = new Counter({
    name: 'rostra_pushes_total',
    help: 'Attempts to send a push by their outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly mails = new Counter({
    name: 'rostra_mails_total',
    help: 'Attempts to send a mail by their outcome: sent, refused for good, or failed and tried again.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  constructor(config: Config) {
    this.isOn = config.env.METRICS_TOKEN !== undefined || config.env.METRICS_PORT !== undefined;
    if (this.isOn) collectDefaultMetrics({ register: this.registry });
  }

  /**
   * Adds a number that is read whenever Prometheus asks. When it cannot be read in time, the answer leaves it out.
   * @param label the name of the label when `read` returns several numbers
   */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label?: string): void {
    if (!this.isOn) return;
    const labelNames = label ? [label] : [];
    const collect = async (): Promise<void> => {
      const reading = await inTime(Promise.resolve().then(read), READ_MS, () => new Error('late')).catch(
        () => undefined,
      );
      gauge.reset();
      if (reading === undefined) gauge.remove();
      else if (typeof reading === 'number') gauge.set(reading);
      else for (const [value, n] of Object.entries(reading)) gauge.set({ [label!]: value }, n);
    };
    const gauge = new Gauge({ name, help, labelNames, collect, registers: [this.registry] });
  }
}
