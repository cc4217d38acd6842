import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { AuditService } from '../../audit/audit.service.js';
import { Transactions } from '../../database/transaction.js';
import { ApiKeyEntity } from './sessions.entity.js';
import { newToken, sha256 } from './tokens.js';

/** The API keys of the publisher's own servers: `rk_` and a token, of which the database holds the hash only. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly audit: AuditService,
  ) {}

  /** Creates a key for the operator. @returns the key, which cannot be shown again */
  async create(name: string): Promise<string> {
    const key = `rk_${newToken()}`;
    await this.transactions.run(async (tx) => {
      const { identifiers } = await tx.getRepository(ApiKeyEntity).insert({ name, keyHash: sha256(key) });
      await this.audit.record(tx, {
        actorId: null,
        action: 'api-key.create',
        subjectId: (identifiers[0] as { id: string }).id,
        detail: { name },
      });
    });
    return key;
  }

  async isValid(key: string): Promise<boolean> {
    return this.dataSource.getRepository(ApiKeyEntity).existsBy({ keyHash: sha256(key), revokedAt: IsNull() });
  }
}
