import { PushThrottle } from './push-throttle.js';

/** The most subscriptions whose pauses are remembered. One more forgets the oldest. */
const MOST = 10_000;

/** The pauses of single subscriptions. A throttled device keeps no message from the others of its push service. */
export class PushDevices {
  private readonly throttles = new Map<string, PushThrottle>();

  /** @returns whole seconds until the next message to this subscription may be sent, or 0 */
  secondsLeft(device: string, now: Date): number {
    return this.throttles.get(device)?.secondsLeft(now) ?? 0;
  }

  /** Notes that the push service wants no message to this subscription for a while. @returns seconds to wait */
  throttled(device: string, now: Date, asked: number | undefined): number {
    const throttle = this.throttles.get(device) ?? new PushThrottle();
    this.throttles.delete(device);
    this.throttles.set(device, throttle);
    if (this.throttles.size > MOST) this.throttles.delete(this.throttles.keys().next().value!);
    return throttle.throttled(now, asked);
  }

  accepted(device: string): void {
    this.throttles.delete(device);
  }

  get size(): number {
    return this.throttles.size;
  }
}
