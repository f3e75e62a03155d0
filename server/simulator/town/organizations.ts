import { createHash } from 'node:crypto';
import { extensionId, extensionNumber, NO_FORWARDS, organizationId, terminalId } from '@perch/shared';
import type { StoredExtension } from '../../src/exchange/book/ports.ts';
import type { Organization } from '../../src/exchange/ports.ts';

/** An organization of the simulation, as it is at first. */
export interface Founded {
  readonly organization: Organization;
  readonly extensions: readonly StoredExtension[];
}

/** Both organizations have the same numbers, names and codes: whatever tells them apart is an id or a domain. */
const NAMES = ['ruby', 'jade'] as const;
const PEOPLE = ['101', '102', '103', '104'] as const;
const STATIONS = ['201', '202'] as const;
export const NUMBERS = [...PEOPLE, ...STATIONS] as const;

/** What people enter for that number: in the simulation a hash is the secret itself. */
export const codeOf = (number: string): string => `7${number}`;

/** By that the phones of a terminal are let in. */
export const tokenOf = (organization: string, number: string): string => `token-of-${organization}-${number}`;

export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export const founded = (): readonly Founded[] =>
  NAMES.map((name) => {
    const organization: Organization = {
      id: organizationId(`organization-${name}`),
      name: 'Town',
      domain: `${name}.example`,
      emergencyNumbers: ['112'],
    };
    const extension = (number: string, kind: 'person' | 'station'): StoredExtension => ({
      id: extensionId(`${name}-${number}`),
      organization: organization.id,
      terminal: terminalId(`phone-of-${name}-${number}`),
      number: extensionNumber(number),
      name: `${kind} ${number}`,
      kind,
      group: null,
      place: null,
      plan: null,
      callBack: null,
      language: null,
      doNotDisturb: false,
      forwards: NO_FORWARDS,
      allowVirtualization: true,
      hasSecretCode: kind === 'person',
      hasVoicemailPin: false,
      voicemailMail: null,
      suspended: false,
      stayLimits: null,
      kiosk: true,
      digest: null,
      secretCodeHash: kind === 'person' ? codeOf(number) : null,
      voicemailPinHash: null,
    });
    return {
      organization,
      extensions: [
        ...PEOPLE.map((number) => extension(number, 'person')),
        ...STATIONS.map((number) => extension(number, 'station')),
      ],
    };
  });
