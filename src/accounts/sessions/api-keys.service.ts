import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row } from '../../database/rows.js';
import { newToken, sha256 } from './tokens.js';

/** Keys of the publisher's own servers: `rk_` and a token, stored as a hash. Making one is on record. */
@Injectable()
export class ApiKeysService {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns the key, shown this once */
  async create(name: string): Promise<string> {
    const key = `rk_${newToken()}`;
    await this.dataSource.query(
      `with made as (insert into api_keys (name, key_hash) values ($1, $2) returning id)
       insert into account_actions (action, detail) select 'api-key', id || ': ' || $1 || ', by the operator' from made`,
      [name, sha256(key)],
    );
    return key;
  }

  async isValid(key: string): Promise<boolean> {
    const found = await row(this.dataSource, 'select 1 from api_keys where key_hash = $1 and revoked_at is null', [
      sha256(key),
    ]);
    return found !== undefined;
  }
}
