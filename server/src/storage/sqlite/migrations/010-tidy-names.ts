import type { Kysely } from 'kysely';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly number?: string;
}

interface Tables {
  organizations: Named;
  extensions: Named;
  voicemail_messages: { readonly id: string; from_number: string; from_name: string };
}

/** Controls, lone surrogates, bidirectional formatting and the like. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Joiners and the emoji’s variation selector: some scripts, and emoji, need them. */
const NEEDED: ReadonlySet<string> = new Set(['\u200c', '\u200d', '\ufe0f']);

function tidied(name: string, otherwise: string): string {
  const tidy = name
    .normalize('NFC')
    .replaceAll(UNSEEN, (unseen) => (NEEDED.has(unseen) ? unseen : ' '))
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim();
  return tidy === '' ? otherwise : tidy;
}

/** Tidies names that were accepted before invisible characters were refused. */
export async function up(db: Kysely<Tables>): Promise<void> {
  for (const { id, name } of await db.selectFrom('organizations').select(['id', 'name']).execute())
    await rename(name, tidied(name, 'Organization'), (tidy) =>
      db.updateTable('organizations').set({ name: tidy }).where('id', '=', id).execute(),
    );
  for (const { id, name, number } of await db
    .selectFrom('extensions')
    .select(['id', 'name', 'number'])
    .execute())
    await rename(name, tidied(name, `Extension ${number ?? ''}`), (tidy) =>
      db.updateTable('extensions').set({ name: tidy }).where('id', '=', id).execute(),
    );
  for (const { id, from_name, from_number } of await db
    .selectFrom('voicemail_messages')
    .select(['id', 'from_name', 'from_number'])
    .execute())
    await rename(from_name, tidied(from_name, from_number), (tidy) =>
      db.updateTable('voicemail_messages').set({ from_name: tidy }).where('id', '=', id).execute(),
    );
}

async function rename(
  before: string,
  after: string,
  write: (name: string) => Promise<unknown>,
): Promise<void> {
  if (after !== before) await write(after);
}
