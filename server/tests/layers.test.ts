import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** One violation of each rule, as `[rule, file, what it imports]`. */
const planted = [
  ['no-circles', 'shared/src/a.ts', './b.ts'],
  ['no-circles', 'shared/src/c.ts', './d.ts'],
  ['shared-stands-alone', 'shared/src/b.ts', '../../server/src/main.ts'],
  ['client-and-server-apart', 'client/src/state/line/line.ts', '../../../../server/src/main.ts'],
  ['server-never-client', 'server/src/http/pages.ts', '../../../client/src/state/line/line.ts'],
  ['jssip-in-one-room', 'client/src/pages/phone.ts', 'jssip'],
  ['web-push-in-one-room', 'server/src/http/routes/push.ts', 'web-push'],
  ['openid-in-one-room', 'server/src/management/people.ts', 'openid-client'],
  ['ui-is-told-everything', 'client/src/ui/button.ts', '../state/line/line.ts'],
  ['phone-is-pure', 'client/src/phone/call/hold.ts', '../../state/line/line.ts'],
  ['dialogs-have-a-layer', 'client/src/pages/terminal/settings/settings.ts', '../../../ui/dialog.ts'],
  ['sip-knows-sip', 'server/src/sip/dialog/dialog.ts', '../../storage/storage.ts'],
  ['message-is-the-ground', 'server/src/sip/message/parse.ts', '../dialog/dialog.ts'],
  ['transport-below-transaction', 'server/src/sip/transport/flow.ts', '../transaction/layer.ts'],
  ['transaction-below-dialog', 'server/src/sip/transaction/layer.ts', '../dialog/dialog.ts'],
  ['dialog-below-user-agent', 'server/src/sip/dialog/session.ts', '../user-agent/leg.ts'],
  ['heart-is-pure', 'server/src/exchange/virtualization/state.ts', '../../media/endpoint.ts'],
  ['machines-are-pure', 'server/src/exchange/services/center/dialogue.ts', 'node:fs'],
  ['contract-is-values', 'server/src/exchange/contract/flows.ts', '../exchange.ts'],
  ['edge-never-exchange', 'server/src/edge/edge.ts', '../exchange/exchange.ts'],
  ['management-asks-ports', 'server/src/management/extensions.ts', '../storage/storage.ts'],
  ['http-never-storage', 'server/src/http/api.ts', '../storage/storage.ts'],
  ['exchange-asks-ports', 'server/src/exchange/exchange.ts', '../http/pages.ts'],
  ['collections-know-nothing', 'server/src/collections/map.ts', '../exchange/exchange.ts'],
  ['world-knows-nothing', 'server/src/world/clock.ts', '../exchange/exchange.ts'],
  ['media-knows-no-sip', 'server/src/media/endpoint.ts', '../sip/transport/flow.ts'],
  ['media-downwards', 'server/src/media/codec/codec.ts', '../playback/player.ts'],
  ['support-is-for-tests', 'server/src/media/webrtc/engine.ts', '../support/fake-media.ts'],
  ['support-is-for-tests', 'server/src/exchange/voicemail/mailbox.ts', './support/fake-mailbox-store.ts'],
  ['simulator-outside', 'server/src/exchange/call/calls.ts', '../../../simulator/simulation.ts'],
  ['storage-below-everything', 'server/src/storage/storage.ts', '../media/endpoint.ts'],
  ['sql-in-one-room', 'server/src/http/sql.ts', 'better-sqlite3'],
  ['composition-root', 'server/src/edge/edge-options.ts', '../server.ts'],
] as const;

let folder = '';
let violations: readonly { rule: { name: string }; from: string }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-layers-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const file of [
    ...['server/src/main.ts', 'server/src/server.ts', 'server/src/sip/user-agent/leg.ts'],
    ...[
      'client/src/ui/dialog.ts',
      'server/src/media/playback/player.ts',
      'server/src/media/support/fake-media.ts',
      'server/src/exchange/voicemail/support/fake-mailbox-store.ts',
      'server/simulator/simulation.ts',
    ],
  ]) {
    write(file, 'export const here = true;\n');
  }
  for (const [, file, target] of planted) write(file, `import '${target}';\nexport const here = true;\n`);
  write(
    'shared/src/b.ts',
    "import './a.ts';\nimport '../../server/src/main.ts';\nexport const here = true;\n",
  );
  // A circle of types.
  write('shared/src/c.ts', "import type { D } from './d.ts';\nexport type C = D | undefined;\n");
  write('shared/src/d.ts', "import type { C } from './c.ts';\nexport type D = C | null;\n");
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const arguments_ = ['--config', join(repository, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  const report = execFileSync(
    process.execPath,
    [
      join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...arguments_,
      'shared',
      'server',
      'client',
    ],
    { cwd: folder, maxBuffer: 1 << 26 },
  );
  violations = (JSON.parse(report.toString()) as { summary: { violations: typeof violations } }).summary
    .violations;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.for(planted)('a planted violation of %s is found', ([rule, file]) => {
  expect(violations.filter(({ rule: { name } }) => name === rule).map(({ from }) => from)).toContain(file);
});

test('every rule has its planted violation', () => {
  const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
    forbidden: readonly { name: string }[];
  };
  const names = new Set(rules.forbidden.map(({ name }) => name));
  expect([...new Set(planted.map(([rule]) => rule))].sort()).toEqual([...names].sort());
});
