import type { BookCommand } from '../contract/commands.ts';
import type { Extension } from '../contract/extensions.ts';
import type { StoredExtension } from './ports.ts';

/** What the organization does after an extension has changed. */
export type Consequence =
  | {
      readonly kind: 'virtualization-disallowed';
      readonly presentGuest: 'return' | 'stay';
      readonly who: string;
    }
  | { readonly kind: 'suspended'; readonly who: string }
  | { readonly kind: 'secret-code-replaced'; readonly who: string }
  | { readonly kind: 'voicemail-pin-replaced' };

type Decision =
  | {
      readonly kind: 'changed';
      readonly after: StoredExtension;
      /** In this order. */
      readonly consequences: readonly Consequence[];
    }
  | { readonly kind: 'guest-present'; readonly guest: string };

/** A command that changes an extension which stays in the book. */
export type Change = Exclude<BookCommand, { readonly kind: 'create-extension' | 'delete-extension' }>;

/** What becomes of an extension by a change; `guest` is the name of the guest on its terminal. PURE. */
export function decide(change: Change, before: StoredExtension, guest: string | undefined): Decision {
  switch (change.kind) {
    case 'change-extension':
      return decideSettings(change, before, guest);
    case 'set-secret-code':
      return changed(
        { ...before, secretCodeHash: change.hash, hasSecretCode: true },
        ...(before.hasSecretCode ? [{ kind: 'secret-code-replaced', who: change.who } as const] : []),
      );
    case 'set-voicemail-pin':
      return changed(
        { ...before, voicemailPinHash: change.hash, hasVoicemailPin: true },
        { kind: 'voicemail-pin-replaced' },
      );
    case 'dial-do-not-disturb':
      return changed({ ...before, doNotDisturb: change.on });
    case 'dial-forward':
      return changed({ ...before, forwards: { ...before.forwards, always: change.always } });
    case 'set-sip-password':
      return changed({ ...before, digest: change.digest });
  }
}

function decideSettings(
  { change, who }: Extract<Change, { readonly kind: 'change-extension' }>,
  before: StoredExtension,
  guest: string | undefined,
): Decision {
  const { name, group, place, plan, callBack, allowVirtualization, suspended, voicemailMail, presentGuest } =
    change;
  const { stayLimits, kiosk, language, doNotDisturb, forwards } = change;
  const disallows = allowVirtualization === false && before.allowVirtualization;
  if (disallows && presentGuest === undefined && guest !== undefined) return { kind: 'guest-present', guest };
  const consequences: Consequence[] = [];
  // Also where the book has said so before: the guest's return may not have been stored the first time.
  if (disallows || (allowVirtualization === false && presentGuest !== undefined))
    consequences.push({ kind: 'virtualization-disallowed', presentGuest: presentGuest ?? 'stay', who });
  if (suspended) consequences.push({ kind: 'suspended', who });
  const after = {
    ...before,
    name: name ?? before.name,
    group: group === undefined ? before.group : group,
    place: place === undefined ? before.place : place,
    plan: plan === undefined ? before.plan : plan,
    callBack: callBack === undefined ? before.callBack : callBack,
    language: language === undefined ? before.language : language,
    doNotDisturb: doNotDisturb ?? before.doNotDisturb,
    forwards: forwards ?? before.forwards,
    allowVirtualization: allowVirtualization ?? before.allowVirtualization,
    suspended: suspended ?? before.suspended,
    voicemailMail: voicemailMail === undefined ? before.voicemailMail : voicemailMail,
    stayLimits: stayLimits === undefined ? before.stayLimits : stayLimits,
    kiosk: kiosk ?? before.kiosk,
  };
  return changed(after, ...consequences);
}

const changed = (after: StoredExtension, ...consequences: readonly Consequence[]): Decision => ({
  kind: 'changed',
  after,
  consequences,
});

/** Do calls go on to that number, or does help call back at it? */
export const leadsTo = (
  number: string,
  { callBack, forwards: { always, busy, unanswered, unreachable } }: Extension,
): boolean => [callBack, always, busy, unanswered?.to, unreachable].includes(number);

/** An extension of which no call goes on to that number any more: nobody has it, and the next who has it is somebody else. PURE. */
export function withoutWaysTo(number: string, extension: StoredExtension): StoredExtension {
  const { always, busy, unanswered, unreachable } = extension.forwards;
  const kept = (to: string | null) => (to === number ? null : to);
  const forwards = {
    always: kept(always),
    busy: kept(busy),
    unanswered: unanswered?.to === number ? null : unanswered,
    unreachable: kept(unreachable),
  };
  return { ...extension, forwards, callBack: kept(extension.callBack) };
}
