/** Identifiers that must never be mixed up: each is a string at run time and a type of its own to the compiler. */
declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** A tenant: one SIP domain, its extensions, its terminals. Nothing crosses it. */
export type OrganizationId = Brand<'OrganizationId'>;
/** The stable identity behind a number; survives a renumbering. */
export type ExtensionId = Brand<'ExtensionId'>;
/** What people dial: 2 to 8 digits, unique in an organization. */
export type ExtensionNumber = Brand<'ExtensionNumber'>;
/** The place of an extension's phones. Every extension owns exactly one: its home terminal. */
export type TerminalId = Brand<'TerminalId'>;
/** One call, from its first INVITE to its end, whatever legs it has had; also of its record. */
export type CallId = Brand<'CallId'>;
/** One recording: a message, or a greeting. Also the name of its file, without the extension. */
export type RecordingId = Brand<'RecordingId'>;

export const organizationId = (value: string): OrganizationId => value as OrganizationId;
export const extensionId = (value: string): ExtensionId => value as ExtensionId;
export const extensionNumber = (value: string): ExtensionNumber => value as ExtensionNumber;
export const terminalId = (value: string): TerminalId => value as TerminalId;
export const callId = (value: string): CallId => value as CallId;
export const recordingId = (value: string): RecordingId => value as RecordingId;

/** The header field in which a phone is told the id of its call: in each INVITE and UPDATE, and in each 18x and 2xx to one of the phone's. */
export const CALL_ID_HEADER = 'Perch-Call-ID';
