import type { OrganizationId } from '@perch/shared';
import { MemoryAccounts } from '../../src/accounts.ts';
import { LocalOrganizations, withinProcess } from '../../src/cluster/local.ts';
import type { OrganizationControl } from '../../src/cluster/organization-control.ts';
import { createEdge, type Edge } from '../../src/edge/edge.ts';
import type { OrganizationCounts } from '../../src/exchange/contract/commands.ts';
import { FakePushMessages } from '../../src/exchange/call/pushed/support/fake-push-messages.ts';
import { FakeMediaEngine } from '../../src/media/support/fake-media.ts';
import type { Chance } from '../../src/world/chance.ts';
import type { Dice } from '../world/dice.ts';
import type { Life } from '../world/life.ts';
import { type Founded, hashOfToken, tokenOf } from './organizations.ts';
import type { Storage } from './storage.ts';

const NO_ANSWER_MS = 25_000;
/** A sentence is about so long (milliseconds). */
const SENTENCE_MS = 1_500;
/** How long a slow hash takes (milliseconds). */
const HASH_MS = [60, 400] as const;

interface ServerWorld {
  readonly life: Life;
  readonly chance: Chance;
  readonly dice: Dice;
  readonly founded: readonly Founded[];
  readonly storageOf: (organization: OrganizationId) => Storage;
  readonly failed: (error: unknown) => void;
}

/** One server process: edge, actors and exchanges as in the product, on simulated time, network and disk. */
export class Server {
  readonly edge: Edge;
  readonly media: FakeMediaEngine;
  readonly #organizations: LocalOrganizations;
  readonly #accounts: MemoryAccounts;

  static async start(world: ServerWorld): Promise<Server> {
    const server = new Server(world);
    for (const { organization, extensions } of world.founded) {
      await server.#organizations.start(organization);
      const control = server.control(organization.id);
      control.followExtensions((notice) => {
        const listed = notice.kind === 'all' ? notice.extensions : notice.kind === 'entered' ? [notice] : [];
        for (const { extension, digest } of listed)
          server.#accounts.set(extension, digest, organization.domain);
        if (notice.kind === 'deleted') server.#accounts.delete(notice.extension);
      });
      for (const { id, number } of extensions)
        server.#accounts.addToken(hashOfToken(tokenOf(organization.id, number)), id);
    }
    return server;
  }

  private constructor({ life, chance, dice, storageOf, failed }: ServerWorld) {
    const { clock } = life;
    this.media = new FakeMediaEngine(clock, () => SENTENCE_MS);
    this.#accounts = new MemoryAccounts((terminal, reason) => this.edge.reviewFlowsOf(terminal, reason));
    this.#organizations = new LocalOrganizations((organization) => {
      const storage = storageOf(organization.id);
      return {
        organization,
        book: storage.book(life),
        verifySecret: async (hash, secret) => {
          await new Promise<void>((resolve) => void clock.after(dice.between(...HASH_MS), resolve));
          return hash === secret;
        },
        virtualizations: storage.virtualizationStore(life),
        stayTerms: storage.stayTerms(life),
        own: storage.ownThings,
        helpCalls: storage.helpCalls(life),
        calls: storage.callStore(life),
        voicemail: {
          store: storage.mailboxStore(life),
          recordings: storage.recordingsOf(life),
          limits: { messages: 20, totalMs: 3_600_000, retentionMs: null },
          canMail: false,
          journal: {
            deposited: () => undefined,
            visited: () => undefined,
            removed: () => undefined,
            failed,
          },
        },
        pushMessages: new FakePushMessages(),
        noAnswerMs: NO_ANSWER_MS,
        media: this.media,
        clock,
        chance,
        journal: { failed },
      };
    }, withinProcess);
    this.edge = createEdge({
      bounds: { most: 1_000, mostOfNetwork: 1_000 },
      accounts: this.#accounts,
      organizations: (organization) => this.#organizations.portOf(organization),
      journal: {
        // A phone may answer before it has registered again over its new connection.
        dropped: (_flow, why) => {
          if (why !== 'unsolicited') failed(new Error(`a frame was dropped: ${why}`));
        },
        // Who is suspended.
        refused: (_flow, username, why) => {
          if (why !== 'unknown-token' && why !== 'barred')
            failed(new Error(`${username} was refused: ${why}`));
        },
        attached: () => undefined,
        closed: () => undefined,
        failed: (_flow, error) => failed(error),
      },
      clock,
      random: chance,
      urgent: () => undefined,
    });
  }

  control(organization: OrganizationId): OrganizationControl {
    return this.#organizations.of(organization);
  }

  /** The sum over all organizations, and the flows at the edge. */
  async counts(): Promise<OrganizationCounts & { readonly flows: number }> {
    const sum = (what: keyof OrganizationCounts): Promise<number> => this.#organizations.count(what);
    const { strangers, attached } = this.edge.counts;
    return {
      registrations: await sum('registrations'),
      asleep: await sum('asleep'),
      calls: await sum('calls'),
      flows: strangers + attached,
    };
  }
}
