import { Injectable } from '@nestjs/common';
import { timeJson } from '../../comments/model/comment.sql.js';
import { type JsonStatement, Reads, row, type Tx } from '../../database/rows.js';

/** SQL: the subscriptions that alerts go to, before the condition on the topic `t.topic_key`. */
export const AUDIENCE = `
  from push_subscription_topics t join push_subscriptions p on p.id = t.subscription_id
  where p.state = 'active'`;

/** A draft shows the audience that it would have now. The audience is counted once a topic, not once a draft. */
const alertJson = `json_build_object('id', x.id::text, 'topic', x.topic_key, 'topicName', topic.name, 'title', x.title, 'body', x.body, 'url', x.url,
  'urgency', x.urgency, 'ttl', x.ttl, 'bytes', x.bytes, 'state', x.state, 'createdAt', ${timeJson('x.created_at')},
  'sentAt', ${timeJson('x.sent_at')}, 'finishedAt', ${timeJson('x.finished_at')},
  'author', json_build_object('id', a.public_id, 'displayName', a.display_name),
  'audience', coalesce(x.audience, n.n, 0),
  'counts', json_build_object('targeted', x.targeted, 'accepted', x.accepted, 'gone', x.gone, 'failed', x.failed,
    'expired', x.expired, 'cancelled', x.cancelled))`;
const JOINS = `join accounts a on a.id = x.author_id join topics topic on topic.key = x.topic_key left join audiences n on n.topic_key = x.topic_key`;
const audiences = (from: string): string => `
  audiences as materialized (
    select d.topic_key, (select count(*) ${AUDIENCE} and t.topic_key = d.topic_key) as n
    from (select distinct topic_key from ${from} where audience is null) d)`;

const alertStatement: JsonStatement = {
  name: 'alert',
  text: `with one as materialized (select * from alerts where id = $1), ${audiences('one')}
    select ${alertJson}::text as json from one x ${JOINS}`,
};

const alertsStatement: JsonStatement = {
  name: 'alerts',
  text: `with page as materialized (
      select *, row_number() over (order by id desc) as n from (
        select * from alerts where id < $1::bigint order by id desc limit $2::integer + 1) p),
    ${audiences('page')}
    select json_build_object(
      'items', coalesce((select json_agg(${alertJson} order by x.n) from page x ${JOINS} where x.n <= $2::integer), '[]'),
      'next', (select 'id:0:' || id from page
        where n = $2::integer and exists (select from page where n > $2::integer)))::text`,
};

/** Reads alerts for the desk, as JSON. */
@Injectable()
export class AlertsQueries {
  constructor(private readonly reads: Reads) {}

  /** Reads an alert inside a transaction. */
  async alertIn(tx: Tx, id: string): Promise<string> {
    return (await row<{ json: string }>(tx, alertStatement.text, [id]))!.json;
  }

  /** @returns undefined when the alert does not exist */
  alert(id: string): Promise<string | undefined> {
    return this.reads.json(alertStatement, [id]);
  }

  /** Newest first. */
  async alerts(limit: number, after = '9223372036854775807'): Promise<string> {
    return (await this.reads.json(alertsStatement, [after, limit]))!;
  }
}
