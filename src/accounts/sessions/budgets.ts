import { Injectable } from '@nestjs/common';
import type { LimitSetting } from '../../config/limit-setting.js';
import { defineLimit, type Limit } from '../../http/limit.js';
import { addressKey, RateLimits } from '../../http/rate-limits.js';
import type { Viewer } from './viewer.js';
import { mailboxKey } from './mailbox.js';

/** This many people may do at one network what one of them may do alone. */
const PEOPLE_AT_A_NETWORK = 3;

/** What a person may do within a window, and all people of one network together. */
export interface Budget {
  /** Counts by mailbox, so that an account and those of the same mailbox share it. */
  readonly person: Limit;
  readonly network: Limit;
}

interface NewBudget {
  name: string;
  setting: LimitSetting;
  per: Limit['per'];
  message: string;
}

/** Declares a budget. Its limits are the setting's number for a mailbox and three times as many for a network. */
export const defineBudget = ({ name, setting, per, message }: NewBudget): Budget => ({
  person: defineLimit({ name, setting, per, message }),
  network: defineLimit({
    name: `${name}-ip`,
    setting,
    per,
    times: PEOPLE_AT_A_NETWORK,
    message: 'Too much of this came from your network.',
  }),
});

/** Counts what signed-in people do. Accounts are free, so each act also counts for its mailbox and its network. */
@Injectable()
export class Budgets {
  constructor(private readonly limits: RateLimits) {}

  /** @param ip the address of the request @throws DomainError rate.limited */
  async consume({ person, network }: Budget, viewer: Pick<Viewer, 'email'>, ip: string): Promise<void> {
    await this.limits.consume(person, mailboxKey(viewer.email));
    await this.limits.consumeNetwork(network, addressKey(ip));
  }
}
