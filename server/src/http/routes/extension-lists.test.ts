import type { ExtensionFate } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  for (const [number, name, kind] of [
    ['101', 'Ada', 'person'],
    ['102', '=Ben', 'person'],
    ['201', 'Front desk', 'station'],
  ] as const)
    await server.call('POST /api/extensions', { body: { number, name, kind } });
});
afterEach(() => server.close());

const shortly = ({ line, number, fate, changes, guest, reason }: ExtensionFate): string =>
  [
    ...(line === null ? [] : [line]),
    ...[number, fate, guest, reason].filter((part) => part !== null),
    ...changes.map(({ field, before, after }) => `${field}: ${before} > ${after}`),
  ].join(' ');

async function changed(numbers: readonly string[], change: object, dryRun = false): Promise<string[]> {
  const { json } = await server.call('POST /api/extension-changes', { body: { numbers, change, dryRun } });
  return (json as ExtensionFate[]).map(shortly);
}

async function imported(csv: string, more: object = {}): Promise<string[]> {
  const { json } = await server.call('POST /api/extension-imports', {
    body: { csv, dryRun: false, ...more },
  });
  return (json as { fates: ExtensionFate[] }).fates.map(shortly);
}

const entries = async () => {
  const { json } = await server.call('GET /api/audit');
  return (json as { entries: { action: string; about: string; after: object }[] }).entries;
};

test('many extensions are changed; first it is seen what would become of each, and nothing happens', async () => {
  const numbers = ['101', '201', '999'];
  const change = { allowVirtualization: true, group: 'Sales' };
  const fates = [
    '101 changed group:  > Sales allowVirtualization: no > yes',
    '201 changed group:  > Sales allowVirtualization: no > yes',
    '999 refused There is no extension 999.',
  ];
  expect(await changed(numbers, change, true)).toEqual(fates);
  expect(server.extensionOf('101')).toMatchObject({ allowVirtualization: false, group: null });
  const before = (await entries()).length;
  expect(await changed(numbers, change)).toEqual(fates);
  expect(server.extensionOf('201')).toMatchObject({ allowVirtualization: true, group: 'Sales' });
  const noted = await entries();
  expect(noted.length - before).toBe(2);
  expect(noted[0]).toMatchObject({
    ...{ action: 'changeExtension', about: '201' },
    after: { allowVirtualization: true, group: 'Sales' },
  });
  expect(await changed(numbers.slice(0, 2), change)).toEqual(['101 same', '201 same']);
  expect(await entries()).toHaveLength(noted.length);
});

test('where guests are, it must be said what becomes of them', async () => {
  await changed(['101', '201'], { allowVirtualization: true });
  server.exchanges.only.guests.set(server.extensionOf('201').terminal, 'Chloe');
  const off = { allowVirtualization: false };
  expect(await changed(['101', '201'], off)).toEqual([
    '101 changed allowVirtualization: yes > no',
    '201 guest-present Chloe allowVirtualization: yes > no',
  ]);
  expect(server.extensionOf('201').allowVirtualization).toBe(true);
  expect(await changed(['201'], { ...off, presentGuest: 'stay' })).toEqual([
    '201 changed Chloe allowVirtualization: yes > no',
  ]);
  expect(server.exchanges.only.told.at(-1)).toBe('disallowed 201 stay boss@demo.test');
});

test('what is exported can be imported, and changes nothing', async () => {
  await changed(['101'], { group: 'Sales', place: 'Room 2, left', callBack: '102' });
  const { text, headers } = await server.call('GET /api/extensions.csv');
  expect(headers['content-type']).toContain('text/csv');
  expect(text.replace('\ufeff', '').trim().split('\n')).toEqual([
    'number,name,kind,group,place,call_back,allow_virtualization,suspended,voicemail_mail',
    '101,Ada,person,Sales,"Room 2, left",102,no,no,',
    "102,'=Ben,person,,,,no,no,",
    '201,Front desk,station,,,,no,no,',
  ]);
  expect(await imported(text)).toEqual(['2 101 same', '3 102 same', '4 201 same']);
});

test('a file creates and changes extensions; each row has its fate, first without anything happening', async () => {
  const csv = [
    'Number,Name,Kind,Group,Allow virtualization,Suspended,Voicemail-mail',
    '101,"Ada, L.",person,,yes,,ada@demo.test',
    '103,Chloe,person,Sales,no,yes,',
    '104,,person,,,,',
    '103,Again,person,,,,',
    '1,Short,person,,,,',
    '201,Front desk,person,,,,',
    '105,Dev,robot,,,,',
    '106,Eve,person,,maybe,,',
    '',
    '102,=Ben,,,,,',
  ].join('\r\n');
  const fates = [
    '2 101 changed name: Ada > Ada, L. allowVirtualization: no > yes voicemailMail:  > ada@demo.test',
    '3 103 created name:  > Chloe group:  > Sales suspended: no > yes',
    '4 104 refused There is no extension 104.',
    '5 103 refused This number is in line 3 already.',
    '6 1 refused number: An extension number has 2 to 8 digits.',
    '7 201 refused 201 is a station: that cannot be changed.',
    '8 105 refused kind: A kind is person or station.',
    '9 106 refused allow_virtualization: Write yes or no.',
    '11 102 same',
  ];
  expect(await imported(csv, { dryRun: true })).toEqual(fates);
  expect(await server.refusal('GET /api/extensions/103')).toBe('404 not-found');
  expect(await imported(csv, { skip: 1, size: 2 })).toEqual(fates.slice(1, 3));
  expect(server.extensionOf('101').name).toBe('Ada');
  expect(server.extensionOf('103')).toMatchObject({ name: 'Chloe', group: 'Sales', suspended: true });
  const [created, earlier] = await entries();
  expect(created).toMatchObject({
    ...{ action: 'createExtension', about: '103' },
    after: { name: 'Chloe', group: 'Sales', suspended: true },
  });
  expect(earlier).toMatchObject({ action: 'createExtension', about: '201' });
  expect((await imported(csv))[1]).toBe('3 103 same');
});

test.for([
  ['name,colour\nAda,red', 'There is no column “colour”'],
  ['name\nAda', 'There is no column “number”'],
  ['number,name\n101,"Ada', 'This is no table'],
  ['', 'There is no column “number”'],
] as const)('a file that is refused as a whole: %j', async ([csv, why]) => {
  const asked = { body: { csv, dryRun: true } };
  expect(await server.refusal('POST /api/extension-imports', asked)).toBe('400 invalid-request');
  expect((await server.call('POST /api/extension-imports', asked)).text).toContain(why);
});

test('a file of megabytes is read; no other body may be so long', async () => {
  const csv = `number,name\n${'101,Ada\n'.repeat(15_000)}`;
  const body = { csv, dryRun: true, size: 1 };
  expect((await server.call('POST /api/extension-imports', { body })).json).toMatchObject({ rows: 15_000 });
  const long = { numbers: ['101'], change: {}, dryRun: true, more: 'x'.repeat(100_000) };
  expect(await server.refusal('POST /api/extension-changes', { body: long })).toBe('400 invalid-request');
});
