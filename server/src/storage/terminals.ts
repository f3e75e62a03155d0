import { extensionId } from '@perch/shared';
import type { ExtensionId } from '@perch/shared';
import type { TerminalRepository } from '../management/ports.ts';
import type { Database } from './database.ts';
import type { OrganizationSchema } from './schema.ts';

export class Terminals implements TerminalRepository {
  readonly #db: Database<OrganizationSchema>;

  constructor(db: Database<OrganizationSchema>) {
    this.#db = db;
  }

  tokens(): readonly { readonly hash: Buffer; readonly extension: ExtensionId }[] {
    return this.#db
      .all(this.#db.sql.selectFrom('terminal_tokens').select(['hash', 'extension_id']))
      .map((row) => ({ hash: row.hash, extension: extensionId(row.extension_id) }));
  }

  deleteToken(hash: Buffer): void {
    this.#db.run(this.#db.sql.deleteFrom('terminal_tokens').where('hash', '=', hash));
  }

  insertEnrolment(enrolment: {
    readonly hash: Buffer;
    readonly extension: ExtensionId;
    readonly uses: number;
    readonly expiresAt: number;
  }): void {
    this.#db.run(
      this.#db.sql.insertInto('enrolments').values({
        hash: enrolment.hash,
        extension_id: enrolment.extension,
        uses_left: enrolment.uses,
        expires_at: enrolment.expiresAt,
        created_at: Date.now(),
      }),
    );
  }

  redeem(enrolmentHash: Buffer, tokenHash: Buffer, now: number): ExtensionId | undefined {
    const { sql } = this.#db;
    return this.#db.transaction(() => {
      this.#db.run(
        sql
          .deleteFrom('enrolments')
          .where((e) => e.or([e('expires_at', '<=', now), e('uses_left', '<=', 0)])),
      );
      const used = this.#db.first(
        sql
          .updateTable('enrolments')
          .set((e) => ({ uses_left: e('uses_left', '-', 1) }))
          .where('hash', '=', enrolmentHash)
          .returning('extension_id'),
      );
      if (!used) return undefined;
      this.#db.run(
        sql
          .insertInto('terminal_tokens')
          .values({ hash: tokenHash, extension_id: used.extension_id, created_at: now }),
      );
      return extensionId(used.extension_id);
    });
  }
}
