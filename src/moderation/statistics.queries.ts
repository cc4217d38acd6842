import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { type JsonStatement, Reads } from '../database/rows.js';

const DAYS = 7;
const since = `$1::timestamptz - interval '${DAYS} days'`;

// The tables of decisions, subscriptions and money have no index on their time, so their newest rows are read by their
// ids, at most as many as are named here.
const DECISIONS = 1_000;
const SUBSCRIPTIONS = 20_000;
const MOVEMENTS = 10_000;
/** Counting stops here, so that the read stays cheap. */
const MOST_SUBSCRIBERS = 100_000;

/** The reported comments that were decided, each with the time since its first report. */
const decided = `select extract(epoch from d.created_at - r.first) as seconds
  from (select id, created_at from decisions order by id desc limit ${DECISIONS}) d,
    lateral (select min(created_at) as first from reports where decision_id = d.id) r
  where d.created_at > ${since} and r.first is not null`;

const gifts = `select currency, count(*) as n, sum(amount_minor)::bigint as amount
  from (select kind, currency, amount_minor, occurred_at from ledger_entries order by id desc limit ${MOVEMENTS}) l
  where kind = 'payment' and occurred_at > ${since} group by currency`;

/** Exported for the test of the query plans. */
export const statisticsStatement: JsonStatement = {
  name: 'statistics',
  text: `select json_build_object(
    'days', ${DAYS},
    'comments', (select json_build_object('count', count(*),
        'lastDay', count(*) filter (where logged_at > $1::timestamptz - interval '1 day'))
      from conversation_log where kind = 'comment' and logged_at > ${since}),
    'decisions', (select json_build_object('count', count(*),
        'medianSecondsInQueue', round(percentile_cont(0.5) within group (order by seconds))::integer)
      from (${decided}) d),
    'subscribers', json_build_object(
      'active', (select count(*) from (select from push_subscriptions where state = 'active' limit ${MOST_SUBSCRIBERS}) s),
      'added', (select count(*) from (
          select state, created_at from push_subscriptions order by id desc limit ${SUBSCRIPTIONS}) s
        where state = 'active' and created_at > ${since})),
    'gifts', coalesce((select json_agg(json_build_object('currency', currency, 'count', n, 'amount', amount)
      order by n desc, currency) from (${gifts}) g), '[]'))::text`,
};

/** Reads what the desk shows while no case is open: comments, time in the queue, subscribers and gifts. */
@Injectable()
export class StatisticsQueries {
  constructor(
    private readonly reads: Reads,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<string> {
    return (await this.reads.json(statisticsStatement, [this.clock.now().toISOString()]))!;
  }
}
