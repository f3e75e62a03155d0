import type { ExtensionId, OrganizationId } from '@perch/shared';
import type { ListedExtension } from '../contract/extensions.ts';

/** An extension with everything that the book of its organization keeps. */
export interface StoredExtension extends ListedExtension {
  readonly organization: OrganizationId;
  readonly secretCodeHash: string | null;
  readonly voicemailPinHash: string | null;
}

/** The book of one organization. Each change is durable when its promise resolves; where it rejects, nothing has changed. */
export interface BookStore {
  /** Those that are not deleted, in the order of their numbers. */
  load(): Promise<readonly StoredExtension[]>;
  /** Rejects where an extension of the organization has its number. */
  insert(extension: StoredExtension): Promise<void>;
  update(extension: StoredExtension): Promise<void>;
  /** Also deletes its terminal tokens and enrolments. */
  delete(id: ExtensionId): Promise<void>;
}

/** Is this the secret? `false` where there is no hash, after the same work. */
export type VerifySecret = (hash: string | null | undefined, secret: string) => Promise<boolean>;
