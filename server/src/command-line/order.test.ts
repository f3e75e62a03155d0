import { expect, test } from 'vitest';
import { type Order, orderOf } from './order.ts';

const demo = { kind: 'demo', json: false, lan: undefined } as const;
const mistake = (sentence: string): Order => ({ kind: 'mistake', sentence });

const ORDERS: readonly (readonly [string, Order])[] = [
  ['', { kind: 'serve' }],
  ['demo', demo],
  ['demo --json', { ...demo, json: true }],
  ['demo --lan', { ...demo, lan: { address: undefined } }],
  ['--lan demo', { ...demo, lan: { address: undefined } }],
  ['demo --lan=192.168.1.20 --json', { kind: 'demo', json: true, lan: { address: '192.168.1.20' } }],
  ['--help', { kind: 'help', about: 'perch' }],
  ['-h', { kind: 'help', about: 'perch' }],
  ['demo --help', { kind: 'help', about: 'demo' }],
  ['backup copy', { kind: 'backup', folder: 'copy' }],
  ['backup --follow copy', { kind: 'follow', folder: 'copy' }],
  ['backup --follow', mistake('perch backup wants a folder: perch backup FOLDER.')],
  ['restore --follow copy', mistake('perch restore has no option --follow.')],
  ['restore copy', { kind: 'restore', folder: 'copy' }],
  ['backup', mistake('perch backup wants a folder: perch backup FOLDER.')],
  ['restore', mistake('perch restore wants a folder: perch restore FOLDER.')],
  ['backup a b', mistake('perch backup does not know what to do with b.')],
  ['backup --json copy', mistake('perch backup has no option --json.')],
  ['backup --help', { kind: 'help', about: 'backup' }],
  ['restore copy --help', { kind: 'help', about: 'restore' }],
  ['--version', { kind: 'version' }],
  ['-v', { kind: 'version' }],
  ['dmeo', mistake('There is no command dmeo.')],
  ['demo 192.168.1.20', mistake('perch demo does not know what to do with 192.168.1.20.')],
  ['demo --lan 192.168.1.20', mistake('Write the address as --lan=192.168.1.20.')],
  ['demo --port 9090', mistake('perch demo has no option --port.')],
  ['--lan', mistake('perch has no option --lan.')],
  ['--json', mistake('perch has no option --json.')],
  ['demo --lna', mistake('perch demo has no option --lna.')],
  ['demo -x', mistake('perch demo has no option -x.')],
  ['demo --json=yes', mistake('--json takes no value.')],
  ['demo --lan=', mistake('--lan= wants an address; without = it finds one itself.')],
];

test.for(ORDERS)('perch %s', ([line, order]) => {
  expect(orderOf(line.split(' ').filter((word) => word !== ''))).toEqual(order);
});
