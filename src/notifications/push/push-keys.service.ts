import { createECDH } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, IsNull, Not, type Repository } from 'typeorm';
import webPush from 'web-push';
import { Clock } from '../../clock/clock.js';
import { PushKeyEntity } from './push.entity.js';

/** A VAPID key pair (RFC 8292), base64url. */
export interface PushKey {
  id: string;
  publicKey: string;
  privateKey: string;
}

/**
 * The VAPID keys that sign pushes. The first start makes one and stores it in the database, because all processes must
 * sign with the same key and a subscription is bound to its key for good.
 */
@Injectable()
export class PushKeys implements OnModuleInit {
  private readonly known = new Map<string, PushKey>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when the private key does not belong to the public one, because no push would arrive */
  async onModuleInit(): Promise<void> {
    const { publicKey, privateKey } = webPush.generateVAPIDKeys();
    // When two processes start at once, the index admits one key and both read it.
    await this.dataSource.sql`
      insert into push_keys (public_key, private_key, created_at)
      select ${publicKey}, ${privateKey}, ${this.clock.now()}
      where not exists (select 1 from push_keys where retired_at is null) on conflict do nothing`;
    await this.current();
  }

  /** The key for new subscriptions. */
  async current(): Promise<PushKey> {
    const key = await this.repository.findOneBy({ retiredAt: IsNull() });
    if (!key) throw new Error('push_keys has no current key. Restart the process to make one.');
    return this.remember(key);
  }

  /** The public halves of the keys that were used before, by which browsers know their older subscriptions as ours. */
  async former(): Promise<string[]> {
    const keys = await this.repository.find({ where: { retiredAt: Not(IsNull()) }, order: { id: 'DESC' }, take: 20 });
    return keys.map(({ publicKey }) => publicKey);
  }

  /** @returns the key with this public half, or undefined */
  async byPublicKey(publicKey: string): Promise<PushKey | undefined> {
    const key = await this.repository.findOneBy({ publicKey });
    return key ? this.remember(key) : undefined;
  }

  /** The key of a subscription. It stays in memory, because a key never changes. */
  async byId(id: string): Promise<PushKey> {
    const known = this.known.get(id);
    if (known) return known;
    const key = await this.repository.findOneBy({ id });
    if (!key) throw new Error(`push_keys has no key ${id}.`);
    return this.remember(key);
  }

  private get repository(): Repository<PushKeyEntity> {
    return this.dataSource.getRepository(PushKeyEntity);
  }

  private remember({ id, publicKey, privateKey }: PushKeyEntity): PushKey {
    const key = { id, publicKey, privateKey };
    const known = this.known.get(key.id);
    if (known) return known;
    verifyKeyPair(key);
    this.known.set(key.id, key);
    return key;
  }
}

/** @throws Error when the private key belongs to another public key */
export function verifyKeyPair({ id, publicKey, privateKey }: PushKey): void {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(privateKey, 'base64url');
  if (curve.getPublicKey('base64url') !== publicKey)
    throw new Error(`The private key of push_keys ${id} does not belong to its public key.`);
}
