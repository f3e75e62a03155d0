import {
  extensionId,
  extensionNumber,
  organizationId,
  type TerminalId,
  terminalId,
  NO_FORWARDS,
} from '@perch/shared';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { MemoryDirectory } from '../directory.ts';
import { FakeVirtualizationStore } from './fake-virtualization-store.ts';
import type { Happened } from '../happenings.ts';
import type { Extension, SecretCodes } from '../ports.ts';
import { VirtualizationDesk } from '../virtualization-desk.ts';

/** The home terminal of the extension with that number. */
export const terminal = (number: string): TerminalId => terminalId(`phone-${number}`);

function extension(number: string, change: Partial<Extension> = {}): Extension {
  return {
    id: extensionId(`id-${number}`),
    organization: organizationId('o'),
    terminal: terminal(number),
    number: extensionNumber(number),
    name: `Name of ${number}`,
    kind: number.startsWith('2') ? 'station' : 'person',
    group: null,
    place: null,
    callBack: null,
    language: null,
    doNotDisturb: false,
    forwards: NO_FORWARDS,
    plan: null,
    stayLimits: null,
    kiosk: true,
    allowVirtualization: true,
    hasSecretCode: true,
    hasVoicemailPin: false,
    voicemailMail: null,
    suspended: false,
    ...change,
  };
}

/** Codes that a test can read: that of 101 is 40101. */
class ReadableCodes implements SecretCodes {
  /** What was verified, in order. */
  readonly verified: (readonly [extension: string | undefined, code: string])[] = [];
  #hashing: Promise<void> = Promise.resolve();

  async verify(id: string | undefined, code: string): Promise<boolean> {
    this.verified.push([id, code]);
    await this.#hashing;
    return id !== undefined && code === `40${id.slice('id-'.length)}`;
  }

  /** Verifications wait until the returned function is called. */
  holdUp(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#hashing = promise;
    return () => {
      resolve(undefined);
    };
  }
}

/** The code of an extension in tests. */
export const codeOf = (number: string): string => `40${number}`;

/** For tests: the demo's people (101 to 104) and stations (201, 202; 203 allows no guests), on a virtual clock. */
export class TestHouse {
  readonly clock = new VirtualClock();
  readonly store = new FakeVirtualizationStore();
  readonly codes = new ReadableCodes();
  readonly directory = new MemoryDirectory(
    { id: organizationId('o'), name: 'Demo', domain: 'demo.perch.test', emergencyNumbers: ['112'] },
    [
      ...['101', '102', '103', '104', '201', '202'].map((number) => extension(number)),
      extension('203', { allowVirtualization: false }),
    ],
  );

  /** The desk as it comes up from what is stored. */
  desk(happened: Happened = () => undefined): Promise<VirtualizationDesk> {
    const { directory, codes, store, clock } = this;
    return VirtualizationDesk.open({ directory, secretCodes: codes, store, clock, happened });
  }

  change(number: string, change: Partial<Extension>): void {
    this.directory.set(extension(number, change));
  }
}
