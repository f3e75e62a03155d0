import { type OrganizationId, organizationId, type WebhookDelivery, type WebhookOff } from '@perch/shared';
import type { Told } from '../../../webhooks/events.ts';
import type { Attempt, StoredWebhook, WebhookMessage, WebhookStore } from '../../../webhooks/ports.ts';
import type { RecordArchive } from '../calls/record-archive.ts';
import { json } from '../columns.ts';
import type { Database } from '../database.ts';
import type { OrganizationSchema } from '../schema.ts';
import { toldAfter } from './webhook-events.ts';

type Row = OrganizationSchema['webhooks'];
type MessageRow = OrganizationSchema['webhook_messages'];

export class Webhooks implements WebhookStore {
  readonly #db: Database<OrganizationSchema>;
  readonly #archive: RecordArchive;

  constructor(db: Database<OrganizationSchema>, archive: RecordArchive) {
    this.#db = db;
    this.#archive = archive;
  }

  async all(): Promise<readonly StoredWebhook[]> {
    return this.#db.all(this.#db.sql.selectFrom('webhooks').selectAll().orderBy('created_at')).map(webhookOf);
  }

  async of(organization: OrganizationId): Promise<readonly StoredWebhook[]> {
    return (await this.all()).filter((webhook) => webhook.organization === organization);
  }

  async find(id: string): Promise<StoredWebhook | undefined> {
    const row = this.#db.first(this.#db.sql.selectFrom('webhooks').selectAll().where('id', '=', id));
    return row && webhookOf(row);
  }

  async insert(webhook: StoredWebhook): Promise<void> {
    await this.#begin(webhook.organization);
    this.#db.run(this.#db.sql.insertInto('webhooks').values(rowOf(webhook)));
  }

  async update(webhook: StoredWebhook): Promise<void> {
    if (webhook.off === null) await this.#begin(webhook.organization);
    const { id, ...columns } = rowOf(webhook);
    this.#db.run(this.#db.sql.updateTable('webhooks').set(columns).where('id', '=', id));
  }

  async setFailing(id: string, since: number | null): Promise<void> {
    this.#db.run(this.#db.sql.updateTable('webhooks').set({ failing_since: since }).where('id', '=', id));
  }

  async turnOff(id: string, since: number, why: WebhookOff): Promise<void> {
    this.#db.transaction(() => {
      this.#db.run(
        this.#db.sql.updateTable('webhooks').set({ off_since: since, off_why: why }).where('id', '=', id),
      );
      this.#db.run(
        this.#db.sql
          .updateTable('webhook_messages')
          .set({ state: 'failed', next_at: null })
          .where('webhook_id', '=', id)
          .where('state', '=', 'waiting'),
      );
    });
  }

  async delete(id: string): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('webhooks').where('id', '=', id));
  }

  async collect(
    organization: OrganizationId,
    message: (webhook: StoredWebhook, told: Told) => WebhookMessage,
  ): Promise<boolean> {
    const { sql } = this.#db;
    const cursor = this.#db.first(
      sql.selectFrom('webhook_cursors').selectAll().where('organization_id', '=', organization),
    );
    const found = await toldAfter(this.#db, this.#archive, organization, cursor);
    // Asked again, since the archive's answer has taken a while.
    const on = (await this.of(organization)).filter(({ off }) => off === null);
    this.#db.transaction(() => {
      for (const webhook of on)
        for (const told of found.told)
          if (told.at >= webhook.madeAt && webhook.events.some((event) => event === told.type))
            this.#insert(webhook.id, told.type, message(webhook, told));
      const row = { organization_id: organization, ...found.cursor };
      this.#db.run(sql.replaceInto('webhook_cursors').values(row));
    });
    return found.isMore;
  }

  async stopCollecting(organization: OrganizationId): Promise<void> {
    this.#db.run(this.#db.sql.deleteFrom('webhook_cursors').where('organization_id', '=', organization));
  }

  async add(webhook: string, event: string, message: WebhookMessage): Promise<void> {
    this.#insert(webhook, event, message);
  }

  async due(webhook: string, now: number, most: number): Promise<readonly WebhookMessage[]> {
    return this.#db
      .all(
        this.#of(webhook)
          .where('state', '=', 'waiting')
          .where('next_at', '<=', now)
          .orderBy('next_at')
          .limit(most),
      )
      .map(messageOf);
  }

  async message(webhook: string, id: string): Promise<WebhookMessage | undefined> {
    const row = this.#db.first(this.#of(webhook).where('id', '=', id));
    return row && messageOf(row);
  }

  async tried(id: string, { at, state, nextAt, status, answer }: Attempt): Promise<void> {
    this.#db.run(
      this.#db.sql
        .updateTable('webhook_messages')
        .set((e) => ({
          attempts: e('attempts', '+', 1),
          tried_at: at,
          state,
          next_at: nextAt,
          status,
          answer,
        }))
        .where('id', '=', id),
    );
  }

  async again(id: string, at: number): Promise<void> {
    this.#db.run(
      this.#db.sql
        .updateTable('webhook_messages')
        .set({ state: 'waiting', next_at: at, created_at: at })
        .where('id', '=', id),
    );
  }

  async deliveries(webhook: string, most: number): Promise<readonly WebhookDelivery[]> {
    return this.#db.all(this.#of(webhook).orderBy('created_at', 'desc').limit(most)).map(deliveryOf);
  }

  async waiting(webhook: string): Promise<number> {
    const count = this.#db.sql
      .selectFrom('webhook_messages')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('webhook_id', '=', webhook)
      .where('state', '=', 'waiting');
    return this.#db.first(count)?.count ?? 0;
  }

  async forgetOlderThan(webhook: string, instant: number): Promise<void> {
    this.#db.run(
      this.#db.sql
        .deleteFrom('webhook_messages')
        .where('webhook_id', '=', webhook)
        .where('created_at', '<', instant)
        .where('state', '<>', 'waiting'),
    );
  }

  /** What happens from now on is to be told: nothing that comes while the first messages are made is left out. */
  async #begin(organization: OrganizationId): Promise<void> {
    const { cursor } = await toldAfter(this.#db, this.#archive, organization, undefined);
    const row = { organization_id: organization, ...cursor };
    this.#db.run(
      this.#db.sql
        .insertInto('webhook_cursors')
        .values(row)
        .onConflict((on) => on.doNothing()),
    );
  }

  #of(webhook: string) {
    return this.#db.sql.selectFrom('webhook_messages').selectAll().where('webhook_id', '=', webhook);
  }

  #insert(webhook: string, event: string, { id, body, at, attempts }: WebhookMessage): void {
    const row = { id, webhook_id: webhook, event, body, created_at: at, attempts, next_at: at };
    const none = { state: 'waiting' as const, tried_at: null, status: null, answer: null };
    this.#db.run(this.#db.sql.insertInto('webhook_messages').values({ ...row, ...none }));
  }
}

const webhookOf = (row: Row): StoredWebhook => ({
  id: row.id,
  organization: organizationId(row.organization_id),
  name: row.name,
  url: row.url,
  events: json.read(row.events),
  secret: row.secret,
  oldSecret:
    row.old_secret === null || row.old_secret_until === null
      ? null
      : { secret: row.old_secret, until: row.old_secret_until },
  madeAt: row.created_at,
  madeBy: row.made_by,
  off: row.off_since === null || row.off_why === null ? null : { since: row.off_since, why: row.off_why },
  failingSince: row.failing_since,
});

const rowOf = (webhook: StoredWebhook): Row => ({
  id: webhook.id,
  organization_id: webhook.organization,
  name: webhook.name,
  url: webhook.url,
  events: json.write(webhook.events),
  secret: webhook.secret,
  old_secret: webhook.oldSecret?.secret ?? null,
  old_secret_until: webhook.oldSecret?.until ?? null,
  created_at: webhook.madeAt,
  made_by: webhook.madeBy,
  off_since: webhook.off?.since ?? null,
  off_why: webhook.off?.why ?? null,
  failing_since: webhook.failingSince,
});

const messageOf = ({ id, body, created_at: at, attempts }: MessageRow): WebhookMessage => ({
  id,
  body,
  at,
  attempts,
});

const deliveryOf = (row: MessageRow): WebhookDelivery => ({
  id: row.id,
  event: row.event,
  at: row.created_at,
  state: row.state,
  attempts: row.attempts,
  triedAt: row.tried_at,
  nextAt: row.next_at,
  status: row.status,
  answer: row.answer,
});
