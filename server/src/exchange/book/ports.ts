import type { ExtensionId, PhoneDeed } from '@perch/shared';
import type { DigestSecrets, Extension } from '../contract/extensions.ts';

/** What the book alone knows of an extension; each is `null` where there is none. */
export interface Secrets {
  readonly digest: DigestSecrets | null;
  readonly secretCodeHash: string | null;
  readonly voicemailPinHash: string | null;
}

/** An extension with everything that the book of its organization keeps. */
export interface StoredExtension extends Extension, Secrets {}

/** The book of one organization. Each change is durable when its promise resolves; where it rejects, nothing has changed. */
export interface BookStore {
  /** Those that are not deleted, in the order of their numbers. */
  load(): Promise<readonly StoredExtension[]>;
  /** Rejects where an extension of the organization has its number. */
  insert(extension: StoredExtension): Promise<void>;
  /** `dialled`: it was asked for by dialling, which is noted in the audit together with the change. */
  update(extension: StoredExtension, dialled?: PhoneDeed): Promise<void>;
  /** Also deletes its terminal tokens and enrolments. `changed`: other extensions, as they are from then on. */
  delete(id: ExtensionId, changed: readonly StoredExtension[]): Promise<void>;
}

/** Is this the secret? `false` where there is no hash, after the same work. */
export type VerifySecret = (hash: string | null | undefined, secret: string) => Promise<boolean>;
