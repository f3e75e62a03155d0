import type {
  CallForwards,
  ExtensionId,
  ExtensionNumber,
  Language,
  OrganizationId,
  PlanPlace,
  StayLimits,
  TerminalId,
} from '@perch/shared';

export interface Extension {
  readonly id: ExtensionId;
  readonly organization: OrganizationId;
  /** Its home terminal; never another one. */
  readonly terminal: TerminalId;
  readonly number: ExtensionNumber;
  readonly name: string;
  readonly kind: 'person' | 'station';
  /** What supervisors can be limited to; `null` for none. */
  readonly group: string | null;
  /** Where its phone stands, in words; `null` where nobody has said. */
  readonly place: string | null;
  /** The same on the plan of the floor. */
  readonly plan: PlanPlace | null;
  /** The number that help calls back after an emergency call from its phone; `null` for its own. */
  readonly callBack: string | null;
  /** In which its pages are, and the server speaks to it; `null` for that of the organization. */
  readonly language: Language | null;
  /** No phone rings for it, wherever it is, except for calls that concern an emergency. */
  readonly doNotDisturb: boolean;
  /** Where calls to it go on, wherever it is. */
  readonly forwards: CallForwards;
  /** May others be moved onto this extension's terminal? Off by default. */
  readonly allowVirtualization: boolean;
  readonly hasSecretCode: boolean;
  readonly hasVoicemailPin: boolean;
  /** Where messages for it are mailed to; `null` for nowhere. */
  readonly voicemailMail: string | null;
  readonly suspended: boolean;
  /** Limits of stays at its phone; `null` where only those of the organization count. */
  readonly stayLimits: StayLimits | null;
  /** Is it in kiosk mode, if it is a station, while the stations of the organization have a PIN? */
  readonly kiosk: boolean;
}

/** `H(username:realm:password)` in hexadecimal, by each algorithm that digest authentication offers (RFC 7616). */
export interface DigestSecrets {
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

/** An extension, and apart from it what only authentication may know. */
export interface ListedExtension {
  readonly extension: Extension;
  /** `null` where it has no SIP password. */
  readonly digest: DigestSecrets | null;
}

/** What followers of an organization's extensions are told: once all of them, then each change once it is durable and in force. */
export type ExtensionNotice =
  | { readonly kind: 'all'; readonly extensions: readonly ListedExtension[] }
  /** It is new, or was changed. */
  | ({ readonly kind: 'entered' } & ListedExtension)
  | { readonly kind: 'deleted'; readonly extension: ExtensionId };
