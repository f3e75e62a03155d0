import * as z from 'zod/mini';
import type { Endpoint } from './api-endpoint.ts';
import { number } from './api-values.ts';
import { extensionChange } from './extension-values.ts';

/** Extensions or rows of a file that one request carries out, at most: a page asks for them in turn, and shows how far it is. */
export const MOST_AT_ONCE = 200;
/** Rows of a file, at most. */
export const MOST_ROWS = 20_000;
const FILE_OCTETS = 4 * 1024 * 1024;

/**
 * What becomes of one extension, or of one row of a file. `same`: it is so already. `guest-present`: it must be said what becomes of the guest
 * first. `refused`: for a reason.
 */
export const extensionFate = z
  .object({
    /** Where it stands in the file, the line with the names of the columns being 1; `null` where there is no file. */
    line: z.nullable(z.int()),
    number: z.string(),
    name: z.string(),
    fate: z.enum(['created', 'changed', 'same', 'guest-present', 'refused']),
    /** What is different: each of the fields as it is and as it is to be. */
    changes: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    /** Who is on its phone, where that matters. */
    guest: z.nullable(z.string()),
    reason: z.nullable(z.string()),
  })
  .register(z.globalRegistry, { id: 'ExtensionFate' });
export type ExtensionFate = z.infer<typeof extensionFate>;

const dryRun = z.boolean();

export const extensionListsApi = {
  changeExtensions: {
    method: 'POST',
    path: '/api/extension-changes',
    access: 'change-extensions',
    summary: 'Changes many extensions in the same way; with `dryRun`, says what would become of each.',
    // Each extension that is changed has an entry of its own.
    audited: false,
    body: z.object({
      numbers: z.array(number).check(z.minLength(1), z.maxLength(MOST_AT_ONCE)),
      change: z.omit(extensionChange, { name: true, plan: true, voicemailMail: true }),
      dryRun,
    }),
    response: z.array(extensionFate),
  },
  importExtensions: {
    method: 'POST',
    path: '/api/extension-imports',
    access: 'create-extensions',
    summary:
      'Creates and changes extensions by the rows of a table (RFC 4180); with `dryRun`, says what would become of each.',
    audited: false,
    most: FILE_OCTETS,
    body: z.object({
      csv: z.string(),
      /** Rows that are passed over, and rows that are looked at after those. */
      skip: z._default(z.int().check(z.nonnegative()), 0),
      size: z._default(z.int().check(z.gte(1), z.lte(MOST_AT_ONCE)), MOST_AT_ONCE),
      presentGuest: extensionChange.shape.presentGuest,
      dryRun,
    }),
    response: z.object({
      /** All that the file has. */
      rows: z.int(),
      fates: z.array(extensionFate),
    }),
  },
  extensionsFile: {
    method: 'GET',
    path: '/api/extensions.csv',
    access: 'view-extensions',
    summary: 'The extensions that one may see, as a table that can be imported.',
    csv: true,
    audited: true,
  },
} as const satisfies Record<string, Endpoint>;
