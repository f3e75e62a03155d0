import { hash, randomUUID } from 'node:crypto';
import {
  type ExtensionId,
  extensionId,
  extensionNumber,
  organizationId,
  terminalId,
  NO_FORWARDS,
} from '@perch/shared';
import { slowHash } from '../../src/management/slow-hash.ts';
import { hashOf, newToken } from '../../src/management/tokens.ts';
import { openStorage } from '../../src/storage/sqlite/open-storage.ts';
import type { Account, Agent, Station } from '../load.ts';
import { systemWorld } from '../../src/world/world.ts';

export const DOMAIN = 'bench.perch.test';
/** Desks that are taken over, and the agents who do it: two for each. */
const STATIONS = 16;
const FIRST_STATION = 30_000;
const FIRST_AGENT = 40_000;
const SECRET_CODE = '4711';

interface Desks {
  readonly stations: readonly Station[];
  readonly agents: readonly Agent[];
  /** The tokens of the accounts' pages, in the order of the accounts. */
  readonly pages: readonly string[];
}

/** Fills an empty data folder with an organization of these accounts, of which `pages` have a page, and with stations and agents. */
export async function prepareOrganization(
  folder: string,
  accounts: readonly Account[],
  pages: number,
): Promise<Desks> {
  const storage = await openStorage(folder, systemWorld, (file, error) => {
    throw new Error(`the bench's ${file} cannot be used`, { cause: error });
  });
  const { chance } = systemWorld;
  const organization = organizationId(randomUUID());
  await storage.organizations.create(
    { id: organization, name: 'Bench', domain: DOMAIN, emergencyNumbers: [] },
    {
      id: randomUUID(),
      organization,
      email: 'bench@perch.test',
      roles: ['administrator'],
      extension: null,
      groups: null,
      language: null,
      passwordHash: await slowHash(newToken(chance), chance),
    },
  );
  const secretCodeHash = await slowHash(SECRET_CODE, chance);
  const insert = async ({ user, username, password }: Account, kind: 'person' | 'station', code: boolean) => {
    const id = extensionId(randomUUID());
    const secret = `${username}:${DOMAIN}:${password}`;
    await storage.book(organization).insert({
      id,
      terminal: terminalId(randomUUID()),
      organization,
      number: extensionNumber(user),
      name: `Bench ${user}`,
      kind,
      group: null,
      place: null,
      callBack: null,
      language: null,
      doNotDisturb: false,
      forwards: NO_FORWARDS,
      plan: null,
      stayLimits: null,
      kiosk: true,
      allowVirtualization: kind === 'station',
      suspended: false,
      hasSecretCode: code,
      secretCodeHash: code ? secretCodeHash : null,
      hasVoicemailPin: false,
      voicemailPinHash: null,
      voicemailMail: null,
      digest: { ha1Md5: hash('md5', secret), ha1Sha256: hash('sha256', secret) },
    });
    return id;
  };
  const account = (number: number): Account => {
    const user = String(number);
    return { user, username: user, password: `pw-${user}` };
  };

  const enrol = async (extension: ExtensionId): Promise<string> => {
    const [enrolment, token] = [hashOf(newToken(chance)), newToken(chance)];
    const made = { extension, madeAt: Date.now(), madeBy: null };
    const expiresAt = made.madeAt + 3_600_000;
    await storage.terminals.insertEnrolment({ ...made, hash: enrolment, usesLeft: 1, expiresAt });
    const browser = { ...made, browser: null, address: null, heardAt: null };
    await storage.terminals.redeem(enrolment, { ...browser, hash: hashOf(token) });
    return token;
  };

  const tokens: string[] = [];
  for (const [index, each] of accounts.entries()) {
    const person = await insert(each, 'person', false);
    if (index < pages) tokens.push(await enrol(person));
  }
  const stations: Station[] = [];
  for (let index = 0; index < STATIONS; index++) {
    const station = account(FIRST_STATION + index);
    stations.push({ account: station, token: await enrol(await insert(station, 'station', false)) });
  }
  const agents: Agent[] = [];
  for (let index = 0; index < 2 * STATIONS; index++) {
    const agent = account(FIRST_AGENT + index);
    await insert(agent, 'person', true);
    agents.push({ number: agent.user, secretCode: SECRET_CODE });
  }
  await storage.close();
  return { stations, agents, pages: tokens };
}
